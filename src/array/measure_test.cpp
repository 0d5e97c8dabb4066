#include "array/measure.h"

#include <gtest/gtest.h>

#include "array/array_fixture.h"
#include "array/tail_finder.h"

namespace margrave {
namespace {

Outcomes profits(const std::vector<std::int64_t>& values) { return {.narrow = values}; }

TEST(TailCount, IsTheCeilingOfTheTail) {
  const auto k = [](std::string_view confidence, std::size_t count) {
    return *tail_count(*Ratio::parse(confidence), count);
  };
  EXPECT_EQ(k("0.975", 512), 13u);  // 12.8
  EXPECT_EQ(k("0.99", 512), 6u);    // 5.12
  EXPECT_EQ(k("0.99", 500), 5u);    // exactly 5, where 1 - 0.99 in doubles would give 6
  EXPECT_EQ(k("0.999999999999", 3), 1u);
  EXPECT_EQ(k("0", 512), 512u);
  EXPECT_FALSE(tail_count(Ratio{power_of_ten(12)}, 512).has_value());
  EXPECT_FALSE(tail_count(Ratio{-1}, 512).has_value());
}

TEST(Worst, IsTheLowestColumnAmongEquals) {
  const std::vector<std::int64_t> values = {5, -7, 3, -7, -7};
  const Measured measured = *worst({.narrow = values, .now = 10, .exponent = -2, .first = 4});
  EXPECT_TRUE(measured.amount == 17);
  EXPECT_EQ(measured.exponent, -2);
  EXPECT_EQ(measured.tail, std::vector<std::uint32_t>{5});
  EXPECT_FALSE(worst(Outcomes{}).has_value());
}

TEST(Worst, MayBeAGain) { EXPECT_TRUE(worst(profits({4, 9}))->amount == -4); }

TEST(WeightedWorst, WeighsBeforeItCompares) {
  ArrayPlan plan{.rows = {{"A", 0}}, .scenarios = {"now", "far", "near", "nearer"}};
  plan.weights = {Ratio{0}, *Ratio::parse("0.3"), *Ratio::parse("1"), *Ratio::parse("1")};
  const RiskArray array = std::move(*RiskArrayBuilder::create(plan)).finish(1).value();
  const std::vector<std::int64_t> values = {-100, -40, -40};
  const Measured measured = *weighted_worst({.narrow = values, .first = 1}, array);
  EXPECT_EQ(measured.tail, std::vector<std::uint32_t>{2});
  EXPECT_EQ(to_string(*to_usd(measured, Round::up)), "40.000000000");
  const std::vector<i128> huge = {-(static_cast<i128>(1) << 120), 0, 0};
  EXPECT_FALSE(weighted_worst({.wide = huge, .first = 1}, array).has_value()) << "2^120 * 3e11 is beyond 128 bits";
}

TEST(ExpectedShortfall, BreaksTiesByLowestColumn) {
  const std::vector<std::int64_t> values = {-5, -9, -5, -5, 0};
  const Measured measured = *expected_shortfall(profits(values), 3);
  EXPECT_TRUE(measured.amount == 19);
  EXPECT_TRUE(measured.divisor == 3);
  EXPECT_EQ(measured.tail, (std::vector<std::uint32_t>{1, 0, 2}));
  EXPECT_EQ(to_string(*to_usd(measured, Round::up)), "6.333333334") << "against the account";
}

TEST(ExpectedShortfall, OfOneIsTheWorstAndOfAllIsTheMean) {
  const std::vector<std::int64_t> values = {-5, -9, 2};
  EXPECT_TRUE(expected_shortfall(profits(values), 1)->amount == worst(profits(values))->amount);
  EXPECT_TRUE(expected_shortfall(profits(values), 3)->amount == 12);
  EXPECT_TRUE(value_at_risk(profits(values), 3)->amount == -2);
  EXPECT_FALSE(expected_shortfall(profits(values), 0).has_value());
  EXPECT_FALSE(expected_shortfall(profits(values), 4).has_value());
}

TEST(ExpectedShortfall, BeyondOneHundredTwentyEightBitsIsAnError) {
  const std::vector<i128> values(3, -(static_cast<i128>(1) << 126));
  EXPECT_TRUE(expected_shortfall({.wide = values}, 1).has_value());
  EXPECT_FALSE(expected_shortfall({.wide = values}, 2).has_value());
}

TEST(Measures, MatchASortOnRandomVectorsOfBothWidths) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random{.seed = seed};
    const std::size_t count = 1 + random.below(300);
    std::vector<i128> wide{static_cast<i128>(random.below(100)) - 50};
    for (std::size_t i = 0; i < count; ++i)
      wide.push_back(static_cast<i128>(random.below(seed % 2 == 0 ? 8 : 1 << 30)) - 4);
    std::vector<std::int64_t> narrow;
    for (std::size_t i = 1; i <= count; ++i) narrow.push_back(static_cast<std::int64_t>(wide[i]));
    const auto losses = naive_losses(wide, 1, static_cast<std::uint32_t>(count + 1));
    const std::size_t k = 1 + random.below(count);
    i128 sum = 0;
    std::vector<std::uint32_t> tail;
    for (std::size_t i = 0; i < k; ++i) {
      sum += losses[i].loss;
      tail.push_back(losses[i].column);
    }
    for (const bool in_64 : {true, false}) {
      Outcomes outcomes{.now = wide[0], .first = 1};
      if (in_64) outcomes.narrow = narrow;
      if (!in_64) outcomes.wide = std::span<const i128>(wide).subspan(1);
      const Measured shortfall = *expected_shortfall(outcomes, k);
      ASSERT_TRUE(shortfall.amount == sum && shortfall.tail == tail) << "seed " << seed;
      const Measured quantile = *value_at_risk(outcomes, k);
      ASSERT_TRUE(quantile.amount == losses[k - 1].loss && quantile.tail[0] == losses[k - 1].column) << "seed " << seed;
      const Measured most = *worst(outcomes);
      ASSERT_TRUE(most.amount == losses[0].loss && most.tail[0] == losses[0].column) << "seed " << seed;
    }
  }
}

