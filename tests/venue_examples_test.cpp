#include <gtest/gtest.h>

#include <cmath>

#include "cli/inputs.h"
#include "document/read.h"
#include "market/market_reader.h"
#include "report/revalued.h"

// Accounts that venues have published with their margin, recomputed under their recipes.

namespace margrave {
namespace {

Market market_of(const std::string& text) {
  const auto document = parse_document(text, "market.yaml");
  EXPECT_TRUE(document) << to_string(document.error());
  auto market = read_market(*document, {});
  EXPECT_TRUE(market) << to_string(market.error());
  return *std::move(market);
}

struct Margin {
  Recipe recipe;
  MarginReport report;

  double amount(std::string_view component) const {
    for (std::size_t c = 0; c < recipe.components.size(); ++c) {
      if (recipe.components[c].name == component) return static_cast<double>(report.components[c].amount.raw) * 1e-9;
    }
    ADD_FAILURE() << component;
    return NAN;
  }
  double initial() const { return static_cast<double>(report.initial(recipe).raw) * 1e-9; }
  double maintenance() const { return static_cast<double>(report.maintenance(recipe).raw) * 1e-9; }
};

Margin margin_of(const std::string& recipe, const Market& market, const Book& book, const char* numeraire) {
  LoadedRecipe loaded = *load_recipe(recipe);
  loaded.recipe.wide = true;
  RevalueOptions options;
  if (numeraire != nullptr) options.numeraire = market.registry.asset(numeraire);
  const auto under = revalue_recipe(std::move(loaded), market, {}, options);
  EXPECT_TRUE(under) << to_string(under.error());
  const auto report =
      assess({market.registry, under->revaluation.array, under->index, under->loaded.recipe, best_isa()}, book);
  EXPECT_TRUE(report) << to_string(report.error());
  return {under->loaded.recipe, *report};
}

// An account of February 2026 as Deribit's interface returned it: short one ETH of the inverse perpetual at its mark.
// Profits of an inverse contract are in coin, so the rows are counted in ETH.
TEST(VenueExamples, DeribitsPerpetualToABillionthOfACoin) {
  const Market market = market_of(
      "version: 1\nas_of: 2026-02-15T08:00:00Z\nassets: {ETH: {decimals: 18}}\n"
      "underlyings: {ETH: {index: 1949.34}}\n"
      "instruments: [{name: ETH-PERPETUAL, kind: perpetual, style: inverse, underlying: ETH, settlement: ETH, "
      "contract_size: '1948.49001495397', lot: 1, tick: '0.01', mark: 1949.49}]\n");
  // 0.999487053 ETH at the mark are 1948.49001495397 dollars: here one contract.
  const Book book{"example", {}, {{*market.registry.instrument("ETH-PERPETUAL"), Lots{-1}, std::nullopt}}};
  const Margin margin = margin_of("deribit-pm-segregated", market, book, "ETH");
  EXPECT_NEAR(margin.amount("worst_case"), 0.1524641267, 1e-9);
  EXPECT_NEAR(margin.amount("roll_perpetual"), 0.0049974353, 1e-9);
  EXPECT_NEAR(margin.initial(), 0.157461562, 1e-9);
  EXPECT_NEAR(margin.maintenance(), 0.125969250, 1e-9);
}

// OKX's published answer for ten contracts of 0.01 BTC, to its cents. Its profits come to 12 % of 9,703.44 dollars, the
// position at the index; the mark is set there.
TEST(VenueExamples, OkxsSwapToTheCent) {
  const Market market = market_of(
      "version: 1\nas_of: 2025-01-15T08:00:00Z\nassets: {USDT: {decimals: 6}, BTC: {decimals: 8}}\n"
      "underlyings: {BTC: {index: 97034.45}}\n"
      "instruments: [{name: BTC-USDT-SWAP, kind: perpetual, style: linear, underlying: BTC, settlement: USDT, "
      "contract_size: '0.01', lot: 1, tick: '0.1', mark: 97034.45}]\n");
  const Book book{"example", {}, {{*market.registry.instrument("BTC-USDT-SWAP"), Lots{-10}, std::nullopt}}};
  const Margin margin = margin_of("okx-pm", market, book, nullptr);
  EXPECT_NEAR(margin.amount("mr1"), 1164.41, 0.005);
  EXPECT_NEAR(margin.amount("mr4"), 19.41, 0.005);
  EXPECT_NEAR(margin.amount("mr6"), 1164.41, 0.005);
  EXPECT_NEAR(margin.amount("mr7"), 43.67, 0.005);
  EXPECT_NEAR(margin.maintenance(), 1183.82, 0.005);
  EXPECT_NEAR(margin.initial(), 1538.97, 0.005);
}

}  // namespace
}  // namespace margrave
