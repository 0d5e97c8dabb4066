#include "array/measure.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>

namespace margrave {
namespace {

tl::unexpected<Error> too_large() { return fail({.kind = ErrorKind::overflow, .message = "a measure left 128 bits"}); }

Result<void> check(const Outcomes& outcomes, std::size_t k) {
  CHECK(outcomes.narrow.empty() || outcomes.wide.empty());
  if (outcomes.size() == 0) return fail({.message = "a measure needs at least one scenario"});
  if (k < 1 || k > outcomes.size()) {
    return fail({.message = fmt::format("a tail of {} of {} scenarios", k, outcomes.size())});
  }
  return {};
}

/// now - value, in 128 bits.
bool loss_of(const Outcomes& outcomes, std::size_t i, i128& loss) {
  return !__builtin_sub_overflow(outcomes.now, outcomes.value(i), &loss);
}

/// A value that most likely has at least k values at or below it, and not many more: an order statistic of a sample.
template <class Value>
Value likely_limit(std::span<const Value> values, std::size_t k) {
  constexpr std::size_t most = 128;
  std::array<Value, most> sample{};
  const std::size_t size = std::min(most, values.size());
  for (std::size_t i = 0; i < size; ++i) sample[i] = values[i * values.size() / size];
  const std::size_t rank = std::min(size - 1, (k + k / 2) * size / values.size() + 2);
  const auto at = sample.begin() + static_cast<std::ptrdiff_t>(rank);
  std::nth_element(sample.begin(), at, sample.begin() + static_cast<std::ptrdiff_t>(size));
  return *at;
}

/// Places of the k smallest values, smallest first, equal values by lowest place.
template <class Value>
std::vector<std::uint32_t> smallest(std::span<const Value> values, std::size_t k) {
  std::vector<std::uint32_t> places(values.size());
  const auto worse = [&](std::uint32_t a, std::uint32_t b) {
    return values[a] != values[b] ? values[a] < values[b] : a < b;
  };
  // Few are compared by place: those up to a limit, if they are enough.
  const Value limit = likely_limit(values, k);
  std::size_t count = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    places[count] = static_cast<std::uint32_t>(i);
    count += values[i] <= limit ? 1u : 0u;
  }
  if (count < k) {
    count = values.size();
    std::iota(places.begin(), places.end(), 0u);
  }
  const auto end = places.begin() + static_cast<std::ptrdiff_t>(count);
  const auto end_of_tail = places.begin() + static_cast<std::ptrdiff_t>(k);
  if (end_of_tail != end) std::nth_element(places.begin(), end_of_tail, end, worse);
  places.resize(k);
  std::sort(places.begin(), places.end(), worse);
  return places;
}

std::vector<std::uint32_t> smallest(const Outcomes& outcomes, std::size_t k) {
  return outcomes.wide.empty() ? smallest(outcomes.narrow, k) : smallest(outcomes.wide, k);
}

}  // namespace

Outcomes outcomes_of(const ScenarioVector& vector, const ScenarioRange& range) {
  CHECK(range.begin < range.end && range.end <= vector.columns());
  Outcomes outcomes{.now = vector.at(0), .exponent = vector.exponent(), .first = range.begin};
  if (vector.in_64_bits()) {
    outcomes.narrow = vector.narrow().subspan(range.begin, range.size());
  } else {
    outcomes.wide = vector.wide().subspan(range.begin, range.size());
  }
  return outcomes;
}

Result<std::size_t> tail_count(Ratio confidence, std::size_t count) {
  constexpr i128 one = power_of_ten(Ratio::decimals);
  if (confidence.raw < 0 || confidence.raw >= one) {
    return fail({.kind = ErrorKind::config,
                 .message = fmt::format("a confidence of {} is outside [0, 1)", to_string(confidence))});
  }
  return static_cast<std::size_t>(divide((one - confidence.raw) * static_cast<i128>(count), one, Round::up));
}

Result<Measured> worst(const Outcomes& outcomes) {
  TRY_VOID(check(outcomes, 1));
  std::size_t at = 0;
  for (std::size_t i = 1; i < outcomes.size(); ++i) at = outcomes.value(i) < outcomes.value(at) ? i : at;
  Measured measured{.exponent = outcomes.exponent, .tail = {outcomes.first + static_cast<std::uint32_t>(at)}};
  if (!loss_of(outcomes, at, measured.amount)) return too_large();
  return measured;
}

Result<Measured> weighted_worst(const Outcomes& outcomes, const RiskArray& weights) {
  TRY_VOID(check(outcomes, 1));
  CHECK(outcomes.first + outcomes.size() <= weights.columns());
  Measured measured{.divisor = power_of_ten(Ratio::decimals), .exponent = outcomes.exponent};
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    const auto column = outcomes.first + static_cast<std::uint32_t>(i);
    i128 loss = 0, weighted = 0;
    if (!loss_of(outcomes, i, loss) || !multiply(loss, weights.weight(column).raw, weighted)) return too_large();
    if (measured.tail.empty() || weighted > measured.amount) {
      measured.amount = weighted;
      measured.tail = {column};
    }
  }
  return measured;
}

Result<Measured> value_at_risk(const Outcomes& outcomes, std::size_t k) {
  TRY_VOID(check(outcomes, k));
  const std::uint32_t at = smallest(outcomes, k).back();
  Measured measured{.exponent = outcomes.exponent, .tail = {outcomes.first + at}};
  if (!loss_of(outcomes, at, measured.amount)) return too_large();
  return measured;
}

Result<Measured> expected_shortfall(const Outcomes& outcomes, std::size_t k) {
  TRY_VOID(check(outcomes, k));
  Measured measured{.divisor = static_cast<i128>(k), .exponent = outcomes.exponent, .tail = smallest(outcomes, k)};
  for (std::uint32_t& place : measured.tail) {
    i128 loss = 0;
    if (!loss_of(outcomes, place, loss) || !add(measured.amount, loss, measured.amount)) return too_large();
    place += outcomes.first;
  }
  return measured;
}

}  // namespace margrave
