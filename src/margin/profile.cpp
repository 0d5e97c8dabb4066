#include "margin/profile.h"

#include <algorithm>
#include <bit>

#include "margin/group.h"
#include "margin/group_sums.h"

namespace margrave {
namespace {

constexpr int factor_bits = ProfilePart::factor_bits;
constexpr int profit_bits = 66;  ///< the largest value of a profile has no more, so that its products fit 128 bits

/// One of the two factors of a transform, by group.
class TransformFactor {
 public:
  static Result<TransformFactor> create(const Account& account, const MarginReport& report, Grouping each,
                                        std::optional<std::size_t> component) {
    TransformFactor factor(account, component.value_or(0));
    if (component) factor.sums_ = TRY(GroupSums::create(account, report, *component, each));
    return factor;
  }

  /// In units of 2^-40, rounded down and up.
  Result<PreparedRecipe::FactorUnits> of_line(std::size_t line) const {
    constexpr std::int64_t one = std::int64_t{1} << factor_bits;
    if (!sums_) return PreparedRecipe::FactorUnits{one, one};
    const std::size_t first = sums_->first(line);
    if (first != GroupSums::nobody && account_.prepared().is_one_known(component_)) {
      const auto* known = account_.prepared().factor(component_, account_.place(first));
      if (known != nullptr) return *known;
    }
    const Number& value = sums_->at(line);
    if (const auto units = PreparedRecipe::factor_units(value)) return *units;
    return fail(
        {.kind = ErrorKind::config,
         .message = "the factor " + account_.inputs().recipe.components[component_].name + " is " + value.to_string(),
         .remedy = "a factor of a transform lies in 0 to 16"});
  }

 private:
  TransformFactor(const Account& account, std::size_t component) : account_(account), component_(component) {}

