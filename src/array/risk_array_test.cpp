#include "array/risk_array.h"

#include <gtest/gtest.h>

#include <set>

#include "array/published_digest.h"
#include "base/random.h"

namespace margrave {
namespace {

ArrayPlan plan_of(std::size_t rows, std::size_t columns, RowWidth width = RowWidth::narrow) {
  ArrayPlan plan{.width = width};
  for (std::size_t i = 0; i < rows; ++i) {
    plan.rows.push_back({.name = "row " + std::to_string(i), .exponent = static_cast<std::int8_t>(i % 7)});
  }
  for (std::size_t s = 0; s < columns; ++s) plan.scenarios.push_back(s == 0 ? "now" : "scenario " + std::to_string(s));
  plan.ranges = {{.name = "grid", .begin = 1, .end = static_cast<std::uint32_t>(columns)}};
  return plan;
}

/// An array filled from one seed; `touch` may change the builder before it is finished.
template <class Touch>
RiskArray build(ArrayPlan plan, unsigned threads, Touch touch) {
  auto builder = RiskArrayBuilder::create(std::move(plan)).value();
  Random random{.seed = 5};
  for (std::uint32_t row = 0; row < builder.plan().rows.size(); ++row) {
    if (builder.plan().width == RowWidth::narrow) {
      for (auto& entry : builder.narrow_row(row)) entry = static_cast<std::int32_t>(random.below(1 << 20)) - (1 << 19);
    } else {
      for (auto& entry : builder.wide_row(row)) entry = static_cast<std::int64_t>(random.below(1 << 20)) - (1 << 19);
    }
    builder.set_scalar(row, ScalarField::mark, row);
  }
  touch(builder);
  return std::move(builder).finish(threads).value();
}
RiskArray build(ArrayPlan plan, unsigned threads = 1) {
  return build(std::move(plan), threads, [](RiskArrayBuilder&) {});
}

TEST(RiskArray, RowsAreAlignedPaddedWithZerosAndFoundByName) {
  const RiskArray array = build(plan_of(20, 37));
  EXPECT_EQ(array.stride(), 48u);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(array.narrow_entries()) % 64, 0u);
  for (std::uint32_t row = 0; row < array.rows(); ++row) {
    for (std::size_t s = array.columns(); s < array.stride(); ++s) {
      EXPECT_EQ(array.narrow_entries()[row * array.stride() + s], 0);
    }
    EXPECT_EQ(array.find_row("row " + std::to_string(row)), row);
  }
  EXPECT_EQ(array.find_row("row 20"), std::nullopt);
  ASSERT_NE(array.find_range("grid"), nullptr);
  EXPECT_EQ(array.find_range("grid")->size(), 36u);
  EXPECT_EQ(array.find_range("stress"), nullptr);
  EXPECT_EQ(array.weight(3), Ratio{power_of_ten(12)});
}

TEST(RiskArray, AnAbsentScalarIsNotZero) {
  const RiskArray array = build(plan_of(3, 5));
  EXPECT_EQ(array.scalar(0, ScalarField::mark), i128{0});
  EXPECT_EQ(array.scalar(2, ScalarField::mark), i128{2});
  EXPECT_FALSE(array.scalar(2, ScalarField::vega).has_value());
}

TEST(RiskArray, MaximaAreMagnitudes) {
  const RiskArray array = build(plan_of(2, 9), 1, [](RiskArrayBuilder& builder) {
    for (auto& entry : builder.narrow_row(0)) entry = 3;
    builder.narrow_row(0)[8] = -2147483647;
  });
  EXPECT_EQ(array.maxima()[0], 2147483647u);
}

TEST(RiskArray, TheMostNegativeEntryIsRefusedByName) {
  auto builder = RiskArrayBuilder::create(plan_of(2, 9)).value();
  builder.narrow_row(1)[4] = std::numeric_limits<std::int32_t>::min();
  const auto array = std::move(builder).finish(1);
  ASSERT_FALSE(array.has_value());
  EXPECT_EQ(array.error().field, "row 1");
}

TEST(RiskArray, WrongPlansAreRefused) {
  const auto refused = [](auto spoil) {
    ArrayPlan plan = plan_of(4, 9);
    spoil(plan);
    return !RiskArrayBuilder::create(std::move(plan)).has_value();
  };
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.rows[3].name = "row 0"; }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.rows[3].exponent = 121; }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.rows[3].name = std::string(129, 'x'); }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.ranges[0].begin = 0; }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.ranges[0].end = 10; }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.ranges[0].end = 1; }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.weights.resize(3); }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.weights.resize(9, Ratio{-1}); }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.scenarios.resize(1); }));
  EXPECT_TRUE(refused([](ArrayPlan& plan) { plan.globals = {{.name = "b"}, {.name = "a"}}; }));
  EXPECT_FALSE(refused([](ArrayPlan&) {}));
}

