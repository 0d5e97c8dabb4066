#include "margin/group.h"

#include <algorithm>
#include <limits>

#include "array/measure.h"
#include "margin/apportion.h"

namespace margrave {
namespace {

tl::unexpected<Error> overflow() { return amount_overflow(); }

/// True for the row of what is worth nothing in every scenario. It has exponent 0 and is exact; a row with that
/// exponent that is not worthless has large entries.
bool is_zero_row(const RiskArray& array, std::uint32_t row) {
  if (array.exponent(row) != 0) return false;
  for (std::uint32_t column = 0; column < array.columns(); ++column) {
    if (array.entry(row, column) != 0) return false;
  }
  return true;
}

/// Strikes in order, as far as 64 bits and 6 decimals tell them apart.
std::int64_t strike_key(const Decimal& strike) {
  const Result<i128> scaled = strike.scaled(6, Round::half_even);
  return scaled && fits_int64(*scaled) ? static_cast<std::int64_t>(*scaled) : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

GroupKey group_key(const Registry& registry, InstrumentId id, Grouping grouping) {
  GroupKey key{};
  if (grouping == Grouping::all) return key;
  const Instrument& instrument = registry[id];
  key[0] = instrument.underlying.value;
  if (grouping == Grouping::underlying) return key;
  if (grouping == Grouping::pair) {
    key[1] = instrument.settlement.value;
    return key;
  }
  key[2] = instrument.expiry.ns;
  if (grouping == Grouping::expiry) return key;
  if (instrument.kind == Kind::option) key[3] = strike_key(instrument.strike);
  // What has no strike stands alone, and so do strikes that the key does not tell apart.
  const bool alone = instrument.kind != Kind::option || key[3] == std::numeric_limits<std::int64_t>::max();
  if (grouping != Grouping::strike || alone) key[4] = id.value;
  return key;
}

GroupKey group_key(const Registry& registry, const Portfolio& portfolio, std::size_t line, Grouping grouping) {
  const auto number = static_cast<std::int64_t>(line) + 1;
  if (grouping == Grouping::all) return {};
  if (grouping == Grouping::asset) return {number};
  GroupKey key = group_key(registry, portfolio.lines[line].instrument, grouping);
  if (grouping == Grouping::position) key[5] = number;
  return key;
}

std::vector<InstrumentId> instruments_of(const Portfolio& portfolio) {
  std::vector<InstrumentId> instruments;
  for (const Line& line : portfolio.lines) instruments.push_back(line.instrument);
  return instruments;
}

std::string group_name(const Registry& registry, const Line& line, Grouping grouping) {
  const Instrument& instrument = registry[line.instrument];
  const std::string& underlying = registry[instrument.underlying].name;
  switch (grouping) {
    case Grouping::all:
      return "all";
    case Grouping::underlying:
      return underlying;
    case Grouping::pair:
      return underlying + "/" + registry[instrument.settlement].name;
    case Grouping::expiry:
      return instrument.expires() ? underlying + " " + to_date(instrument.expiry) : underlying;
    case Grouping::strike:
      if (instrument.kind != Kind::option) return instrument.name;
      return underlying + " " + to_date(instrument.expiry) + " " + instrument.strike.to_string();
    default:
      return instrument.name;
  }
}

std::string_view asset_name(const RiskArray& array, const Holding& balance) {
  const std::string_view row = array.name(balance.row);
  return row.substr(row.find(':') + 1);
}

bool is_of(const Registry& registry, const Line& line, std::span<const Kind> kinds, Side side) {
  const Kind kind = registry[line.instrument].kind;
  const bool kind_fits = kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  return kind_fits && (side == Side::both || (side == Side::longs) == (line.lots.raw > 0));
}

std::vector<LineGroup> group_balances(const RiskArray& array, const Portfolio& portfolio) {
  std::vector<LineGroup> groups;
  for (std::size_t b = 0; b < portfolio.balances.size(); ++b) {
    const std::string_view name = asset_name(array, portfolio.balances[b]);
    groups.push_back({{static_cast<std::int64_t>(b) + 1}, std::string(name), {b}});
  }
  return groups;
}

std::vector<LineGroup> group_lines(const Registry& registry, const Portfolio& portfolio, Grouping grouping,
                                   const std::vector<bool>& included, bool named) {
  std::vector<std::pair<GroupKey, std::size_t>> keyed;
  for (std::size_t i = 0; i < portfolio.lines.size(); ++i) {
    if (included[i]) keyed.emplace_back(group_key(registry, portfolio, i, grouping), i);
  }
  std::sort(keyed.begin(), keyed.end());
  std::vector<LineGroup> groups;
  for (const auto& [key, line] : keyed) {
    if (groups.empty() || groups.back().key != key) {
      groups.push_back({key, named ? group_name(registry, portfolio.lines[line], grouping) : "", {}});
    }
    groups.back().lines.push_back(line);
  }
  return groups;
}

tl::unexpected<Error> amount_overflow() {
  return fail({.kind = ErrorKind::overflow,
               .message = "an amount leaves 128 bits",
               .remedy = "split the account, or list its assets with fewer decimals"});
}

namespace {

/// |quantity| * 2^exponent USD, rounded up.
Result<Usd> rounding_of(i128 quantity, int exponent) {
  // In 1e-9 USD: |quantity| * 5^9 * 2^(exponent + 9), which for most rows and sizes fits 128 bits.
  constexpr i128 five_to_nine = 1953125;
  const int shift = -(exponent + Usd::decimals);
  i128 units = 0;
  if (shift < 0 || shift > 100 || !multiply(abs128(quantity), five_to_nine, units))
    return to_usd(abs128(quantity), exponent, 1, Round::up);
  return Usd{(units >> shift) + ((units & ((i128{1} << shift) - 1)) != 0 ? 1 : 0)};
}

}  // namespace

Result<Usd> rounding_bound(const RiskArray& array, const std::vector<Holding>& holdings) {
  Usd bound;
  for (const Holding& holding : holdings) {
    if (is_zero_row(array, holding.row)) continue;
    const Usd part = TRY(rounding_of(holding.quantity, array.exponent(holding.row) - 1));
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
