#include "array/batch.h"

#include <gtest/gtest.h>

#include "array/array_fixture.h"
#include "array/measure.h"
#include "array/tail_finder.h"

namespace margrave {
namespace {

struct Book {
  RiskArray array;
  std::vector<std::vector<Holding>> accounts;
  std::vector<std::uint32_t> groups;
};

Book random_book(const RandomArray& shape, std::size_t accounts, int bits, std::uint64_t seed) {
  Random random{.seed = seed};
  Book book{random_array(shape, random), {}, {}};
  for (std::size_t a = 0; a < accounts; ++a) {
    // Some accounts are mostly ordinary: one large balance beside small positions.
    book.accounts.push_back(random_holdings(random.below(40), shape.rows, a % 4 == 0 ? bits : 12, random));
  }
  for (std::size_t row = 0; row < shape.rows; ++row) book.groups.push_back(static_cast<std::uint32_t>(row % 5));
  return book;
}

PackedBatch packed(const Book& book, bool ordered) {
  return pack_batch(
             book.array.exponents(),
             ordered ? std::span<const std::uint32_t>(book.groups) : std::span<const std::uint32_t>(),
             book.accounts.size(), [&](std::size_t a, std::vector<Holding>& out) { out = book.accounts[a]; }, 2)
      .value();
}

BatchCount assess(const Book& book, const PackedBatch& batch, const ScenarioRange& range, std::size_t k, Isa isa,
                  unsigned threads, std::vector<std::int64_t>& thresholds, std::vector<AccountRisk>& risks) {
  BatchWorkspace workspace = BatchWorkspace::create(book.array, isa, threads).value();
  risks.assign(book.accounts.size(), {});
  return assess_batch({.array = book.array, .batch = batch, .range = range, .k = k, .isa = isa, .threads = threads},
                      workspace, thresholds, risks)
      .value();
}

void expect_naive(const Book& book, const ScenarioRange& range, std::size_t k, const std::vector<AccountRisk>& risks,
                  std::uint64_t seed) {
  for (std::size_t a = 0; a < book.accounts.size(); ++a) {
    const AccountRisk& risk = risks[a];
    const auto values = naive_values(book.array, book.accounts[a], risk.exponent);
    const auto losses = naive_losses(values, range.begin, range.end);
    i128 sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += losses[i].loss;
    ASSERT_TRUE(risk.now == values[0]) << "seed " << seed << " account " << a;
    ASSERT_TRUE(risk.worst == losses[0].loss) << "seed " << seed << " account " << a;
    ASSERT_EQ(risk.worst_column, losses[0].column) << "seed " << seed << " account " << a;
    ASSERT_TRUE(risk.value_at_risk == losses[k - 1].loss) << "seed " << seed << " account " << a;
    ASSERT_TRUE(risk.tail_sum == sum) << "seed " << seed << " account " << a;
  }
}

TEST(Batch, IsExactForEveryPathRangeAndTail) {
  std::array<std::size_t, 5> seen{};
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    Random random{.seed = seed + 1000};
    const RandomArray shape{.rows = 30,
                            .columns = 2 + random.below(300),
                            .width = seed % 6 == 5 ? RowWidth::wide : RowWidth::narrow,
                            .lowest = -20,
                            .highest = seed % 2 == 0 ? -20 : -9,
                            .largest = seed % 3 == 0 ? 1 << 12 : 1 << 30,
                            .distinct = seed % 4 == 3 ? 5 : 0};
    const Book book = random_book(shape, 40, seed % 3 == 1 ? 70 : 28, seed);
    const auto columns = static_cast<std::uint32_t>(book.array.columns());
    const auto begin = static_cast<std::uint32_t>(1 + random.below(columns - 1));
    const ScenarioRange range{"part", begin, static_cast<std::uint32_t>(begin + 1 + random.below(columns - begin))};
    const std::size_t k = seed % 7 == 0 ? 1 : seed % 7 == 1 ? range.size() : 1 + random.below(range.size());
    std::vector<std::int64_t> thresholds(book.accounts.size(), 0);
    std::vector<AccountRisk> risks;
    const BatchCount count = assess(book, packed(book, true), range, k, best_isa(), 1, thresholds, risks);
    expect_naive(book, range, k, risks, seed);
    for (std::size_t p = 0; p < seen.size(); ++p) seen[p] += count.path[p];
  }
  for (std::size_t p = 0; p < 4; ++p) EXPECT_GT(seen[p], 20u) << to_string(static_cast<SumPath>(p));
}

TEST(Batch, InstructionSetsThreadsOrderAndThresholdsChangeNothing) {
  const Book book = random_book({.rows = 30, .columns = 200, .lowest = -20, .highest = -12}, 3000, 60, 17);
  const ScenarioRange range{"all", 1, 200};
  std::vector<std::int64_t> thresholds(book.accounts.size(), 0);
  std::vector<AccountRisk> first, risks;
  assess(book, packed(book, false), range, 5, Isa::portable, 1, thresholds, first);
  expect_naive(book, range, 5, first, 17);
  Random random{.seed = 18};
  for (const Isa isa : supported_isas()) {
    for (const unsigned threads : {1u, 2u, 5u}) {
      for (const bool ordered : {false, true}) {
        for (std::size_t a = 0; a < thresholds.size(); ++a) {
          if (a % 3 == 0) thresholds[a] = static_cast<std::int64_t>(random.bits());  // hostile; the others are warm
        }
        assess(book, packed(book, ordered), range, 5, isa, threads, thresholds, risks);
        for (std::size_t a = 0; a < risks.size(); ++a) {
          ASSERT_TRUE(risks[a].tail_sum == first[a].tail_sum && risks[a].worst == first[a].worst &&
                      risks[a].value_at_risk == first[a].value_at_risk &&
                      risks[a].worst_column == first[a].worst_column && risks[a].now == first[a].now &&
                      risks[a].exponent == first[a].exponent && risks[a].path == first[a].path)
              << "seed 17 account " << a;
        }
      }
    }
  }
}

/// Rows of the largest entries and of ties; lots that sum to just what split sums allow, or to one more.
Book book_at_the_split_limit(std::size_t columns, std::int64_t lots, std::uint64_t seed) {
  Random random{.seed = seed};
  ArrayPlan plan;
  for (int i = 0; i < 8; ++i) plan.rows.push_back({"row " + std::to_string(i), -10});
  for (std::size_t s = 0; s < columns; ++s) plan.scenarios.push_back("s" + std::to_string(s));
  plan.ranges = {{"all", 1, static_cast<std::uint32_t>(columns)}};
  auto builder = RiskArrayBuilder::create(plan).value();
  constexpr std::int32_t most = std::numeric_limits<std::int32_t>::max();
  constexpr std::int32_t edges[] = {most, -most, 0, 0x7FFF, 0x8000, -0x8000, -0x8001, 0xFFFF, 0x10000, -0x10000, 1, -1};
  for (std::uint32_t row = 0; row < 8; ++row) {
    for (std::int32_t& entry : builder.narrow_row(row)) entry = row == 0 ? most : edges[random.below(12)];
    if (row == 1) std::fill(builder.narrow_row(1).begin(), builder.narrow_row(1).end(), -most);
  }
  Book book{std::move(builder).finish(1).value(), {}, std::vector<std::uint32_t>(8, 0)};
  book.accounts = {{{0, lots}}, {{1, lots}}, {{0, -lots}}, {{0, lots - 1}, {1, -1}}, {{0, 1}, {1, 1 - lots}}, {}};
  for (int a = 0; a < 60; ++a) {
    std::int64_t left = lots;
    std::vector<Holding> holdings;
    while (left > 0 && holdings.size() < static_cast<std::size_t>(a)) {
      const auto part = static_cast<std::int64_t>(1 + random.below(static_cast<std::uint64_t>(left)));
      left -= part;
      holdings.push_back({static_cast<std::uint32_t>(random.below(8)), random.bits() % 2 == 0 ? part : -part});
    }
    if (left > 0) holdings.push_back({static_cast<std::uint32_t>(random.below(8)), left});
    book.accounts.push_back(holdings);
  }
  return book;
}

TEST(Batch, SplitSumsAreExactUpToTheirLimitAndNotTakenBeyond) {
  for (const std::size_t columns : {17u, 200u, 529u}) {
    for (const std::int64_t lots : {split_lots_most, split_lots_most + 1}) {
      const Book book = book_at_the_split_limit(columns, lots, columns);
      const PackedBatch batch = packed(book, false);
      for (std::size_t a = 0; a < batch.accounts.size(); ++a) {
        EXPECT_EQ(batch.accounts[a].splits, lots == split_lots_most || book.accounts[a].empty()) << "account " << a;
      }
      for (const Isa isa : supported_isas()) {
        std::vector<std::int64_t> thresholds(book.accounts.size(), 0);
        std::vector<AccountRisk> risks;
        for (int pass = 0; pass < 2; ++pass) {  // cold, then warm
          assess(book, batch, {"part", 3, static_cast<std::uint32_t>(columns)}, 7, isa, 1, thresholds, risks);
          expect_naive(book, {"part", 3, static_cast<std::uint32_t>(columns)}, 7, risks, columns);
        }
      }
    }
  }
}

// The machine's table is one of two; the other must give the same on machines that have both.
TEST(Kernels, BothTablesOfAvx512SplitTheSame) {
  if (best_isa() != Isa::avx512) GTEST_SKIP() << "needs AVX-512";
  const Book book = book_at_the_split_limit(529, split_lots_most, 3);
  const PackedBatch batch = packed(book, false);
  std::vector<const ColumnKernels*> tables = {&column_kernels_avx512, &column_kernels(Isa::avx512)};
  for (const BatchAccount& account : batch.accounts) {
    for (const ColumnKernels* table : tables) {
      AlignedMemory memory = AlignedMemory::allocate(2 * book.array.stride() * sizeof(std::int32_t)).value();
      auto* high = reinterpret_cast<std::int32_t*>(memory.data());
      const SplitValues values{high, high + book.array.stride()};
      table->split_sums({.rows = book.array.narrow_entries(),
                         .stride = book.array.stride(),
                         .entries = batch.entries.data() + account.first_entry,
                         .runs = batch.runs.data() + account.first_run,
                         .run_count = account.runs,
                         .columns = book.array.stride()},
                        values);
      const auto naive = naive_values(book.array, book.accounts[account.slot], book.array.exponent(0));
      for (std::size_t s = 0; s < naive.size(); ++s) ASSERT_TRUE(joined(values, s) == naive[s]) << "column " << s;
    }
  }
}

TEST(Batch, TilesOfManyColumnsGiveTheSame) {
  for (const std::uint32_t begin : {1u, 15u, 300u, 2303u}) {
    Book book =
        random_book({.rows = 20, .columns = 2600, .lowest = -20, .highest = -16, .distinct = 40}, 60, 60, begin);
    const ScenarioRange range{"part", begin, 2590};
    for (const std::size_t k : {std::size_t{1}, std::size_t{65}, range.size()}) {
      std::vector<std::int64_t> thresholds(book.accounts.size(), 0);
      std::vector<AccountRisk> risks;
      for (int pass = 0; pass < 2; ++pass) {  // cold, then warm
        const BatchCount count = assess(book, packed(book, true), range, k, best_isa(), 1, thresholds, risks);
        expect_naive(book, range, k, risks, begin);
        if (pass == 1 && k == 65) {
          EXPECT_GT(count.warm, 30u);
        }
      }
    }
  }
}

TEST(Batch, IsWarmOnTheSecondPass) {
  const Book book = random_book({.rows = 30, .columns = 513}, 200, 12, 4);
  std::vector<std::int64_t> thresholds(book.accounts.size(), 0);
  std::vector<AccountRisk> risks;
  assess(book, packed(book, true), {"all", 1, 513}, 13, best_isa(), 1, thresholds, risks);
  const BatchCount count = assess(book, packed(book, true), {"all", 1, 513}, 13, best_isa(), 1, thresholds, risks);
  EXPECT_GT(count.warm, 180u);
}

TEST(Batch, AnAccountThatIsTooLargeStopsNobodyElse) {
  Book book = random_book({.rows = 30, .columns = 40}, 3, 12, 4);
  book.accounts[1] = {{0, i128_max}};
  std::vector<std::int64_t> thresholds(3, 0);
  std::vector<AccountRisk> risks;
  const BatchCount count = assess(book, packed(book, true), {"all", 1, 40}, 3, best_isa(), 1, thresholds, risks);
  EXPECT_EQ(count.path[static_cast<std::size_t>(SumPath::too_large)], 1u);
  EXPECT_EQ(risks[1].path, SumPath::too_large);
  book.accounts.erase(book.accounts.begin() + 1);
  risks.erase(risks.begin() + 1);
  expect_naive(book, {"all", 1, 40}, 3, risks, 4);
}

TEST(Batch, WrongShapesAreRefused) {
  const Book book = random_book({.rows = 30, .columns = 40}, 3, 12, 4);
  const PackedBatch batch = packed(book, false);
  std::vector<std::int64_t> thresholds(3);
  std::vector<AccountRisk> risks(3);
  BatchWorkspace workspace = BatchWorkspace::create(book.array, best_isa(), 1).value();
  const auto refused = [&](ScenarioRange range, std::size_t k) {
    return !assess_batch({.array = book.array, .batch = batch, .range = range, .k = k}, workspace, thresholds, risks)
                .has_value();
  };
  EXPECT_TRUE(refused({"now", 0, 5}, 1));
  EXPECT_TRUE(refused({"empty", 5, 5}, 1));
  EXPECT_TRUE(refused({"beyond", 5, 41}, 1));
  EXPECT_TRUE(refused({"tail", 1, 5}, 5));
  EXPECT_TRUE(refused({"no tail", 1, 5}, 0));
  EXPECT_FALSE(refused({"good", 1, 5}, 4));
}

TEST(PackBatch, OrdersByDominantGroupAndKeepsSlots) {
  const std::vector<std::int8_t> exponents(6, 0);
  const std::vector<std::uint32_t> groups = {2, 2, 1, 1, 0, 0};
  const std::vector<std::uint64_t> offsets = {0, 2, 4, 7, 7};
  const std::vector<PackedEntry> positions = {{0, 5}, {1, 1}, {2, 1}, {3, -4}, {4, 2}, {1, 3}, {5, 9}};
  const PackedBatch batch = pack_batch(exponents, groups, {offsets, positions}, 1).value();
  ASSERT_EQ(batch.accounts.size(), 4u);
  EXPECT_EQ(batch.accounts[0].slot, 2u);
  EXPECT_EQ(batch.accounts[1].slot, 1u);
  EXPECT_EQ(batch.accounts[2].slot, 0u);
  EXPECT_EQ(batch.accounts[3].slot, 3u) << "an account without positions comes last";
  const std::vector<PackedEntry> most_negative = {{0, std::numeric_limits<std::int32_t>::min()}};
  const std::vector<std::uint64_t> one = {0, 1}, falling = {1, 0}, beyond = {0, 9};
  EXPECT_FALSE(pack_batch(exponents, groups, {one, most_negative}, 1).has_value());
  EXPECT_FALSE(pack_batch(exponents, groups, {falling, positions}, 1).has_value());
  EXPECT_FALSE(pack_batch(exponents, groups, {beyond, positions}, 1).has_value());
}

TEST(Constant, JoinsTheValueNowExactly) {
  const ConstantAmount finer = now_with({.now = 3, .exponent = -2}, {.amount = 5, .exponent = -4}).value();
  EXPECT_TRUE(finer.amount == 17 && finer.exponent == -4);
  const ConstantAmount coarser = now_with({.now = 3, .exponent = -2}, {.amount = 5, .exponent = 0}).value();
  EXPECT_TRUE(coarser.amount == 23 && coarser.exponent == -2);
  EXPECT_FALSE(now_with({.now = 3, .exponent = 120}, {.amount = 5, .exponent = -20}).has_value());
}

}  // namespace
}  // namespace margrave
