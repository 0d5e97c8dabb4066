#include "cli/backtest_inputs.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "cli/inputs.h"
#include "dialect/hyperliquid.h"
#include "dialect/names.h"
#include "scenario/scenario_spec.h"
#include "walk/walk_market.h"

namespace margrave {
namespace {

constexpr std::string_view recorded = "accounts:";

std::optional<std::pair<std::size_t, std::uint64_t>> parse_random(const std::string& text) {
  unsigned long long count = 0, seed = 0;
  int end = 0;
  if (std::sscanf(text.c_str(), "random:%llu:%llu%n", &count, &seed, &end) != 2 ||
      static_cast<std::size_t>(end) != text.size() || count == 0 || count > 100'000) {
    return std::nullopt;
  }
  return std::pair{static_cast<std::size_t>(count), static_cast<std::uint64_t>(seed)};
}

/// Accounts of a file may hold linear perpetuals in any of three dollars, under other venues' names too.
Result<WalkedBooks> held_accounts(const std::string& file, const std::vector<Bars>& bars) {
  std::vector<Listing> all;
  for (const char* settlement : {"USD", "USDT", "USDC"}) {
    for (Listing& contract : bar_perpetuals(bars, settlement)) all.push_back(std::move(contract));
  }
  Timestamp last{};
  for (const Bars& one : bars) last = std::max(last, Timestamp::from_ms(one.t_ms.back() + one.step_ms));
  const Market market = TRY(walk_market(bars, all, last));
  WalkedBooks held;
  const std::vector<Book> books = TRY(load_books(file, market.registry));
  held.books = TRY(fixed_books(market.registry, books));
  std::set<std::string> used;
  for (const WalkBook& book : held.books) {
    for (const WalkBook::Held& position : book.positions) used.insert(position.instrument);
  }
  for (const Listing& contract : all) {
    if (used.contains(contract.terms.name)) held.contracts.push_back(contract);
  }
  return held;
}

/// The positions of one recorded account in coins that have bars, in whole lots.
WalkBook recorded_book(const HyperliquidAccount& account, const std::map<std::string, Listing>& contracts,
                       double& covered, double& gross) {
  WalkBook book;
  book.name = "account " + account.account;
  for (const HyperliquidPosition& position : account.positions) {
    gross += position.position_value;
    const HyperliquidCoin coin = hyperliquid_coin(position.coin);
    const auto found = contracts.find(coin.coin);
    if (found == contracts.end()) continue;
    const double lots = std::round(position.size.to_double() * coin.units / found->second.terms.lot.to_double());
    if (lots == 0 || !(std::fabs(lots) < 0x1p62)) continue;
    covered += position.position_value;
    book.positions.push_back({found->second.terms.name, Lots{static_cast<std::int64_t>(lots)}, std::nullopt});
  }
  return book;
}

/// The accounts of the first instant of a file of recorded positions.
Result<WalkedBooks> recorded_accounts(const std::string& file, const std::vector<Bars>& bars) {
  const std::vector<HyperliquidSnapshot> snapshots = TRY(read_hyperliquid(file, ""));
  if (snapshots.empty())
    return fail({.message = "no account is recorded in it", .place = {.file = file}, .field = "--books"});
  std::map<std::string, Listing> contracts;
  for (Listing& contract : bar_perpetuals(bars)) {
    if (!is_dollar(contract.coin)) contracts.emplace(contract.coin, std::move(contract));
  }
  WalkedBooks held;
  double covered = 0, gross = 0;
  std::set<std::string> used;
  for (const HyperliquidAccount& account : snapshots.front().accounts) {
    WalkBook book = recorded_book(account, contracts, covered, gross);
    for (const WalkBook::Held& position : book.positions) used.insert(position.instrument);
    if (!book.positions.empty()) held.books.push_back(std::move(book));
  }
  for (auto& [coin, contract] : contracts) {
    if (used.contains(contract.terms.name)) held.contracts.push_back(std::move(contract));
  }
  if (held.books.empty()) {
    return fail({.message = "no account of it holds a coin that has bars",
                 .place = {.file = file},
                 .field = "--books",
                 .remedy = "name folders with bars of its coins"});
  }
  held.remarks.push_back(fmt::format(
      "{} of {} accounts as of {}; {:.1f} % of their gross notional is in coins that have bars", held.books.size(),
      snapshots.front().accounts.size(), to_string(snapshots.front().time), gross > 0 ? 100 * covered / gross : 0.0));
  return held;
}

}  // namespace

Result<LoadedRecipe> walked_recipe(const std::string& name_or_file) {
  LoadedRecipe loaded = TRY(load_recipe(name_or_file));
  if (!loaded.recipe.per_settlement) return loaded;
  return fail({.kind = ErrorKind::config,
               .message = "recipe '" + loaded.recipe.name + "' asks for one requirement per settlement asset",
               .field = "--recipe",
               .remedy = "walk a recipe that counts in usd"});
}

Result<std::int64_t> length_of(const std::string& flag, const std::string& text, std::int64_t least_seconds) {
  const std::optional<std::int64_t> seconds = parse_duration(text);
  if (seconds && *seconds >= least_seconds && *seconds <= 30 * 86400) return *seconds * 1000;
  return fail({.kind = ErrorKind::config,
               .message = "'" + text + "' is not a length of time that fits here",
               .field = flag,
               .remedy = least_seconds > 0 ? "write 1m, 1h or 8h: at most thirty days" : "write 0s, 90s or 10m"});
}

std::vector<std::string> walked_coins(const std::vector<Bars>& bars) {
  std::set<std::string> coins;
  for (const Bars& file : bars) {
    if (!is_dollar(file.coin)) coins.insert(file.coin);
  }
  return {coins.begin(), coins.end()};
}

Result<WalkedBooks> walked_books(const std::string& asked, const std::vector<Bars>& bars) {
  const std::vector<std::string> coins = walked_coins(bars);
  WalkedBooks held;
  if (asked == "singles") {
    held.books = single_books(coins);
  } else if (asked == "spreads") {
    held.books = spread_books(coins);
  } else if (asked.starts_with("random:")) {
    const auto random = parse_random(asked);
    if (!random) {
      return fail({.kind = ErrorKind::config,
                   .message = "'" + asked + "' does not say how many books of which seed",
                   .field = "--books",
                   .remedy = "write random:100:7, at most 100000"});
    }
    held.books = random_books(coins, random->first, random->second);
  } else if (asked.starts_with(recorded)) {
    return recorded_accounts(asked.substr(recorded.size()), bars);
  } else {
    return held_accounts(asked, bars);
  }
  // Only what a book can hold: a contract that nobody has costs every update its row.
  for (Listing& contract : bar_perpetuals(bars)) {
    if (!is_dollar(contract.coin)) held.contracts.push_back(std::move(contract));
  }
  return held;
}

std::int64_t usual_interval_ms(std::int64_t step_ms, std::int64_t delay_ms) {
  constexpr std::int64_t hour_ms = 3'600'000;
  return delay_ms == 0 ? step_ms : std::min(step_ms, hour_ms);
}

}  // namespace margrave