TEST(Kernels, LeastOfGroupsIsThatOfEachThirtySecondColumn) {
  Random random{.seed = 3};
  for (std::size_t count = 0; count <= 256; count += 16) {
    std::vector<std::int64_t> values(count);
    for (std::int64_t& value : values) value = static_cast<std::int64_t>(random.bits()) / 2;
    std::vector<std::int64_t> expected(least_groups, std::numeric_limits<std::int64_t>::max());
    for (std::size_t s = 0; s < count; ++s)
      expected[s % least_groups] = std::min(expected[s % least_groups], values[s]);
    for (const Isa isa : supported_isas()) {
      std::vector<std::int64_t> least(least_groups);
      column_kernels(isa).least_of_groups(values.data(), count, least.data());
      EXPECT_EQ(least, expected) << count << " columns, " << to_string(isa);
    }
  }
}

TEST(TailFinder, IsTheSameHoweverManyCandidatesItsLimitLetsThrough) {
  constexpr std::size_t columns = 512;
  for (const std::size_t distinct : {std::size_t{1} << 40, std::size_t{20}}) {
    Random random{.seed = distinct};
    alignas(64) std::array<std::int64_t, columns + 16> values{};
    for (std::size_t s = 0; s < columns; ++s)
      values[s] = static_cast<std::int64_t>(random.below(distinct)) - static_cast<std::int64_t>(distinct / 2);
    std::vector<std::int64_t> sorted(values.begin(), values.begin() + columns);
    std::sort(sorted.begin(), sorted.end());
    for (const std::size_t k : {std::size_t{1}, std::size_t{13}, std::size_t{24}, std::size_t{25}}) {
      i128 sum = 0;
      for (std::size_t i = 0; i < k; ++i) sum += sorted[i];
      for (const Isa isa : supported_isas()) {
        TailFinder finder(column_kernels(isa), columns);
        for (const std::int64_t limit : sorted) {
          const Tail tail = finder.find(values.data(), 0, columns, k, limit);
          ASSERT_TRUE(tail.sum == sum && tail.last == sorted[k - 1] && tail.least == sorted[0]) << k << " " << limit;
          ASSERT_EQ(values[tail.place], sorted[0]);
          ASSERT_GE(finder.candidate_values().size(), k);
          ASSERT_TRUE(std::ranges::is_sorted(finder.candidate_places()));
          for (std::size_t i = 0; i < finder.candidate_values().size(); ++i)
            ASSERT_EQ(values[finder.candidate_places()[i]], finder.candidate_values()[i]);
        }
      }
    }
  }
}

