#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/fixed.h"
#include "margin/group_key.h"
#include "margin/portfolio.h"
#include "margin/recipe.h"

namespace margrave {

/// Of the group that a line of an instrument is in; of Grouping::position but for the line. Not of Grouping::asset.
GroupKey group_key(const Registry& registry, InstrumentId instrument, Grouping grouping);

/// Of the group that a line is in; of Grouping::asset `line` counts balances.
GroupKey group_key(const Registry& registry, const Portfolio& portfolio, std::size_t line, Grouping grouping);

/// The instruments of an account's lines.
std::vector<InstrumentId> instruments_of(const Portfolio& portfolio);

/// As people call the group that a line is in.
std::string group_name(const Registry& registry, const Line& line, Grouping grouping);
/// The asset of a balance.
std::string_view asset_name(const RiskArray& array, const Holding& balance);

/// Lines of a portfolio that a rule sums before it looks at them.
struct LineGroup {
  GroupKey key{};
  std::string name;
  std::vector<std::size_t> lines;  ///< ascending
};

/// The lines that `included` names, grouped; groups in order of underlying, expiry, strike, instrument, position.
/// Names are for people; without `named` they are left empty.
std::vector<LineGroup> group_lines(const Registry& registry, const Portfolio& portfolio, Grouping grouping,
                                   const std::vector<bool>& included, bool named = true);

/// The balances, one group each.
std::vector<LineGroup> group_balances(const RiskArray& array, const Portfolio& portfolio);

/// True for a line of one of the kinds (any, where there are none) and of the side.
bool is_of(const Registry& registry, const Line& line, std::span<const Kind> kinds, Side side);

/// Adds a line's lots and cost leg.
inline void append_holdings(const Line& line, std::vector<Holding>& holdings) {
  holdings.push_back(line.position);
  if (line.leg) holdings.push_back(*line.leg);
}

/// Sum of |quantity| * 2^(exponent - 1): how far the rounding of rows can have moved the value of the holdings in any
/// scenario. Rounded up.
Result<Usd> rounding_bound(const RiskArray& array, const std::vector<Holding>& holdings);

/// What an amount is refused with that leaves 128 bits.
tl::unexpected<Error> amount_overflow();

/// total += part. Error: overflow of 128 bits, where Usd's own sum would stop the process.
inline Result<void> accumulate(Usd& total, Usd part) {
  if (!add(total.raw, part.raw, total.raw)) return amount_overflow();
  return {};
}

/// numerator and denominator of the factor that turns units of 2^exponent / divisor into units of 1e-9 USD.
struct Factor {
  i128 numerator{1}, denominator{1};
};
Result<Factor> usd_factor(int exponent, i128 divisor);

/// Shares of `total` in proportion parts * numerator / denominator, summing to it exactly (see apportion()).
Result<std::vector<Usd>> share_usd(const std::vector<i128>& parts, i128 numerator, i128 denominator, Usd total);
std::vector<i128> raw_of(const std::vector<Usd>& amounts);

}  // namespace margrave
