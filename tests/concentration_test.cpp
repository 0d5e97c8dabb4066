#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/embedded.h"
#include "cli/inputs.h"
#include "report/margin_books.h"

// The charge on who holds a large part of a contract: docs/methods/depth.md#dynamic-es-concentration.
namespace margrave {
namespace {

constexpr double index = 67000, open_interest = 4000;

std::string market_text(bool with_open_interest) {
  return fmt::format(R"(
version: 1
as_of: 2026-03-01T08:00:00Z
assets: {{USDC: {{decimals: 6, usd: 1}}, BTC: {{decimals: 8}}}}
underlyings: {{BTC: {{index: {}}}}}
instruments:
  - {{name: BTC-PERP, kind: perpetual, underlying: BTC, settlement: USDC, lot: 0.001, mark: {}, volume: 100000{}}}
)",
                     index, index, with_open_interest ? fmt::format(", open_interest: {}", open_interest) : "");
}

Result<MarginedBooks> margined(const std::vector<std::string>& sizes, bool with_open_interest = true) {
  std::string book = "accounts:\n";
  for (std::size_t i = 0; i < sizes.size(); ++i)
    book += fmt::format("  - {{account: a{}, positions: [{{instrument: BTC-PERP, size: \"{}\"}}]}}\n", i, sizes[i]);
  const std::string market = market_text(with_open_interest);
  static const std::vector<Bars> bars = *load_bars({MARGRAVE_SOURCE_DIR "/examples/bars"});
  return margin_books({market, *embedded_file("recipes/dynamic-es-concentration.yaml"), book}, {.bars = bars});
}

/// The component of each account, in dollars.
std::vector<double> concentration_of(const std::vector<std::string>& sizes) {
  const auto made = margined(sizes);
  EXPECT_TRUE(made) << to_string(made.error());
  std::vector<double> amounts;
  for (const AccountReport& account : made->accounts) {
    for (std::size_t c = 0; c < made->recipe().components.size(); ++c) {
      if (made->recipe().components[c].name == "concentration")
        amounts.push_back(static_cast<double>(account.report.components[c].amount.raw) / 1e9);
    }
  }
  return amounts;
}

TEST(Concentration, ASmallPositionPaysNothing) {
  for (const double amount : concentration_of({"0.001", "1", "-199.999", "200", "-200"})) EXPECT_EQ(amount, 0);
}

TEST(Concentration, GrowsWithTheShareThatIsTooMuchOnBothSides) {
  const auto amounts = concentration_of({"400", "-400", "1200", "2200", "4000"});
  EXPECT_NEAR(amounts[0], 400 * index * 0.5 * 0.05, 0.01);
  EXPECT_EQ(amounts[0], amounts[1]);
  EXPECT_NEAR(amounts[2], 1200 * index * 0.5 * 0.25, 0.01);
  EXPECT_NEAR(amounts[3], 2200 * index * 0.25, 0.01);  // a share of 0.55: the cap begins
  EXPECT_NEAR(amounts[4], 4000 * index * 0.25, 0.01);
}

// Next to the threshold and next to the cap a lot more or less changes it by no more than its slope there.
TEST(Concentration, IsContinuous) {
  const auto amounts = concentration_of({"200", "200.001", "2199.999", "2200", "2200.001"});
  EXPECT_NEAR(amounts[1] - amounts[0], 0.001 * index * 0.5 * 200 / open_interest, 0.01);
  EXPECT_NEAR(amounts[3] - amounts[2], 0.001 * index * (0.25 + 0.5 * 2200 / open_interest), 0.1);
  EXPECT_NEAR(amounts[4] - amounts[3], 0.001 * index * 0.25, 0.01);
}

TEST(Concentration, AMarketThatDoesNotSayWhatIsOpenIsAnErrorAndNeverFree) {
  const auto made = margined({"1"}, false);
  ASSERT_FALSE(made);
  EXPECT_NE(to_string(made.error()).find("BTC-PERP has no open_interest"), std::string::npos)
      << to_string(made.error());
}

}  // namespace
}  // namespace margrave
