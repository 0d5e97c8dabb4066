#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "base/embedded.h"
#include "math/elementary.h"
#include "recorded_series.h"
#include "report/margin_books.h"

// The recipes hs-var, fhs-var, normal-var and ewma-var on recorded bars, against their definitions from the closes.
namespace margrave {
namespace {

constexpr std::string_view market_text = R"(
version: 1
as_of: 2024-12-31T16:00:00Z
assets: {USDC: {decimals: 6, usd: 1}, BTC: {decimals: 8}, ETH: {decimals: 8}, SOL: {decimals: 8}}
underlyings: {BTC: {index: 100}, ETH: {index: 100}, SOL: {index: 100}}
instruments:
  - {name: BTC-PERP, kind: perpetual, underlying: BTC, settlement: USDC, lot: 1, mark: 100}
  - {name: ETH-PERP, kind: perpetual, underlying: ETH, settlement: USDC, lot: 1, mark: 100}
  - {name: SOL-PERP, kind: perpetual, underlying: SOL, settlement: USDC, lot: 1, mark: 100}
)";

struct Units {
  int btc{0}, eth{0}, sol{0};
};
const std::vector<Units> books{{1000, 0, 0}, {-1000, 0, 0}, {1000, -1000, 0}, {-700, 500, 900}, {300, 400, -800}};

std::string text_of(const std::vector<Units>& all) {
  std::string text = "accounts:\n";
  int number = 0;
  for (const Units& of : all) {
    text += fmt::format("  - account: a{}\n    positions: [", number++);
    std::string separator;
    for (const auto& [name, size] : {std::pair("BTC", of.btc), std::pair("ETH", of.eth), std::pair("SOL", of.sol)}) {
      if (size == 0) continue;
      text += fmt::format("{}{{instrument: {}-PERP, size: \"{}\"}}", separator, name, size);
      separator = ", ";
    }
    text += "]\n";
  }
  return text;
}

const std::vector<Bars>& bars() {
  static const std::vector<Bars> all{recorded_bars(spot, "BTC"), recorded_bars(spot, "ETH"),
                                     recorded_bars(spot, "SOL")};
  return all;
}

MarginedBooks margined(const std::string& recipe) {
  const std::string book = text_of(books);
  auto made = margin_books({market_text, *embedded_file("recipes/" + recipe + ".yaml"), book}, {.bars = bars()});
  EXPECT_TRUE(made) << recipe << ": " << (made ? "" : to_string(made.error()));
  return *std::move(made);
}

/// Dollars that each book's initial margin is.
std::vector<double> initial_of(const MarginedBooks& made) {
  std::vector<double> amounts;
  for (const AccountReport& account : made.accounts) {
    const Usd amount = account.report.requirement(made.recipe().initial);
    amounts.push_back(static_cast<double>(amount.raw) / 1e9);
  }
  return amounts;
}

/// Closes over closes eight hours before, by coin and step, of the last days; steps without one are left out.
std::vector<std::vector<double>> recorded_returns(int days) {
  const std::int64_t end = ms_of(2024, 12, 31) + 16 * hour_ms;
  const auto close_at = [](const Bars& of, std::int64_t t) {
    const auto at = std::lower_bound(of.t_ms.begin(), of.t_ms.end(), t - hour_ms);
    if (at == of.t_ms.end() || *at != t - hour_ms) return std::nan("");
    return of.close[static_cast<std::size_t>(at - of.t_ms.begin())];
  };
  std::vector<std::vector<double>> returns(bars().size());
  for (std::int64_t back = 3 * days; back-- > 0;) {
    const std::int64_t at = end - back * eight_hours;
    std::vector<double> row;
    for (const Bars& of : bars()) row.push_back(close_at(of, at) / close_at(of, at - eight_hours) - 1);
    if (std::any_of(row.begin(), row.end(), [](double move) { return std::isnan(move); })) continue;
    for (std::size_t i = 0; i < row.size(); ++i) returns[i].push_back(row[i]);
  }
  return returns;
}

std::vector<double> losses_of(const std::vector<std::vector<double>>& returns, const Units& of) {
  std::vector<double> losses;
  for (std::size_t t = 0; t < returns[0].size(); ++t)
    losses.push_back(-100 * (of.btc * returns[0][t] + of.eth * returns[1][t] + of.sol * returns[2][t]));
  return losses;
}

double worst_percent(std::vector<double> losses) {
  const std::size_t k = (losses.size() + 99) / 100;
  std::sort(losses.begin(), losses.end(), std::greater<>());
  return losses[k - 1];
}

class ValueAtRiskRecipes : public testing::Test {
 protected:
  void SetUp() override {
    if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  }
};

TEST_F(ValueAtRiskRecipes, PlainHistoryIsTheWorstPercentOfRecordedReturns) {
  const auto returns = recorded_returns(1250);
  ASSERT_GT(returns[0].size(), 3740u);
  const std::vector<double> amounts = initial_of(margined("hs-var"));
  for (std::size_t i = 0; i < books.size(); ++i)
    EXPECT_NEAR(amounts[i] / worst_percent(losses_of(returns, books[i])), 1, 1e-6) << i;
}

TEST_F(ValueAtRiskRecipes, NormalAndFadingOnesAreRootsOfTheBooksVariance) {
  const auto returns = recorded_returns(1000);
  for (const auto& [recipe, decay] : {std::pair("normal-var", 1.0), std::pair("ewma-var", 0.94)}) {
    const std::vector<double> amounts = initial_of(margined(recipe));
    for (std::size_t i = 0; i < books.size(); ++i) {
      double squares = 0, weights = 0;
      for (const double loss : losses_of(returns, books[i])) {
        squares = decay * squares + loss * loss;
        weights = decay * weights + 1;
      }
      const double exact = normal_quantile(0.99) * std::sqrt(squares / weights);
      std::printf("%s, book %zu: %.2f of %.2f\n", recipe, i, amounts[i], exact);
      EXPECT_NEAR(amounts[i] / exact, 1, 0.02) << recipe << " " << i;
    }
  }
}

// Of the moves of the set, which other tests hold to the record: the k-th worst of what they do to the book.
TEST_F(ValueAtRiskRecipes, FilteredHistoryIsTheWorstPercentOfItsScenarios) {
  const MarginedBooks made = margined("fhs-var");
  const ScenarioSet& set = made.revalued.sets[0];
  std::vector<std::vector<double>> returns(3);
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string name = i == 0 ? "BTC" : i == 1 ? "ETH" : "SOL";
    for (const double price : set.price[made.market.registry.asset(name)->index()]) returns[i].push_back(price - 1);
  }
  const std::vector<double> amounts = initial_of(made);
  for (std::size_t i = 0; i < books.size(); ++i)
    EXPECT_NEAR(amounts[i] / worst_percent(losses_of(returns, books[i])), 1, 1e-6) << i;
}

}  // namespace
}  // namespace margrave
