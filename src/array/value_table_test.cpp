#include "array/value_table.h"

#include <gtest/gtest.h>

#include "array/array_fixture.h"
#include "array/order_risk.h"

namespace margrave {
namespace {

TEST(ValueTable, HoldsWhatEachAccountIsWorthSideBySide) {
  Random random{.seed = 11};
  const RiskArray array = random_array({.columns = 100}, random);
  Result<ValueTable> table = ValueTable::make(array, 300);
  ASSERT_TRUE(table.has_value());
  const ValueTable moved = [&] {
    for (std::size_t a = 0; a < table->size(); ++a) {
      const auto holdings = random_holdings(10, array.rows(), 12, random);
      EXPECT_TRUE(evaluate(array, holdings, best_isa(), (*table)[a]).has_value());
    }
    return *std::move(table);
  }();
  random = {.seed = 11};
  (void)random_array({.columns = 100}, random);
  ScenarioVector own;
  for (std::size_t a = 0; a < moved.size(); ++a) {
    ASSERT_TRUE(evaluate(array, random_holdings(10, array.rows(), 12, random), best_isa(), own).has_value());
    ASSERT_TRUE(moved[a].in_64_bits() && own.in_64_bits());
    ASSERT_TRUE(std::ranges::equal(moved[a].narrow(), own.narrow())) << "account " << a;
    if (a == 0) continue;
    EXPECT_EQ(moved[a].narrow().data() - moved[a - 1].narrow().data(), static_cast<std::ptrdiff_t>(array.stride()));
  }
}

TEST(ValueTable, LetsValuesGoThatDoNotFit) {
  Random random{.seed = 12};
  const RiskArray array = random_array({.columns = 100}, random);
  ValueTable table = *ValueTable::make(array, 2);
  const auto small = random_holdings(3, array.rows(), 10, random), large = random_holdings(3, array.rows(), 80, random);
  ASSERT_TRUE(evaluate(array, small, best_isa(), table[1]).has_value());
  ASSERT_TRUE(evaluate(array, large, best_isa(), table[0]).has_value());
  ScenarioVector own_small, own_large;
  ASSERT_TRUE(evaluate(array, small, best_isa(), own_small).has_value());
  ASSERT_TRUE(evaluate(array, large, best_isa(), own_large).has_value());
  ASSERT_FALSE(table[0].in_64_bits());
  EXPECT_TRUE(std::ranges::equal(table[1].narrow(), own_small.narrow()));
  EXPECT_TRUE(std::ranges::equal(table[0].wide(), own_large.wide()));
}

}  // namespace
}  // namespace margrave
