#include "margin/account.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>

#include "base/random.h"
#include "margin/group.h"
#include "margin/margin_fixture.h"

namespace margrave {
namespace {

const char* const uses_all = R"yaml(components:
  a: {each: position, value: abs(notional)}
  b: {each: instrument, value: "abs(sum(notional))"}
  c: {each: strike, value: "abs(sum(notional))"}
  d: {each: expiry, value: "abs(sum(notional))"}
  e: {each: pair, value: "abs(sum(notional))"}
  f: {each: underlying, value: "abs(sum(notional))"}
levels: {initial: a, maintenance: a}
)yaml";

constexpr Grouping groupings[] = {Grouping::position, Grouping::instrument, Grouping::strike, Grouping::expiry,
                                  Grouping::pair,     Grouping::underlying, Grouping::all};

std::vector<std::vector<std::size_t>> groups_of(const GroupedLines& lines) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t g = 0; g < lines.size(); ++g) groups.emplace_back(lines[g].begin(), lines[g].end());
  return groups;
}

// Against the grouping of single lines that measures of rates use.
RC_GTEST_PROP(Account, ASelectionHasTheLinesThatFitGroupByGroup, (std::uint64_t seed)) {
  Random random{.seed = seed};
  const Venue venue;
  const Recipe recipe = recipe_of(uses_all);
  const char* const names[] = {"BTC-PERP", "ETH-PERP", "BTC-27MAR26-C", "BTC-INVERSE"};
  Book book{"a", {}, {}};
  for (std::uint64_t n = random.below(9); n > 0; --n) {
    book.positions.push_back(venue.position(names[random.below(4)], random.below(2) == 0 ? 3 : -4, "100"));
  }
  const Portfolio portfolio = *make_portfolio(venue.registry, venue.index, *venue.array, book);
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe};
  Account account(inputs, portfolio);
  for (int kinds = 0; kinds < 16; ++kinds) {
    std::vector<Kind> chosen;
    for (int k = 0; k < 4; ++k) {
      if ((kinds >> k & 1) != 0) chosen.push_back(static_cast<Kind>(k));
    }
    const Side side = static_cast<Side>(random.below(3));
    const std::optional<bool> is_call = random.below(2) == 0 ? std::nullopt : std::optional(random.below(2) == 0);
    std::vector<bool> included;
    for (const Line& line : portfolio.lines) {
      const Instrument& instrument = venue.registry[line.instrument];
      const bool fits = !is_call || (instrument.kind == Kind::option && instrument.is_call == *is_call);
      included.push_back(fits && is_of(venue.registry, line, chosen, side));
    }
    for (const Grouping grouping : groupings) {
      std::vector<std::vector<std::size_t>> expected;
      for (const LineGroup& group : group_lines(venue.registry, portfolio, grouping, included, false))
        expected.push_back(group.lines);
      RC_ASSERT(groups_of(account.lines(grouping, {chosen, side, is_call, {}})) == expected);
    }
  }
}

TEST(Account, SelectionsThatComeToTheSameLinesAreOne) {
  const Venue venue;
  const Recipe recipe = recipe_of(uses_all);
  const Book book{"a", {}, {venue.position("BTC-27MAR26-C", 3), venue.position("BTC-27MAR26-C", 4)}};
  const Portfolio portfolio = *make_portfolio(venue.registry, venue.index, *venue.array, book);
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe};
  Account account(inputs, portfolio);
  const Kind options[] = {Kind::option};
  const GroupedLines& all = account.lines(Grouping::expiry, {});
  EXPECT_EQ(&all, &account.lines(Grouping::expiry, {options, Side::longs, true}));
  EXPECT_NE(&all, &account.lines(Grouping::expiry, {options, Side::shorts}));
  EXPECT_EQ(account.lines(Grouping::expiry, {options, Side::shorts}).size(), 0u);
}

}  // namespace
}  // namespace margrave
