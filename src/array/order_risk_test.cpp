#include "array/order_risk.h"

#include <gtest/gtest.h>

#include "array/array_fixture.h"
#include "array/measure.h"
#include "array/tail_finder.h"

namespace margrave {
namespace {

constexpr i128 one = 1;

/// The same value in every column as all holdings at once, in whatever unit.
void expect_same(const ScenarioVector& a, const ScenarioVector& b, std::uint64_t seed) {
  ASSERT_EQ(a.columns(), b.columns());
  const int exponent = std::min(a.exponent(), b.exponent());
  for (std::size_t s = 0; s < a.columns(); ++s) {
    i128 x = 0, y = 0;
    ASSERT_TRUE(shift_by(a.at(s), a.exponent() - exponent, Round::down, x));
    ASSERT_TRUE(shift_by(b.at(s), b.exponent() - exponent, Round::down, y));
    ASSERT_TRUE(x == y) << "seed " << seed << " column " << s << " " << to_string(a.path());
  }
}

TEST(WithHolding, IsTheWholeAccountOnEveryPathAndInstructionSet) {
  std::array<int, 5> seen{};
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random{.seed = seed};
    const RandomArray shape{.rows = 1 + random.below(60),
                            .columns = 2 + random.below(600),
                            .width = seed % 5 == 4 ? RowWidth::wide : RowWidth::narrow,
                            .lowest = -20,
                            .highest = seed % 2 == 0 ? -20 : -20 + static_cast<int>(random.below(12))};
    const RiskArray array = random_array(shape, random);
    const int bits = 1 + static_cast<int>(random.below(seed % 3 == 0 ? 75 : 26));
    auto holdings = random_holdings(random.below(50), shape.rows, bits, random);
    const Holding more = random_holdings(1, shape.rows, seed % 7 == 0 ? 40 : bits, random).front();
    ScenarioVector before, whole, after, portable;
    ASSERT_TRUE(evaluate(array, holdings, best_isa(), before).has_value());
    holdings.push_back(more);
    ASSERT_TRUE(evaluate(array, holdings, best_isa(), whole).has_value());
    ASSERT_TRUE(with_holding(array, before, more, Isa::portable, portable).has_value());
    for (const Isa isa : supported_isas()) {
      ASSERT_TRUE(with_holding(array, before, more, isa, after).has_value()) << "seed " << seed;
      expect_same(after, whole, seed);
      ASSERT_EQ(after.exponent(), portable.exponent());
      for (std::size_t s = 0; s < after.columns(); ++s) ASSERT_TRUE(after.at(s) == portable.at(s)) << "seed " << seed;
    }
    ++seen[static_cast<std::size_t>(after.path())];
  }
  for (const SumPath path : {SumPath::many_runs, SumPath::wide_sums, SumPath::wide_rows}) {
    EXPECT_GT(seen[static_cast<std::size_t>(path)], 10) << to_string(path);
  }
}

TEST(WithHolding, OneAfterTheOtherMakesTheAccount) {
  Random random{.seed = 5};
  const RiskArray array = random_array({.columns = 100, .lowest = -25, .highest = -10}, random);
  const auto holdings = random_holdings(30, array.rows(), 50, random);
  ScenarioVector now, next, whole;
  ASSERT_TRUE(evaluate(array, std::vector<Holding>{}, best_isa(), now).has_value());
  for (const Holding& holding : holdings) {
    ASSERT_TRUE(with_holding(array, now, holding, best_isa(), next).has_value());
    std::swap(now, next);
  }
  ASSERT_TRUE(evaluate(array, holdings, best_isa(), whole).has_value());
  expect_same(now, whole, 5);
}

TEST(WithHolding, NothingMoreAndNothingBefore) {
  Random random{.seed = 6};
  const RiskArray array = random_array({}, random);
  const std::vector<Holding> held = {{3, 7}};
  ScenarioVector nothing, account, after;
  ASSERT_TRUE(evaluate(array, std::vector<Holding>{}, best_isa(), nothing).has_value());
  ASSERT_TRUE(evaluate(array, held, best_isa(), account).has_value());
  ASSERT_TRUE(with_holding(array, nothing, held.front(), best_isa(), after).has_value());
  expect_same(after, account, 6);
  EXPECT_EQ(after.exponent(), array.exponent(3));
  ASSERT_TRUE(with_holding(array, account, {5, 0}, best_isa(), after).has_value());
  expect_same(after, account, 6);
  ASSERT_TRUE(with_holding(array, account, {3, -7}, best_isa(), after).has_value());
  for (std::size_t s = 0; s < array.columns(); ++s) EXPECT_TRUE(after.at(s) == 0);
  EXPECT_FALSE(with_holding(array, account, {40, 1}, best_isa(), after).has_value());
}

/// A row of entries 2^30, one of zeros, and one of a coarse unit.
RiskArray three_rows() {
  auto builder =
      RiskArrayBuilder::create({.rows = {{"full", 0}, {"zero", 0}, {"coarse", 90}}, .scenarios = {"now", "down"}})
          .value();
  for (const std::uint32_t row : {0u, 2u}) {
    for (auto& entry : builder.narrow_row(row)) entry = 1 << 30;
  }
  return std::move(builder).finish(1).value();
}

TEST(WithHolding, OverflowIsAnErrorAndTheGuardCountsWhatWasBefore) {
  const RiskArray array = three_rows();
  ScenarioVector account, after;
  const auto hold = [&](i128 quantity) {
    ASSERT_TRUE(evaluate(array, std::vector<Holding>{{0, quantity}}, best_isa(), account).has_value());
  };
  hold((one << 31) - 1);
  ASSERT_TRUE(with_holding(array, account, {0, one << 31}, best_isa(), after).has_value());
  EXPECT_EQ(after.path(), SumPath::many_runs) << "2^62 - 2^30, of a quantity beyond 32 bits";
  EXPECT_TRUE(after.at(1) == (one << 62) - (one << 30));
  ASSERT_TRUE(with_holding(array, account, {0, -(one << 31) - 1}, best_isa(), after).has_value());
  EXPECT_EQ(after.path(), SumPath::wide_sums) << "signs cancel in the sum, never in the guard";
  EXPECT_TRUE(after.at(1) == -(one << 31));
  ASSERT_TRUE(with_holding(array, account, {2, 1}, best_isa(), after).has_value());
  EXPECT_TRUE(after.at(1) == (one << 120) + ((one << 31) - 1) * (one << 30)) << "a row far coarser than the account";
  ASSERT_TRUE(with_holding(array, account, {1, i128_min}, best_isa(), after).has_value()) << "of a row of zeros";
  EXPECT_TRUE(after.at(1) == account.at(1));
  hold(one << 95);
  ASSERT_TRUE(with_holding(array, account, {0, (one << 95) - 1}, best_isa(), after).has_value());
  EXPECT_FALSE(with_holding(array, account, {0, one << 95}, best_isa(), after).has_value());
  EXPECT_FALSE(with_holding(array, account, {0, i128_min}, best_isa(), after).has_value());
  hold((one << 95) + 1);
  EXPECT_FALSE(with_holding(array, account, {2, 1 << 7}, best_isa(), after).has_value());
  ASSERT_TRUE(evaluate(array, std::vector<Holding>{{2, one << 40}}, best_isa(), account).has_value());
  EXPECT_FALSE(with_holding(array, account, {0, i128_min}, best_isa(), after).has_value()) << "both beyond alone";
}

TEST(WithHolding, AFinerRowShiftsTheAccount) {
  const RiskArray array = three_rows();
  ScenarioVector account, after;
  ASSERT_TRUE(evaluate(array, std::vector<Holding>{{2, 1}}, best_isa(), account).has_value());
  EXPECT_EQ(account.exponent(), 90);
  ASSERT_TRUE(with_holding(array, account, {0, -1}, best_isa(), after).has_value());
  EXPECT_EQ(after.exponent(), 0);
  EXPECT_TRUE(after.at(0) == (one << 120) - (one << 30));
}

TEST(LimitOf, TheTailBeforeAnOrderFindsTheOneWithIt) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random{.seed = seed};
    const RiskArray array = random_array({.columns = 200, .largest = 1 << 20}, random);
    const auto holdings = random_holdings(20, array.rows(), 12, random);
    const Holding more = random_holdings(1, array.rows(), 14, random).front();
    ScenarioVector before, after;
    ASSERT_TRUE(evaluate(array, holdings, best_isa(), before).has_value());
    ASSERT_TRUE(with_holding(array, before, more, best_isa(), after).has_value());
    constexpr std::size_t k = 7;
    const ScenarioRange& range = array.ranges()[0];
    const Measured tail = *expected_shortfall(outcomes_of(before, range), k);
    const std::int64_t limit = limit_of(after.narrow(), tail.tail);
    ask_for(array, before, more.row);
    EXPECT_GE(std::ranges::count_if(after.narrow(), [&](std::int64_t value) { return value <= limit; }), k);
    TailFinder finder(column_kernels(best_isa()), array.stride());
    const Tail found = finder.find(after.narrow().data(), 1, array.columns(), k, limit);
    const Measured expected = *expected_shortfall(outcomes_of(after, range), k);
    EXPECT_TRUE(k * i128{after.narrow()[0]} - found.sum == expected.amount) << "seed " << seed;
  }
}

}  // namespace
}  // namespace margrave
