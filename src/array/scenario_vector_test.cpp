#include "array/scenario_vector.h"

#include <gtest/gtest.h>

#include "array/array_fixture.h"

namespace margrave {
namespace {

constexpr i128 one = 1;

i128 joined(const Limbs& limbs) {
  i128 sum = 0;
  for (std::size_t k = 0; k < limbs.count; ++k) {
    // Products of the top limb may pass 2^127 before a negative lower one brings them back: add modulo 2^128.
    sum = static_cast<i128>(static_cast<u128>(sum) +
                            (static_cast<u128>(i128{limbs.limb[k].digit}) << limbs.limb[k].shift));
  }
  return sum;
}

TEST(SplitQuantity, IsExactAtTheExtremes) {
  std::vector<i128> quantities = {0,
                                  i128_max,
                                  i128_max - 1,
                                  i128_min,
                                  i128_min + 1,
                                  std::numeric_limits<std::int64_t>::min(),
                                  std::numeric_limits<std::int64_t>::max()};
  for (const int power : {30, 31, 32, 61, 62, 63, 64, 92, 93, 94, 95, 123, 124, 126}) {
    for (const i128 near : {-1, 0, 1}) {
      quantities.push_back((one << power) + near);
      quantities.push_back(-(one << power) + near);
    }
  }
  for (const i128 quantity : quantities) {
    const Limbs limbs = split_quantity(quantity);
    EXPECT_TRUE(joined(limbs) == quantity);
    for (std::size_t k = 0; k < limbs.count; ++k) {
      EXPECT_NE(limbs.limb[k].digit, 0);
      EXPECT_NE(limbs.limb[k].digit, std::numeric_limits<std::int32_t>::min());
    }
  }
  EXPECT_EQ(split_quantity(0).count, 0u);
  EXPECT_EQ(split_quantity((one << 31) - 1).count, 1u);
  EXPECT_EQ(split_quantity(one << 31).count, 1u) << "the zero digit is left out";
}

TEST(SplitQuantity, IsExactForRandomNumbers) {
  Random random{.seed = 3};
  for (int i = 0; i < 100000; ++i) {
    const i128 q = static_cast<i128>((static_cast<u128>(random.bits()) << 64) | random.bits()) >> random.below(128);
    ASSERT_TRUE(joined(split_quantity(q)) == q) << "seed 3, draw " << i;
  }
}

void expect_exact(const RiskArray& array, const std::vector<Holding>& holdings, std::uint64_t seed) {
  ScenarioVector vector;
  for (const Isa isa : supported_isas()) {
    const auto result = evaluate(array, holdings, isa, vector);
    ASSERT_TRUE(result.has_value()) << "seed " << seed;
    const std::vector<i128> expected = naive_values(array, holdings, vector.exponent());
    for (std::size_t s = 0; s < array.columns(); ++s) {
      ASSERT_TRUE(vector.at(s) == expected[s])
          << "seed " << seed << " column " << s << " " << to_string(isa) << " " << to_string(vector.path());
    }
  }
}

TEST(ScenarioVector, IsExactOnRandomBooksOfEveryPath) {
  std::array<int, 5> seen{};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random{.seed = seed};
    const RandomArray shape{.rows = 1 + random.below(60),
                            .columns = 2 + random.below(600),
                            .width = seed % 5 == 4 ? RowWidth::wide : RowWidth::narrow,
                            .lowest = -20,
                            .highest = seed % 2 == 0 ? -20 : -20 + static_cast<int>(random.below(12)),
                            .largest = seed % 4 == 1 ? 1 << 14 : 1 << 30};
    const RiskArray array = random_array(shape, random);
    const int bits = 1 + static_cast<int>(random.below(seed % 4 == 1 ? 36 : seed % 3 == 0 ? 75 : 26));
    const auto holdings = random_holdings(random.below(50), shape.rows, bits, random);
    expect_exact(array, holdings, seed);
    ScenarioVector vector;
    ASSERT_TRUE(evaluate(array, holdings, Isa::portable, vector).has_value());
    ++seen[static_cast<std::size_t>(vector.path())];
  }
  for (const SumPath path : {SumPath::one_run, SumPath::many_runs, SumPath::wide_sums, SumPath::wide_rows}) {
    EXPECT_GT(seen[static_cast<std::size_t>(path)], 10) << to_string(path);
  }
}

TEST(ScenarioVector, CoinsOfAllPricesAndBalancesOfAllSizesAreExact) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random{.seed = seed};
    const RiskArray array = random_array({.rows = 50, .columns = 100, .lowest = -42, .highest = -13}, random);
    expect_exact(array, random_holdings(30, 50, 60, random), seed);
  }
}

