#include <chrono>
#include <cstdio>

#include "example_venue.h"

namespace margrave {
namespace {

/// The example venue under the presets, and under scenario-grid once more on wide rows.
struct Venue {
  const Market& market = ExampleVenue::get().market();
  std::unique_ptr<ExampleVenue::Made> wide = [] {
    LoadedRecipe loaded = *load_recipe("scenario-grid");
    loaded.recipe.wide = true;
    return ExampleVenue::get().make(std::move(loaded));
  }();

  const MarginInputs& inputs(const std::string& name) const {
    return name == "wide" ? wide->inputs : ExampleVenue::get().under(name).inputs;
  }
  const Recipe& recipe(const std::string& name) const { return inputs(name).recipe; }
  MarginReport assess(const std::string& name, const Book& book) const {
    auto report = margrave::assess(inputs(name), book);
    RC_ASSERT(report.has_value());
    return *std::move(report);
  }
  Usd initial(const std::string& name, const Book& book) const { return assess(name, book).initial(recipe(name)); }
  Usd maintenance(const std::string& name, const Book& book) const {
    return assess(name, book).maintenance(recipe(name));
  }
};

const Venue& venue() {
  static const Venue example;
  return example;
}

const char* const presets[] = {"isolated-fixed", "cross-fixed", "scenario-grid", "hs-es"};

std::int64_t forwards_in(const Book& book) {
  return std::count_if(book.positions.begin(), book.positions.end(),
                       [](const Position& p) { return venue().market.registry[p.instrument].is_forward(); });
}

/// The balance added to what is there.
Book with_balance(Book book, AssetId asset, i128 units) {
  for (Balance& balance : book.balances) {
    if (balance.asset == asset) return balance.units += units, book;
  }
  book.balances.push_back({asset, units});
  std::sort(book.balances.begin(), book.balances.end(),
            [](const Balance& a, const Balance& b) { return a.asset < b.asset; });
  return book;
}

RC_GTEST_PROP(Properties, MoreCollateralNeverLowersTheExcess, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  const AssetId asset{static_cast<std::uint32_t>(dice.between(0, 3))};
  const Book richer = with_balance(book, asset, dice.between(0, 1'000'000'000'000));
  for (const char* preset : {"isolated-fixed", "cross-fixed", "scenario-grid"}) {
    RC_ASSERT(venue().initial(preset, richer) == venue().initial(preset, book));
    RC_ASSERT(venue().assess(preset, richer).equity >= venue().assess(preset, book).equity);
  }
}

// Balances of hs-es lie in the scenarios: new collateral may add to the shortfall, but by no more than it would ask for
// alone. So the excess grows whenever the collateral alone has one.
RC_GTEST_PROP(Properties, UnderHistoricalShortfallCollateralAsksForNoMoreThanAlone, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  const AssetId asset{static_cast<std::uint32_t>(dice.between(0, 3))};
  const i128 units = dice.between(0, 1'000'000'000'000);
  const Book alone{"collateral", {{asset, units}}, {}};
  const Usd before = venue().initial("hs-es", book), after = venue().initial("hs-es", with_balance(book, asset, units));
  RC_ASSERT(after <= before + venue().initial("hs-es", alone));
}

// Amounts are rounded up once: twice a rounded amount is at most one unit above the rounded double. The cost leg of a
// forward is rounded to its asset's unit first (1e-8 coin, up to a thousandth of a dollar).
RC_GTEST_PROP(Properties, TwiceTheBookAsksForTwiceAsMuch, (std::uint64_t seed)) {
  Dice dice(seed);
  Book once = dice.book(dice.between(0, 1) == 0);
  Book twice = once;
  for (Position& position : twice.positions) position.lots.raw *= 2;
  for (Balance& balance : twice.balances) balance.units *= 2;
  for (const char* preset : {"scenario-grid", "hs-es"}) {
    const Usd doubled = venue().initial(preset, once) + venue().initial(preset, once);
    const i128 difference = doubled.raw - venue().initial(preset, twice).raw;
    RC_ASSERT(abs128(difference) <= 200 + forwards_in(once) * i128{2'000'000});
  }
}

// Worst cases per underlying, shortfalls and rates of net notional are subadditive, and rounding up keeps them so.
RC_GTEST_PROP(Properties, SplittingABookNeverLowersTheSum, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book whole = dice.book();
  Book left{"left", {}, {}}, right{"right", {}, {}};
  for (const Position& position : whole.positions)
    (dice.between(0, 1) == 0 ? left : right).positions.push_back(position);
  for (const Balance& balance : whole.balances) {
    const i128 part = dice.between(-1'000'000'000, 1'000'000'000);
    left.balances.push_back({balance.asset, part});
    right.balances.push_back({balance.asset, balance.units - part});
  }
  for (const char* preset : presets) {
    RC_ASSERT(venue().initial(preset, whole) <= venue().initial(preset, left) + venue().initial(preset, right));
    RC_ASSERT(venue().maintenance(preset, whole) <=
              venue().maintenance(preset, left) + venue().maintenance(preset, right));
  }
}

Result<Diversification> credit_of(const std::string& name, const Book& book) {
  return diversification(venue().inputs(name), book, venue().assess(name, book));
}

// Every preset is made of subadditive parts: a sum of requirements, each rounded up, is never below the whole's.
RC_GTEST_PROP(Properties, TheDiversificationCreditIsNeverBelowZero, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  for (const char* preset : presets) {
    const auto credit = credit_of(preset, book);
    RC_ASSERT(credit.has_value());
    RC_ASSERT(credit->credit.initial.raw >= 0 && credit->credit.maintenance.raw >= 0);
    for (const PairCredit& pair : credit->pairs) {
      RC_ASSERT(pair.credit.initial.raw >= 0 && pair.credit.maintenance.raw >= 0);
    }
  }
}

// Its initial margin is a sum over positions; the half of it that maintenance takes is rounded up once, and once per
// position that stands alone.
RC_GTEST_PROP(Properties, IsolatedPositionsHaveNoDiversificationCredit, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  const auto credit = credit_of("isolated-fixed", book);
  RC_ASSERT(credit.has_value());
  RC_ASSERT(credit->credit.initial.raw == 0);
  RC_ASSERT(credit->credit.maintenance.raw <= static_cast<i128>(book.positions.size()));
}

RC_GTEST_PROP(Properties, OnePositionHasNoDiversificationCredit, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book{"one", {}, {dice.position()}};
  for (const char* preset : presets) {
    const auto credit = credit_of(preset, book);
    RC_ASSERT(credit.has_value());
    RC_ASSERT(credit->credit == LevelAmounts{});
  }
}

// What an account owns is not for a margin model to say.
RC_GTEST_PROP(Properties, EquityIsTheSameUnderEveryRecipe, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  const Usd equity = venue().assess(presets[0], book).equity;
  for (const char* preset : presets) RC_ASSERT(venue().assess(preset, book).equity == equity);
}

RC_GTEST_PROP(Properties, TheOrderOfPositionsChangesNothing, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  Book shuffled = book;
  for (std::size_t i = shuffled.positions.size(); i > 1; --i) {
    std::swap(shuffled.positions[i - 1],
              shuffled.positions[static_cast<std::size_t>(dice.between(0, static_cast<std::int64_t>(i) - 1))]);
  }
  for (const char* preset : presets) {
    const MarginReport a = venue().assess(preset, book), b = venue().assess(preset, shuffled);
    RC_ASSERT(a.equity == b.equity);
    for (std::size_t c = 0; c < a.components.size(); ++c) RC_ASSERT(a.components[c].amount == b.components[c].amount);
  }
}

// Equity does not depend on the width of the rows; a loss is a difference of two values, a level at most that loss.
RC_GTEST_PROP(Properties, NarrowRowsAgreeWithWideOnesWithinTheStatedBound, (std::uint64_t seed)) {
  Dice dice(seed);
  const Book book = dice.book();
  const MarginReport narrow = venue().assess("scenario-grid", book), wide = venue().assess("wide", book);
  const i128 bound = narrow.row_rounding.raw + wide.row_rounding.raw + 1;
  RC_ASSERT(narrow.equity == wide.equity);
  const Recipe& recipe = venue().recipe("wide");
  RC_ASSERT(abs128(narrow.initial(recipe).raw - wide.initial(recipe).raw) <= 2 * bound + 16);
}

// What the full report pays for the credit: docs/methods/margin.md has the numbers of this.
TEST(Properties, ADiversificationCreditCostsAnAssessmentPerPart) {
  for (const std::size_t count : {std::size_t{50}, std::size_t{1000}}) {
    Dice dice(count);
    Book book{"many", {{*venue().market.registry.asset("USDC"), 1'000'000'000'000}}, {}};
    while (book.positions.size() < count) book.positions.push_back(dice.position());
    for (const char* preset : presets) {
      const auto begin = std::chrono::steady_clock::now();
      const auto credit = credit_of(preset, book);
      const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
      ASSERT_TRUE(credit.has_value());
      EXPECT_EQ(credit->parts, count);
      std::printf("%s: diversification of %zu positions in %.2f ms, the report included\n", preset, count, ms);
    }
  }
}

// Ten thousand positions are summed exactly: they come to what the same lots come to in one position per instrument.
TEST(Properties, TenThousandPositionsAreTheSumOfTheirLots) {
  const Registry& registry = venue().market.registry;
  std::vector<InstrumentId> held;
  for (std::uint32_t i = 0; i < registry.instruments().size(); ++i) {
    if (registry.instruments()[i].style == Style::inverse && registry.instruments()[i].is_forward()) continue;
    held.push_back(InstrumentId{i});
  }
  Dice dice(10'000);
  Book many{"many", {{*registry.asset("USDC"), 1'000'000'000'000}}, {}};
  std::map<std::uint32_t, std::int64_t> lots;
  for (std::size_t i = 0; i < 10'000; ++i) {
    const InstrumentId id = held[i % held.size()];
    const std::int64_t size = dice.between(-5000, 5000);
    if (size == 0) continue;
    lots[id.value] += size;
    const bool forward = registry[id].is_forward();
    many.positions.push_back({id, Lots{size}, forward ? std::optional(Decimal{20'000, 1}) : std::nullopt});
  }
  Book few{"few", many.balances, {}};
  for (const auto& [id, size] : lots) {
    const bool forward = registry[InstrumentId{id}].is_forward();
    if (size != 0)
      few.positions.push_back(
          {InstrumentId{id}, Lots{size}, forward ? std::optional(Decimal{20'000, 1}) : std::nullopt});
  }
  EXPECT_GT(many.positions.size(), 9'000u);
  for (const char* preset : {"scenario-grid", "hs-es"}) {
    const Recipe& recipe = venue().recipe(preset);
    const auto begin = std::chrono::steady_clock::now();
    const MarginReport a = venue().assess(preset, many);
    const double ms = std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
    const MarginReport b = venue().assess(preset, few);
    std::printf("%s: %zu positions in %.1f ms, initial margin %s\n", preset, many.positions.size(), ms,
                to_string(a.initial(recipe)).c_str());
    EXPECT_EQ(to_string(a.equity), to_string(b.equity));
    EXPECT_EQ(to_string(a.initial(recipe)), to_string(b.initial(recipe)));
    EXPECT_EQ(to_string(a.maintenance(recipe)), to_string(b.maintenance(recipe)));
    Usd sum;
    for (const Usd part : a.components[recipe.initial].by_line) sum += part;
    EXPECT_EQ(to_string(sum), to_string(a.initial(recipe)));
  }
}

}  // namespace
}  // namespace margrave