  const Account& account_;
  std::size_t component_;
  std::optional<GroupSums> sums_;  ///< nothing: every factor is 1
};

bool same(const Holding& a, const Holding& b) { return a.row == b.row && a.quantity == b.quantity; }

/// Whether two transforms make the same parts.
bool divide_alike(const Transform& a, const Transform& b) {
  return a.each == b.each && a.kinds == b.kinds && a.gains == b.gains && a.losses == b.losses;
}

/// The lines split into those that the transform leaves as they are and the groups of the others.
ProfileParts split(Account& account, const Transform& transform, std::span<const std::uint32_t> lines,
                   std::span<const Holding> balances) {
  std::pmr::memory_resource* memory = account.memory();
  std::pmr::vector<std::uint8_t> included(account.portfolio().lines.size(), 0, memory);
  std::pmr::vector<std::uint32_t> as_they_are(memory);
  for (const std::uint32_t line : lines) {
    const Kind kind = account.prepared().traits(account.place(line)).kind;
    const bool fits = transform.kinds.empty() || std::ranges::find(transform.kinds, kind) != transform.kinds.end();
    included[line] = fits ? 1 : 0;
    if (!fits) as_they_are.push_back(line);
  }
  return {.transform = &transform,
          .of_lines = lines,
          .of_balances = std::pmr::vector<Holding>(balances.begin(), balances.end(), memory),
          .as_they_are = std::move(as_they_are),
          .groups = GroupedLines(account.numbers(transform.each), included, memory),
          .parts = std::pmr::vector<ProfilePart>(memory)};
}

/// One part for what the transform leaves as it is, then one for each of its groups. Factors are rounded against the
/// account: gains down, losses up.
Result<void> make_parts(Account& account, const MarginReport& report, ProfileParts& out) {
  const Transform& transform = *out.transform;
  const TransformFactor gains = TRY(TransformFactor::create(account, report, transform.each, transform.gains));
  const TransformFactor losses = TRY(TransformFactor::create(account, report, transform.each, transform.losses));
  out.parts.reserve(out.groups.size() + 1);
  out.parts.push_back({.lines = out.as_they_are});
  for (std::size_t g = 0; g < out.groups.size(); ++g) {
    ProfilePart& part = out.parts.emplace_back();
    part.lines = out.groups[g];
    part.transformed = true;
    part.gains = TRY(gains.of_line(part.lines.front())).down;
    part.losses = TRY(losses.of_line(part.lines.front())).up;
  }
  for (ProfilePart& part : out.parts) {
    const auto balances = part.transformed ? std::span<const Holding>{} : std::span<const Holding>(out.of_balances);
    if (!part.lines.empty() || !balances.empty()) part.values = TRY(account.values(part.lines, balances));
  }
  return {};
}

/// The parts of some lines and balances, as another measure has left them, or new ones.
Result<std::span<const ProfilePart>> parts_of(Account& account, const Transform& transform,
                                              std::span<const std::uint32_t> lines, std::span<const Holding> balances,
                                              const MarginReport& report) {
  for (const ProfileParts& known : account.profile_parts()) {
    if (known.of_lines.data() == lines.data() && known.of_lines.size() == lines.size() &&
        divide_alike(*known.transform, transform) && std::ranges::equal(known.of_balances, balances, same)) {
      return std::span<const ProfilePart>(known.parts);
    }
  }
  ProfileParts& parts = account.profile_parts().emplace_back(split(account, transform, lines, balances));
  TRY_VOID(make_parts(account, report, parts));
  return std::span<const ProfilePart>(parts.parts);
}

int bits_of(u128 magnitude) {
  const auto high = static_cast<std::uint64_t>(magnitude >> 64), low = static_cast<std::uint64_t>(magnitude);
  return high != 0 ? 64 + static_cast<int>(std::bit_width(high)) : static_cast<int>(std::bit_width(low));
}

/// Calls with a part's values in all columns, int64 or i128.
template <class Call>
void with_values(const ProfilePart& part, const Call& call) {
  if (part.values == nullptr) return;
  part.values->in_64_bits() ? call(part.values->narrow()) : call(part.values->wide());
}

/// The largest magnitude of a part now and in the scenarios.
u128 largest_of(const ProfilePart& part, const ScenarioRange& range) {
  u128 largest = 0;
  with_values(part, [&]<class Value>(std::span<const Value> values) {
    Value low = std::min(values[0], Value{0}), high = std::max(values[0], Value{0});
    for (const Value value : values.subspan(range.begin, range.size())) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
    largest = static_cast<u128>(std::max(-low, high));
  });
  return largest;
}

/// The unit in which all parts are summed: 30 binary places finer than the finest, as far as the largest value allows.
int profile_exponent(std::span<const ProfilePart> parts, const ScenarioRange& range) {
  int finest = 120, top = -300;
  for (const ProfilePart& part : parts) {
    const u128 largest = largest_of(part, range);
    if (largest == 0) continue;
    finest = std::min(finest, part.values->exponent());
    top = std::max(top, part.values->exponent() + bits_of(largest));
  }
  return std::max(finest - 30, top - profit_bits);
}

/// whole * 2^shift, rounded down: a part's value in units of the profile, below 2^66.
i128 aligned(i128 whole, int shift) {
  if (whole == 0) return 0;
  return shift >= 0 ? whole << shift : whole >> std::min(-shift, 127);
}

/// A part's value in a column, in units of 2^exponent.
i128 aligned(const ProfilePart& part, std::size_t column, int exponent) {
  return aligned(part.values->at(column), part.values->exponent() - exponent);
}

/// What a value or a change comes to under a part's factors, rounded down.
i128 factored(const ProfilePart& part, i128 amount) {
  const i128 factor = amount >= 0 ? part.gains : part.losses;
  return (amount * factor) >> factor_bits;
}

/// The profit that a part shows in a column.
i128 profit_of(const ProfilePart& part, const Transform& transform, i128 now, i128 value) {
  if (!part.transformed) return value - now;
  const i128 change = transform.of_value ? factored(part, value) - now : factored(part, value - now);
  return transform.worst_sign ? -abs128(change) : change;
}

/// Adds the profits of a part in the columns of a set; `shift` takes its values to the unit of the profile.
template <class Value>
void add_profits(const ProfilePart& part, const Transform& transform, std::span<const Value> values,
                 const ScenarioRange& range, int shift, std::span<i128> profits) {
  const i128 now = aligned(values[0], shift);
  for (std::size_t s = 0; s < range.size(); ++s)
    profits[s] += profit_of(part, transform, now, aligned(values[range.begin + s], shift));
}

/// The same for values below 2^62 that are shifted up by 40 at most, times factors below 2^45: their product needs one
/// multiplication, and what is rounded down is the same number.
template <bool WorstSign>
void add_small_profits(const ProfilePart& part, bool of_value, std::span<const std::int64_t> values,
                       const ScenarioRange& range, int shift, std::span<i128> profits) {
  const auto gains = static_cast<std::int64_t>(part.gains), losses = static_cast<std::int64_t>(part.losses);
  const std::int64_t base = of_value ? 0 : values[0];
  const i128 now = of_value ? static_cast<i128>(values[0]) << shift : 0;
  const int down = (factor_bits - shift) & 63;
  for (std::size_t s = 0; s < range.size(); ++s) {
    const std::int64_t amount = values[range.begin + s] - base;
    const i128 change = ((static_cast<i128>(amount) * (amount >= 0 ? gains : losses)) >> (down & 63)) - now;
    profits[s] += WorstSign && change > 0 ? -change : change;
  }
}

/// Value of holdings in a column, in units of 2^exponent to the nearest: for shares, not for amounts.
i128 value_in(const RiskArray& array, std::span<const Holding> holdings, std::uint32_t column, int exponent) {
  i128 sum = 0;
  for (const Holding& holding : holdings) {
    i128 part = 0;
    if (multiply(holding.quantity, array.entry(holding.row, column), part) &&
        shift_by(part, array.exponent(holding.row) - exponent, Round::half_even, part)) {
      sum += part;
    }
  }
  return sum;
}

/// The loss of some holdings of a part in a column.
i128 loss_in(const ProfilePart& part, const Transform& transform, std::uint32_t column, int exponent, i128 now,
             i128 value) {
  if (!part.transformed) return now - value;
  const i128 whole_now = aligned(part, 0, exponent), whole = aligned(part, column, exponent);
  const i128 factor = (transform.of_value ? whole : whole - whole_now) >= 0 ? part.gains : part.losses;
  const i128 profit =
      transform.of_value ? ((value * factor) >> factor_bits) - now : ((value - now) * factor) >> factor_bits;
  const i128 change = transform.of_value ? factored(part, whole) - whole_now : factored(part, whole - whole_now);
  return transform.worst_sign && change > 0 ? profit : -profit;
}

}  // namespace

Result<Profile> profile_of(Account& account, const Transform& transform, std::span<const std::uint32_t> lines,
                           std::span<const Holding> balances, const ScenarioRange& range, const MarginReport& report) {
  Profile profile;
  profile.parts = TRY(parts_of(account, transform, lines, balances, report));
  profile.exponent = profile_exponent(profile.parts, range);
  profile.profits.assign(range.size(), 0);
  for (const ProfilePart& part : profile.parts) {
    with_values(part, [&](auto values) {
      const int shift = part.values->exponent() - profile.exponent;
      if constexpr (std::is_same_v<typename decltype(values)::element_type, const std::int64_t>) {
        if (part.transformed && shift >= 0 && shift <= factor_bits) {
          const auto add = transform.worst_sign ? add_small_profits<true> : add_small_profits<false>;
          return add(part, transform.of_value, values, range, shift, profile.profits);
        }
      }
      add_profits(part, transform, values, range, shift, profile.profits);
    });
  }
  return profile;
}

i128 loss_through(const RiskArray& array, const Transform& transform, const Profile& profile, const ProfilePart& part,
                  std::span<const Holding> holdings, std::span<const std::uint32_t> tail) {
  i128 loss = 0;
  const i128 now = value_in(array, holdings, 0, profile.exponent);
  for (const std::uint32_t column : tail) {
    const i128 value = value_in(array, holdings, column, profile.exponent);
    loss += loss_in(part, transform, column, profile.exponent, now, value);
  }
  return loss;
}

}  // namespace margrave