TEST(ScenarioVector, DoesNotDependOnTheOrderOfHoldings) {
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random{.seed = seed};
    const RiskArray array = random_array({.columns = 100, .lowest = -25, .highest = -10}, random);
    auto holdings = random_holdings(40, array.rows(), 45, random);
    ScenarioVector first, second;
    ASSERT_TRUE(evaluate(array, holdings, best_isa(), first).has_value());
    for (std::size_t i = holdings.size(); i > 1; --i) std::swap(holdings[i - 1], holdings[random.below(i)]);
    ASSERT_TRUE(evaluate(array, holdings, best_isa(), second).has_value());
    EXPECT_EQ(first.exponent(), second.exponent());
    EXPECT_EQ(first.path(), second.path());
    for (std::size_t s = 0; s < array.columns(); ++s) ASSERT_TRUE(first.at(s) == second.at(s)) << "seed " << seed;
  }
}

TEST(ScenarioVector, PartsOfAnAccountSumToTheWhole) {
  Random random{.seed = 9};
  const RiskArray array = random_array({}, random);
  const auto holdings = random_holdings(20, array.rows(), 20, random);
  std::vector<std::uint32_t> even, odd;
  for (std::uint32_t i = 0; i < 20; ++i) (i % 2 == 0 ? even : odd).push_back(i);
  ScenarioVector whole, first, second;
  ASSERT_TRUE(evaluate(array, holdings, best_isa(), whole).has_value());
  ASSERT_TRUE(evaluate(array, holdings, even, best_isa(), first).has_value());
  ASSERT_TRUE(evaluate(array, holdings, odd, best_isa(), second).has_value());
  for (std::size_t s = 0; s < array.columns(); ++s) {
    EXPECT_TRUE((first.at(s) << (first.exponent() - whole.exponent())) +
                    (second.at(s) << (second.exponent() - whole.exponent())) ==
                whole.at(s));
  }
}

TEST(ScenarioVector, AnEmptyAccountIsWorthNothing) {
  Random random{.seed = 1};
  const RiskArray array = random_array({}, random);
  ScenarioVector vector;
  ASSERT_TRUE(evaluate(array, std::vector<Holding>{}, best_isa(), vector).has_value());
  for (std::size_t s = 0; s < array.columns(); ++s) EXPECT_TRUE(vector.at(s) == 0);
  const std::vector<Holding> beyond = {{.row = 40, .quantity = 1}};
  EXPECT_FALSE(evaluate(array, beyond, best_isa(), vector).has_value());
}

/// Two rows of exponents 0 and `high`, all entries 2^30.
RiskArray two_rows(int high, RowWidth width = RowWidth::narrow) {
  auto builder = RiskArrayBuilder::create({.width = width,
                                           .rows = {{"low", 0}, {"high", static_cast<std::int8_t>(high)}},
                                           .scenarios = {"now", "down"}})
                     .value();
  for (std::uint32_t row = 0; row < 2; ++row) {
    if (width == RowWidth::narrow) {
      for (auto& entry : builder.narrow_row(row)) entry = 1 << 30;
    } else {
      for (auto& entry : builder.wide_row(row)) entry = 1 << 30;
    }
  }
  return std::move(builder).finish(1).value();
}