TEST(ArrayDigest, DependsOnEveryPartOfTheArray) {
  std::set<Digest> seen;
  const auto add = [&](const RiskArray& array) { EXPECT_TRUE(seen.insert(array.digest()).second); };
  const auto changed_plan = [&](auto spoil) {
    ArrayPlan plan = plan_of(4, 9);
    spoil(plan);
    add(build(std::move(plan)));
  };
  changed_plan([](ArrayPlan&) {});
  changed_plan([](ArrayPlan& plan) { plan.rows[2].name += "x"; });
  changed_plan([](ArrayPlan& plan) { plan.rows[2].exponent = 9; });
  changed_plan([](ArrayPlan& plan) { plan.scenarios[4] += "x"; });
  changed_plan([](ArrayPlan& plan) { plan.ranges[0].end -= 1; });
  changed_plan([](ArrayPlan& plan) { plan.weights.resize(9, Ratio{1}); });
  changed_plan([](ArrayPlan& plan) { plan.globals = {{.name = "peg", .decimals = 2, .value = 99}}; });
  add(build(plan_of(4, 9, RowWidth::wide)));
  for (std::uint32_t row = 0; row < 4; ++row) {
    for (std::size_t s = 0; s < 9; ++s) {
      add(build(plan_of(4, 9), 1, [&](RiskArrayBuilder& builder) { builder.narrow_row(row)[s] += 1; }));
    }
    for (const ScalarScale& scale : scalar_scales) {
      add(build(plan_of(4, 9), 1, [&](RiskArrayBuilder& builder) { builder.set_scalar(row, scale.field, 77); }));
    }
  }
}

TEST(ArrayDigest, IsTheSameForAnyNumberOfThreads) {
  const RiskArray one = build(plan_of(50, 70), 1);
  const RiskArray many = build(plan_of(50, 70), 4);
  EXPECT_EQ(one.digest(), many.digest());
  EXPECT_EQ(publish(one, 1).root, publish(many, 4).root);
}

// The layout a contract or another language re-creates: 8-byte count and text, exponent, width, 8-byte count, entries.
TEST(ArrayDigest, RowBytesAreAsDocumented) {
  auto builder =
      RiskArrayBuilder::create({.rows = {{.name = "A", .exponent = -3}}, .scenarios = {"now", "down"}}).value();
  builder.narrow_row(0)[0] = 258;
  builder.narrow_row(0)[1] = -2;
  const RiskArray array = std::move(builder).finish(1).value();
  std::vector<std::byte> expected;
  for (const int b : {1, 0, 0, 0, 0, 0, 0, 0, 65, 253, 0, 2, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 254, 255, 255, 255}) {
    expected.push_back(static_cast<std::byte>(b));
  }
  EXPECT_EQ(array.row_bytes(0), expected);
}

TEST(PublishedDigest, ProvesEveryRowAndRejectsAChangedOne) {
  for (const std::size_t rows : {std::size_t{1}, std::size_t{5}, std::size_t{8}}) {
    const RiskArray array = build(plan_of(rows, 9));
    const PublishedDigest published = publish(array, 2);
    for (std::uint32_t row = 0; row < rows; ++row) {
      const MerkleProof proof = prove_row(published, row);
      std::vector<std::byte> bytes = array.row_bytes(row);
      EXPECT_TRUE(verify_row(published.root, Bytes(bytes), proof));
      bytes.back() ^= std::byte{1};
      EXPECT_FALSE(verify_row(published.root, Bytes(bytes), proof));
    }
    EXPECT_TRUE(
        verify_row(published.root, Bytes(array.plan_bytes()), prove_row(published, static_cast<std::uint32_t>(rows))));
  }
}

}  // namespace
}  // namespace margrave
