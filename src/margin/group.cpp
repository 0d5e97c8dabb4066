#include "margin/group.h"

#include <map>
#include <tuple>

#include "array/measure.h"
#include "margin/apportion.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow() {
  return fail({.kind = ErrorKind::overflow,
               .message = "an amount leaves 128 bits",
               .remedy = "split the account, or list its assets with fewer decimals"});
}

/// True for the row of what is worth nothing in every scenario. It has exponent 0 and is exact; a row with that
/// exponent that is not worthless has large entries.
bool is_zero_row(const RiskArray& array, std::uint32_t row) {
  if (array.exponent(row) != 0) return false;
  for (std::uint32_t column = 0; column < array.columns(); ++column) {
    if (array.entry(row, column) != 0) return false;
  }
  return true;
}

using GroupKey = std::tuple<std::uint32_t, std::int64_t, std::uint32_t, std::size_t>;

GroupKey key_of(const Registry& registry, const Line& line, std::size_t position, Grouping grouping) {
  const Instrument& instrument = registry[line.instrument];
  switch (grouping) {
    case Grouping::all:
      return {};
    case Grouping::underlying:
      return {instrument.underlying.value, 0, 0, 0};
    case Grouping::expiry:
      return {instrument.underlying.value, instrument.expiry.ns, 0, 0};
    case Grouping::instrument:
      return {instrument.underlying.value, instrument.expiry.ns, line.instrument.value, 0};
    case Grouping::position:
      break;
  }
  return {instrument.underlying.value, instrument.expiry.ns, line.instrument.value, position + 1};
}

std::string name_of(const Registry& registry, const Line& line, Grouping grouping) {
  const Instrument& instrument = registry[line.instrument];
  const std::string& underlying = registry[instrument.underlying].name;
  switch (grouping) {
    case Grouping::all:
      return "all";
    case Grouping::underlying:
      return underlying;
    case Grouping::expiry:
      return instrument.expires() ? underlying + " " + to_date(instrument.expiry) : underlying;
    default:
      return instrument.name;
  }
}

}  // namespace

std::vector<LineGroup> group_lines(const Registry& registry, const Portfolio& portfolio, Grouping grouping,
                                   const std::vector<bool>& included) {
  std::map<GroupKey, LineGroup> groups;
  for (std::size_t i = 0; i < portfolio.lines.size(); ++i) {
    if (!included[i]) continue;
    const Line& line = portfolio.lines[i];
    LineGroup& group = groups[key_of(registry, line, i, grouping)];
    if (group.lines.empty()) group.name = name_of(registry, line, grouping);
    group.lines.push_back(i);
  }
  std::vector<LineGroup> list;
  for (auto& [key, group] : groups) list.push_back(std::move(group));
  return list;
}

void append_holdings(const Line& line, std::vector<Holding>& holdings) {
  holdings.push_back(line.position);
  if (line.leg) holdings.push_back(*line.leg);
}

Result<void> accumulate(Usd& total, Usd part) {
  if (!add(total.raw, part.raw, total.raw)) return overflow();
  return {};
}

Result<Usd> rounding_bound(const RiskArray& array, const std::vector<Holding>& holdings) {
  Usd bound;
  for (const Holding& holding : holdings) {
    if (is_zero_row(array, holding.row)) continue;
    const Usd part = TRY(to_usd(abs128(holding.quantity), array.exponent(holding.row) - 1, 1, Round::up));
    TRY_VOID(accumulate(bound, part));
  }
  return bound;
}

Result<Factor> usd_factor(int exponent, i128 divisor) {
  // 10^9 * 2^e / divisor = 5^9 * 2^(e + 9) / divisor: powers of two are cancelled first.
  Factor factor{.numerator = 1953125, .denominator = divisor};
  const int shift = exponent + Usd::decimals;
  i128& grows = shift >= 0 ? factor.numerator : factor.denominator;
  if (!shift_by(grows, shift >= 0 ? shift : -shift, Round::down, grows)) return overflow();
  return factor;
}

Result<std::vector<Usd>> share_usd(const std::vector<i128>& parts, i128 numerator, i128 denominator, Usd total) {
  std::vector<i128> shares;
  if (!apportion(parts, numerator, denominator, total.raw, shares)) return overflow();
  std::vector<Usd> amounts;
  for (const i128 share : shares) amounts.push_back(Usd{share});
  return amounts;
}

std::vector<i128> raw_of(const std::vector<Usd>& amounts) {
  std::vector<i128> raw;
  for (const Usd amount : amounts) raw.push_back(amount.raw);
  return raw;
}

}  // namespace margrave
