#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <tuple>

#include "cli/inputs.h"
#include "dialect/hyperliquid_book.h"

// The liquidation prices that Hyperliquid printed for the positions of its largest accounts, 155,869 at 50 instants,
// against those of hyperliquid-tiers: docs/venues/hyperliquid.md has the table. Nothing is left out. A position's class
// is made of what the files say of it and its account, never of a price that was computed.

namespace margrave {
namespace {

/// What the files say of a position and its account.
struct Class {
  enum class Held : std::uint8_t { alone, of_2_to_5, of_6_to_20, of_more } held{Held::alone};
  bool other_tiers{false};   ///< not one of the four coins whose tiers are published: the general ones are assumed
  bool within_value{false};  ///< the account's positions come to no more than its value
  friend auto operator<=>(const Class&, const Class&) = default;
};

std::string to_string(const Class& of) {
  const char* const held[] = {"1", "2 to 5", "6 to 20", "more than 20"};
  return std::string(held[static_cast<std::size_t>(of.held)]) + " | " + (of.other_tiers ? "others" : "published") +
         " | " + (of.within_value ? "at most 1" : "above 1");
}

Class class_of(const HyperliquidAccount& account, const HyperliquidPosition& position) {
  Class of;
  const std::size_t count = account.positions.size();
  of.held = count == 1    ? Class::Held::alone
            : count <= 5  ? Class::Held::of_2_to_5
            : count <= 20 ? Class::Held::of_6_to_20
                          : Class::Held::of_more;
  const std::string_view coins[] = {"BTC", "ETH", "SOL", "XRP"};
  of.other_tiers = std::find(std::begin(coins), std::end(coins), position.coin) == std::end(coins);
  double gross = 0;
  for (const HyperliquidPosition& one : account.positions) gross += one.position_value;
  of.within_value = gross <= account.account_value;
  return of;
}

/// How printed and computed prices of one class compare.
struct Agreement {
  std::size_t positions{0};
  std::size_t not_computed{0};  ///< no price above 0 comes out: the account survives any move of this coin
  std::vector<double> errors;   ///< of the others, as shares of the printed price

  /// The share of all positions of the class.
  double within(double error) const {
    const auto near = std::count_if(errors.begin(), errors.end(), [&](double e) { return e <= error; });
    return static_cast<double>(near) / static_cast<double>(std::max<std::size_t>(1, positions));
  }
  void add(std::optional<double> computed, double printed) {
    ++positions;
    if (!computed) ++not_computed;
    if (computed) errors.push_back(std::fabs(*computed / printed - 1));
  }
};

struct Found {
  std::map<Class, Agreement> by_class;
  std::size_t neither{0}, only_computed{0};  ///< positions without a printed price
};

/// The prices above 0 of an account's positions, by the venue's coin name.
std::map<std::string, double> prices_of(const Registry& registry, const Recipe& recipe, const Book& book,
                                        const MarginReport& report) {
  std::map<std::string, double> prices;
  for (std::size_t c = 0; c < recipe.components.size(); ++c) {
    if (recipe.components[c].name != "liquidation_price") continue;
    for (const GroupValue& value : report.components[c].values) {
      const std::string& name = registry[book.positions[value.first].instrument].name;
      const std::string coin = name.substr(0, name.rfind("-PERP"));
      if (value.value.sign() > 0) prices[coin] = value.value.to_double() * hyperliquid_coin(coin).units;
    }
  }
  return prices;
}

void compare(const HyperliquidAccount& account, const std::map<std::string, double>& prices, Found& found) {
  for (const HyperliquidPosition& position : account.positions) {
    const auto price = prices.find(position.coin);
    const auto computed = price == prices.end() ? std::nullopt : std::optional(price->second);
    if (std::isnan(position.liquidation_price)) {
      (computed ? found.only_computed : found.neither) += 1;
    } else {
      found.by_class[class_of(account, position)].add(computed, position.liquidation_price);
    }
  }
}

void compare(const HyperliquidSnapshot& snapshot, Found& found) {
  const auto books = hyperliquid_books(snapshot);
  ASSERT_TRUE(books) << to_string(books.error());
  LoadedRecipe loaded = *load_recipe("hyperliquid-tiers");
  for (Component& component : loaded.recipe.components) component.is_needed = true;
  const auto under = revalue_recipe(std::move(loaded), books->market, {}, CommonOptions{});
  ASSERT_TRUE(under) << to_string(under.error());
  const Revalued& revalued = **under;
  const Recipe& recipe = revalued.loaded.recipe;
  const Registry& registry = books->market.registry;
  const auto reports =
      assess_all({registry, revalued.revaluation.array, revalued.index, recipe, best_isa()}, books->books, 0);
  for (std::size_t i = 0; i < reports.size(); ++i) {
    ASSERT_TRUE(reports[i]) << to_string(reports[i].error());
    EXPECT_FALSE(std::isnan(snapshot.accounts[i].account_value)) << snapshot.accounts[i].account;
    compare(snapshot.accounts[i], prices_of(registry, recipe, books->books[i], *reports[i]), found);
  }
}

void print(const std::string& name, const Agreement& one) {
  const double none = static_cast<double>(one.not_computed) / static_cast<double>(one.positions);
  std::printf("| %s | %zu | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% |\n", name.c_str(), one.positions,
              100 * one.within(1e-4), 100 * one.within(1e-3), 100 * one.within(1e-2), 100 * one.within(1e-1),
              100 * none);
}

void print(const Found& found) {
  std::printf("| positions | tiers | notional / value | prices | to 10^-4 | 10^-3 | 10^-2 | 10^-1 | none computed |\n");
  Agreement all;
  for (const auto& [of, one] : found.by_class) {
    print(to_string(of), one);
    all.positions += one.positions;
    all.not_computed += one.not_computed;
    all.errors.insert(all.errors.end(), one.errors.begin(), one.errors.end());
  }
  print("all | all | all", all);
  std::printf("no price printed: %zu, of which one is computed for %zu\n", found.neither + found.only_computed,
              found.only_computed);
}

TEST(LiquidationPrices, AgreeWithThePrintedOnesAsFarAsTheFilesHoldWhatTheyRestOn) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/accounts";
  if (!std::filesystem::exists(folder)) {
    if (std::getenv("CI") != nullptr) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const auto snapshots = read_hyperliquid(folder + "/hyperliquid_top_account_positions_2026-02.csv.gz",
                                          folder + "/hyperliquid_top_accounts_2026-02.csv.gz");
  ASSERT_TRUE(snapshots) << to_string(snapshots.error());
  Found found;
  for (const HyperliquidSnapshot& snapshot : *snapshots) ASSERT_NO_FATAL_FAILURE(compare(snapshot, found));
  print(found);

  std::size_t all = found.neither + found.only_computed;
  for (const auto& [of, one] : found.by_class) all += one.positions;
  EXPECT_EQ(all, 155'869u);
  // Lower bounds, well below what was measured: what is simplest agrees best.
  const Agreement& simplest = found.by_class.at({Class::Held::alone, false, false});
  EXPECT_GT(simplest.positions, 2000u);
  EXPECT_GT(simplest.within(1e-2), 0.6);
  EXPECT_GT(simplest.within(1e-1), 0.8);
  EXPECT_GT(found.by_class.at({Class::Held::of_2_to_5, false, false}).within(1e-1), 0.6);
  EXPECT_GT(static_cast<double>(found.neither), 0.99 * static_cast<double>(found.neither + found.only_computed));
}

}  // namespace
}  // namespace margrave
