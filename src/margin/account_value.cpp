#include "margin/account_value.h"

#include "margin/group.h"
#include "margin/leverage.h"
#include "margin/value_now.h"

namespace margrave {
namespace {

constexpr i128 rests = power_of_ten(9);  ///< 1e-18 USD in 1e-9 USD

/// Sums over lines without their legs, each line rounded as the functions of one holding round it.
struct LineSums {
  i128 value{0};  ///< 1e-18 USD
  i128 notional{0};
  i128 rounding{0};
};

/// Adds up what is known of each line's lot; false where a lot is not known or there are too many of them. Below 2^80
/// a lot and 2^31 lots a line, 2^15 lines stay below 2^126.
bool sum_lines(const Account& account, LineSums& sums) {
  constexpr i128 most_lots = i128{1} << 31;
  constexpr std::size_t most_lines = std::size_t{1} << 15;
  const std::vector<Line>& lines = account.portfolio().lines;
  if (lines.size() > most_lines) return false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const PreparedRecipe::LotWorth& lot = account.prepared().worth(account.place(i));
    const i128 quantity = lines[i].position.quantity;
    if (!lot.is_known || quantity >= most_lots || quantity <= -most_lots) return false;
    sums.value += quantity * lot.value;
    const auto size = static_cast<std::uint64_t>(quantity < 0 ? -quantity : quantity);
    const std::uint64_t rest = size * lot.notional_rest;
    sums.notional +=
        static_cast<i128>(size) * lot.notional_units + rest / 1'000'000'000 + (rest % 1'000'000'000 != 0 ? 1 : 0);
    const std::uint64_t moved = size * lot.rounding;
    sums.rounding += (moved >> lot.rounding_shift) + ((moved & ((std::uint64_t{1} << lot.rounding_shift) - 1)) != 0);
  }
  return true;
}

/// The balances, and the cost legs of lines.
std::vector<Holding> other_holdings(const Portfolio& portfolio) {
  std::vector<Holding> others = portfolio.balances;
  for (const Line& line : portfolio.lines) {
    if (line.leg) others.push_back(*line.leg);
  }
  return others;
}

std::vector<Holding> all_holdings(const Portfolio& portfolio) {
  std::vector<Holding> all = portfolio.balances;
  for (const Line& line : portfolio.lines) append_holdings(line, all);
  return all;
}

}  // namespace

Result<AccountValue> account_value(const Account& account) {
  const RiskArray& array = account.inputs().array;
  const Portfolio& portfolio = account.portfolio();
  LineSums sums;
  if (sum_lines(account, sums)) {
    const std::vector<Holding> others = other_holdings(portfolio);
    const ValueNow rest = TRY(value_now(array, others));
    i128 value = 0;
    if (multiply(rest.units, rests, value) && add(value, rest.rest, value) && add(value, sums.value, value)) {
      Usd rounding = TRY(rounding_bound(array, others));
      TRY_VOID(accumulate(rounding, Usd{sums.rounding}));
      return AccountValue{Usd{divide(value, rests, Round::down)}, Usd{sums.notional}, rounding};
    }
  }
  const std::vector<Holding> all = all_holdings(portfolio);
  return AccountValue{TRY(value_now(array, all)).rounded(Round::down), gross_notional(array, portfolio.lines),
                      TRY(rounding_bound(array, all))};
}

}  // namespace margrave