SumPath path_for(const RiskArray& array, const std::vector<Holding>& holdings) {
  ScenarioVector vector;
  if (!evaluate(array, holdings, best_isa(), vector)) return SumPath::too_large;
  const auto expected = naive_values(array, holdings, vector.exponent());
  EXPECT_TRUE(vector.at(0) == expected[0] && vector.at(1) == expected[1]);
  return vector.path();
}

TEST(Guard, SixtyFourBitsEndAtTwoToTheSixtyTwo) {
  const RiskArray array = two_rows(20);
  // 2^30 * 2^31 * 2^1 would be 2^62: two rows of one lot less stay below it.
  EXPECT_EQ(path_for(array, {{0, (one << 31) - 1}, {0, (one << 31) - 1}}), SumPath::many_runs);
  EXPECT_EQ(path_for(array, {{0, (one << 31) - 1}, {0, (one << 31) - 1}, {0, 1}}), SumPath::many_runs);
  EXPECT_EQ(path_for(array, {{0, (one << 31) - 1}, {0, (one << 31) - 1}, {0, 2}}), SumPath::wide_sums);
  EXPECT_EQ(path_for(array, {{0, 1}, {1, (one << 11) - 1}}), SumPath::one_run);
  EXPECT_EQ(path_for(array, {{0, 1}, {1, (one << 12) - 1}}), SumPath::many_runs);
  EXPECT_EQ(path_for(array, {{0, 1}, {1, one << 12}}), SumPath::wide_sums);
  // Opposite signs cancel in the sum, never in the guard.
  EXPECT_EQ(path_for(array, {{0, -1}, {1, one << 12}}), SumPath::wide_sums);
}

TEST(Guard, BeyondTwoToTheHundredTwentySixIsAnError) {
  for (const RowWidth width : {RowWidth::narrow, RowWidth::wide}) {
    const RiskArray array = two_rows(0, width);
    EXPECT_NE(path_for(array, {{0, (one << 95) + 1}}), SumPath::too_large);
    EXPECT_EQ(path_for(array, {{0, (one << 96) + 1}}), SumPath::too_large);
    EXPECT_EQ(path_for(array, {{0, (one << 96) + 1}, {1, -(one << 96) - 1}}), SumPath::too_large);
    EXPECT_EQ(path_for(array, {{0, i128_max}}), SumPath::too_large);
    EXPECT_EQ(path_for(array, {{0, i128_min + 1}}), SumPath::too_large);
  }
  EXPECT_EQ(path_for(two_rows(120), {{0, 1}, {1, 1}}), SumPath::too_large);
}

TEST(Guard, AManyRunAccountWithALargeGapIsExact) {
  const RiskArray array = two_rows(90);
  EXPECT_EQ(path_for(array, {{0, 1}, {1, 1}}), SumPath::wide_sums);
  EXPECT_EQ(path_for(array, {{1, 1}}), SumPath::one_run);
}

TEST(Pack, RunsStayWithinTheirLimit) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random{.seed = seed};
    std::vector<std::int8_t> exponents;
    for (int i = 0; i < 30; ++i) exponents.push_back(static_cast<std::int8_t>(static_cast<int>(random.below(60)) - 50));
    PackedAccount packed;
    ASSERT_TRUE(pack(exponents, random_holdings(60, 30, 90, random), packed).has_value());
    std::size_t next = 0;
    for (const PackedRun& run : packed.runs) {
      i128 lots = 0;
      for (std::uint32_t i = 0; i < run.count; ++i, ++next) lots += abs128(packed.entries[next].lots);
      ASSERT_TRUE(run.count > 0 && lots <= one << 31) << "seed " << seed;
    }
    ASSERT_EQ(next, packed.entries.size());
  }
}

}  // namespace
}  // namespace margrave
