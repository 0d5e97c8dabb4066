#include "walk/walk_margins.h"

#include <gtest/gtest.h>

#include "scenario/revalue.h"
#include "scenario/set_maker.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

std::vector<Bars> three_coins() {
  return {draw_bars({.coin = "AAA", .hours = 24 * 300, .seed = 21, .price = 40000}),
          draw_bars({.coin = "BBB", .hours = 24 * 300, .seed = 22, .price = 0.3}),
          draw_bars({.coin = "CCC", .hours = 24 * 200, .seed = 23, .from_hour = 24 * 100, .vol = 0.03})};
}

// Cost legs are left out where that is proven to change nothing: against the way that every other verb goes, over
// recipes that read what positions cost and recipes that do not.
TEST(WalkMargins, RequirementsAreThoseOfTheAssessment) {
  const std::vector<Bars> bars = three_coins();
  const Market market = *walk_market(bars, bar_perpetuals(bars), Timestamp::from_ms(24 * 290 * hour_ms));
  std::vector<Book> books;
  for (const WalkBook& book : random_books(coins_of(bars), 40, 5))
    books.push_back((*size_book(book, market, 3e7))->book);
  for (const char* name : {"dynamic-es", "fhs-es", "hs-var", "cross-fixed", "isolated-fixed", "mango-v4"}) {
    const ReadRecipe read = read_preset_recipe(name);
    std::vector<ScenarioSet> sets;
    for (const ScenarioSpec& spec : read.scenarios) sets.push_back(*make_scenarios(spec, market, bars));
    if (sets.empty()) sets.push_back(*make_scenarios(read_preset_recipe("hs-var").scenarios[0], market, bars));
    const auto revaluation = revalue(market, sets, {.isa = best_isa()});
    ASSERT_TRUE(revaluation) << to_string(revaluation.error());
    const RowIndex index = index_rows(market.registry, revaluation->array);
    const MarginInputs inputs{market.registry, revaluation->array, index, read.recipe, best_isa()};
    const auto got = requirements(inputs, books), expected = assess_all(inputs, books, 1);
    for (std::size_t i = 0; i < books.size(); ++i) {
      ASSERT_EQ(got[i].has_value(), expected[i].has_value()) << name << " " << i;
      if (!got[i]) continue;
      EXPECT_EQ(got[i]->initial(read.recipe), expected[i]->initial(read.recipe)) << name << " " << i;
      EXPECT_EQ(got[i]->maintenance(read.recipe), expected[i]->maintenance(read.recipe)) << name << " " << i;
      EXPECT_EQ(got[i]->complete(), expected[i]->complete()) << name << " " << i;
    }
  }
}

TEST(WalkMargins, KnowsRecipesThatReadWhatPositionsCost) {
  for (const char* name : {"dynamic-es", "fhs-es", "hs-var"})
    EXPECT_FALSE(reads_cost(read_preset_recipe(name).recipe)) << name;
  EXPECT_TRUE(reads_cost(read_preset_recipe("mango-v4").recipe));
}

}  // namespace
}  // namespace margrave
