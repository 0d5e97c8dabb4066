#include "dialect/hyperliquid.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "document/csv.h"
#include "document/file.h"
#include "document/text.h"
#include "market/forward.h"

namespace margrave {
namespace {

constexpr double mispriced_above = 5e8;  // USD; the recorded data's own note on its four broken accounts
constexpr double none = std::numeric_limits<double>::quiet_NaN();

struct PositionColumns {
  std::size_t time, account, coin, side, size, entry, leverage, value, pnl, liquidation;

  static Result<PositionColumns> of(const CsvReader& rows) {
    PositionColumns c{};
    c.time = TRY(rows.column("t_ms"));
    c.account = TRY(rows.column("account"));
    c.coin = TRY(rows.column("coin"));
    c.side = TRY(rows.column("side"));
    c.size = TRY(rows.column("size"));
    c.entry = TRY(rows.column("entry_price"));
    c.leverage = TRY(rows.column("leverage"));
    c.value = TRY(rows.column("position_value"));
    c.pnl = TRY(rows.column("unrealized_pnl"));
    c.liquidation = TRY(rows.column("liquidation_price"));
    return c;
  }
};

Result<HyperliquidPosition> read_position(const CsvReader& rows, const PositionColumns& at) {
  HyperliquidPosition position;
  position.coin = std::string(TRY(rows.text(at.coin)));
  position.size = TRY(rows.decimal(at.size));
  if (position.size.units <= 0)
    return fail(rows.error(at.size, "a size is not positive", "the side says long or short"));
  const std::string_view side = TRY(rows.text(at.side));
  if (side != "Long" && side != "Short")
    return fail(rows.error(at.side, in_quotes(side) + " is no side", "use Long or Short"));
  if (side == "Short") position.size.units = -position.size.units;
  position.entry_price = TRY(rows.decimal(at.entry));
  if (position.entry_price.units <= 0) return fail(rows.error(at.entry, "a price is not positive", "check the column"));
  position.leverage = TRY(rows.real(at.leverage));
  position.position_value = TRY(rows.real(at.value));
  position.unrealized_pnl = TRY(rows.real(at.pnl));
  position.liquidation_price = none;
  if (!rows.is_empty(at.liquidation)) position.liquidation_price = TRY(rows.real(at.liquidation));
  return position;
}

using Values = std::map<std::pair<std::int64_t, std::string>, double>;

Result<Values> read_values(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const std::size_t time = TRY(rows.column("t_ms")), account = TRY(rows.column("account"));
  const std::size_t value = TRY(rows.column("account_value"));
  Values values;
  while (TRY(rows.next())) {
    const std::int64_t t_ms = TRY(rows.integer(time, 0));
    std::string name(TRY(rows.text(account)));
    values.emplace(std::pair(t_ms, std::move(name)), TRY(rows.real(value)));
  }
  return values;
}

/// Numbers by value, so that account 10 comes after account 9.
bool account_before(const HyperliquidAccount& a, const HyperliquidAccount& b) {
  return std::pair(a.account.size(), std::string_view(a.account)) <
         std::pair(b.account.size(), std::string_view(b.account));
}

void finish(HyperliquidSnapshot& snapshot, std::map<std::string, HyperliquidAccount>& accounts, const Values& values) {
  std::map<std::string, std::vector<double>> marks;
  for (auto& [name, account] : accounts) {
    const auto value = values.find({snapshot.time.ns / 1'000'000, name});
    account.account_value = value == values.end() ? none : value->second;
    account.mispriced = account.account_value > mispriced_above;
    for (const HyperliquidPosition& position : account.positions) {
      const double mark = position.position_value / std::abs(position.size.to_double());
      if (mark > 0) marks[position.coin].push_back(mark);
    }
    snapshot.accounts.push_back(std::move(account));
  }
  accounts.clear();
  for (auto& [coin, prices] : marks) snapshot.marks.emplace(coin, median(std::move(prices)));
  std::sort(snapshot.accounts.begin(), snapshot.accounts.end(), account_before);
}

}  // namespace

Result<std::vector<HyperliquidSnapshot>> read_hyperliquid(const std::string& positions_path,
                                                          const std::string& accounts_path) {
  Values values;
  if (!accounts_path.empty()) values = TRY(read_values(accounts_path));
  const std::string text = TRY(read_text(positions_path));
  CsvReader rows = TRY(CsvReader::open(text, positions_path));
  const PositionColumns columns = TRY(PositionColumns::of(rows));
  std::vector<HyperliquidSnapshot> snapshots;
  std::map<std::string, HyperliquidAccount> accounts;
  while (TRY(rows.next())) {
    const Timestamp time = Timestamp::from_ms(TRY(rows.integer(columns.time, 0, 4'102'444'800'000)));
    if (snapshots.empty() || snapshots.back().time != time) {
      if (!snapshots.empty() && time < snapshots.back().time) {
        return fail(rows.error(columns.time, "its time is before that of the row above", "sort the rows by t_ms"));
      }
      if (!snapshots.empty()) finish(snapshots.back(), accounts, values);
      snapshots.emplace_back().time = time;
    }
    std::string name(TRY(rows.text(columns.account)));
    HyperliquidAccount& account = accounts[name];
    account.account = std::move(name);
    HyperliquidPosition position = TRY(read_position(rows, columns));
    for (const HyperliquidPosition& other : account.positions) {
      if (other.coin == position.coin) {
        return fail(rows.error(columns.coin, "account " + account.account + " holds " + position.coin + " twice",
                               "merge the two"));
      }
    }
    account.positions.push_back(std::move(position));
  }
  if (!snapshots.empty()) finish(snapshots.back(), accounts, values);
  return snapshots;
}

HyperliquidCoin hyperliquid_coin(std::string_view name) {
  const bool thousand = name.size() > 1 && name[0] == 'k' && name[1] >= 'A' && name[1] <= 'Z';
  return {.coin = std::string(thousand ? name.substr(1) : name), .units = thousand ? 1000 : 1};
}

}  // namespace margrave