// Every limit, however wrong, gives the same tail; ties, k = 1 and k = all included.
TEST(TailFinder, IsExactForHostileLimits) {
  constexpr std::int64_t far = (std::int64_t{1} << 62) - 1;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Random random{.seed = seed};
    const std::size_t columns = 2 + random.below(700), padded = (columns + 15) / 16 * 16;
    const std::size_t begin = random.below(columns), end = begin + 1 + random.below(columns - begin);
    const std::size_t count = end - begin;
    const std::size_t k = seed % 5 == 0 ? 1 : seed % 5 == 1 ? count : 1 + random.below(count);
    std::vector<std::int64_t> storage(padded + 8);
    auto* values = storage.data() + (64 - reinterpret_cast<std::uintptr_t>(storage.data()) % 64) % 64 / 8;
    for (std::size_t i = 0; i < padded; ++i) {
      values[i] = seed % 3 == 0   ? static_cast<std::int64_t>(random.below(4))
                  : seed % 3 == 1 ? static_cast<std::int64_t>(random.below(2 * far)) - far
                                  : static_cast<std::int64_t>(random.below(1000));
    }
    std::vector<std::int64_t> sorted(values + begin, values + end);
    std::sort(sorted.begin(), sorted.end());
    i128 sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += sorted[i];
    const auto place = static_cast<std::uint32_t>(std::min_element(values + begin, values + end) - values);
    for (const Isa isa : supported_isas()) {
      TailFinder finder(column_kernels(isa), padded);
      for (const std::int64_t limit :
           {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(), std::int64_t{0},
            sorted[k - 1], sorted[k - 1] - 1, sorted[count - 1], static_cast<std::int64_t>(random.bits())}) {
        const Tail tail = finder.find(values, begin, end, k, limit);
        ASSERT_TRUE(tail.sum == sum) << "seed " << seed << " limit " << limit << " " << to_string(isa);
        ASSERT_EQ(tail.last, sorted[k - 1]) << "seed " << seed;
        ASSERT_EQ(tail.least, sorted[0]) << "seed " << seed;
        ASSERT_EQ(tail.place, place) << "seed " << seed;
        ASSERT_GE(finder.candidate_values().size(), k);
      }
    }
  }
}

TEST(ToUsd, RoundsByNameAtEveryExponent) {
  const auto text = [](i128 value, int exponent, i128 divisor, Round round) {
    return to_string(*to_usd(value, exponent, divisor, round));
  };
  EXPECT_EQ(text(3, 0, 1, Round::down), "3.000000000");
  EXPECT_EQ(text(3, 2, 1, Round::down), "12.000000000");
  EXPECT_EQ(text(1, -1, 1, Round::down), "0.500000000");
  EXPECT_EQ(text(1, -10, 1, Round::down), "0.000976562");
  EXPECT_EQ(text(1, -10, 1, Round::up), "0.000976563");
  EXPECT_EQ(text(-1, -10, 1, Round::down), "-0.000976563");
  EXPECT_EQ(text(-1, -10, 1, Round::up), "-0.000976562");
  EXPECT_EQ(text(1, -10, 1, Round::half_even), "0.000976562") << "a tie goes to the even neighbour";
  EXPECT_EQ(text(3, -10, 1, Round::half_even), "0.002929688");
  EXPECT_EQ(text(1, -120, 1, Round::up), "0.000000001");
  EXPECT_EQ(text(-1, -120, i128_max, Round::up), "0.000000000");
  EXPECT_EQ(text(-1, -120, i128_max, Round::down), "-0.000000001");
  EXPECT_EQ(text(1, -120, i128_max, Round::half_even), "0.000000000");
  EXPECT_EQ(text(i128_max, -120, 1, Round::down), "127.999999999");
  EXPECT_EQ(text(0, 120, 1, Round::up), "0.000000000");
  EXPECT_FALSE(to_usd(1, 120, 1, Round::up).has_value());
  EXPECT_FALSE(to_usd(i128_max, 0, 1, Round::up).has_value());
  EXPECT_TRUE(to_usd(i128_max, 0, i128_max, Round::up) == Usd{power_of_ten(9)});
  EXPECT_TRUE(to_usd(i128_min, -30, 1, Round::down).has_value());
}

// 5^9 / 2^m by an exact division in 128 bits, where both fit.
TEST(ToUsd, MatchesAnExactDivision) {
  for (std::uint64_t seed = 0; seed < 20000; ++seed) {
    Random random{.seed = seed};
    const i128 value = static_cast<i128>(random.bits() >> random.below(64)) * (seed % 2 == 0 ? 1 : -1);
    const int exponent = -static_cast<int>(random.below(60));
    const i128 divisor = 1 + static_cast<i128>(random.below(1 << 20));
    for (const Round round : {Round::down, Round::up, Round::half_even}) {
      const i128 expected = exponent + 9 >= 0
                                ? divide(value * 1953125 * (static_cast<i128>(1) << (exponent + 9)), divisor, round)
                                : divide(value * 1953125, divisor << -(exponent + 9), round);
      ASSERT_TRUE(to_usd(value, exponent, divisor, round)->raw == expected) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace margrave
