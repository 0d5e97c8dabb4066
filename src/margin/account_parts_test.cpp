#include <gtest/gtest.h>

#include "margin/book_reader.h"
#include "margin/fill.h"
#include "margin/linked.h"
#include "margin/margin_fixture.h"

namespace margrave {
namespace {

std::vector<Book> read(const Venue& venue, const std::string& yaml) {
  const auto books = read_books(*parse_document(yaml, "book.yaml"), venue.registry);
  EXPECT_TRUE(books) << (books ? "" : to_string(books.error()));
  return books ? *books : std::vector<Book>{};
}

std::string error_of(const std::string& yaml) {
  const Venue venue;
  const auto document = parse_document(yaml, "book.yaml");
  if (!document) return to_string(document.error());
  const auto books = read_books(*document, venue.registry);
  return books ? "" : to_string(books.error());
}

const std::string perpetual = "{instrument: BTC-PERP, size: '1', entry_price: '50000'";

TEST(BookParts, UnsettledProfitDebtAndFundingAreEquity) {
  const Venue venue;
  const Recipe recipe =
      recipe_of("components: {a: {rate: '0.1', base: notional}}\nlevels: {initial: a, maintenance: a}\n");
  const auto plain = read(venue, "account: a\nbalances: {USDC: '1000'}\npositions: [" + perpetual + "}]\n");
  const auto parts = read(venue,
                          "account: a\nbalances: {USDC: '1000'}\nunsettled: {USDC: '12.5'}\nborrowed: {USDC: '300'}\n"
                          "positions: [" +
                              perpetual + ", accrued_funding: '-2.25'}]\n");
  const Usd before = assess_with(venue, recipe, plain[0]).equity, after = assess_with(venue, recipe, parts[0]).equity;
  // USDC of the fixture is worth 2^-20 USD a millionth, rounded down per sum.
  const double lost = static_cast<double>((before - after).raw) * 1e-9;
  EXPECT_NEAR(lost, 289.75 * 1e6 * 0x1p-20, 1e-8);
  EXPECT_NE(digest_of(venue.registry, plain[0]), digest_of(venue.registry, parts[0]));
  EXPECT_TRUE(parts[0].balances[0].unsettled == 12'500'000 && parts[0].balances[0].borrowed == 300'000'000);
}

TEST(BookParts, AnIsolatedPositionIsAnAccountOfItsOwn) {
  const Venue venue;
  const auto books = read(venue, "account: a\nlinked: fund\nbalances: {USDC: '1000'}\npositions:\n  - " + perpetual +
                                     "}\n  - {instrument: ETH-PERP, size: '-2', collateral: {USDC: '70'}}\n"
                                     "subaccounts:\n  - {account: b, balances: {USDC: '5'}}\n");
  ASSERT_EQ(books.size(), 3u);
  EXPECT_EQ(books[0].positions.size(), 1u);
  EXPECT_EQ(books[1].account + " of " + books[1].owner, "a/ETH-PERP of a");
  EXPECT_TRUE(books[1].balances[0].units == 70'000'000);
  EXPECT_EQ(books[2].account + " of " + books[2].owner, "a/b of a");
  for (const Book& book : books) EXPECT_EQ(book.linked, "fund");
}

TEST(BookParts, OrdersInYamlAndCsvAreTheSame) {
  const Venue venue;
  const auto yaml = read(venue,
                         "account: a\norders:\n  - {instrument: BTC-PERP, size: '-2', limit_price: '51000', fee: "
                         "'1.5', reduce_only: true}\n");
  const auto csv = read_books_csv(
      "b.csv", "account,instrument,size,limit_price,fee,reduce_only\na,BTC-PERP,-2,51000,1.5,true\n", venue.registry);
  ASSERT_TRUE(csv) << to_string(csv.error());
  EXPECT_EQ(digest_of(venue.registry, yaml[0]), digest_of(venue.registry, csv->front()));
  EXPECT_TRUE(csv->front().positions.empty() && csv->front().orders[0].reduce_only);
}

TEST(BookParts, ErrorsNamePlaceAndRemedy) {
  const auto order = [](const std::string& fields) { return error_of("account: a\norders:\n  - {" + fields + "}\n"); };
  EXPECT_NE(order("instrument: BTC-PERP, size: '1'").find("limit_price"), std::string::npos);
  EXPECT_EQ(order("instrument: BTC-PERP, size: '1', limit_price: '0'"),
            "book.yaml:3:52: orders[0].limit_price: limit_price 0 is not positive (give the order's limit)");
  EXPECT_NE(order("instrument: BTC-PERP, size: '1', limit_price: '1e36'").find("out of range"), std::string::npos);
  EXPECT_NE(order("instrument: BTC-PERP, size: '1', limit_price: '5', fee: '1e35'").find("fee"), std::string::npos);
  EXPECT_NE(error_of("account: a\nborrowed: {USDC: '-1'}\n").find("positive amount"), std::string::npos);
  EXPECT_NE(error_of("account: a\nunsettled: {USDC: '1', USDC: '2'}\n").find("USDC"), std::string::npos);
  EXPECT_NE(error_of("account: a\npositions: [{instrument: BTC-27MAR26-C, size: '1', accrued_funding: '1'}]\n")
                .find("an option has no accrued_funding"),
            std::string::npos);
  EXPECT_NE(error_of("account: a\npositions:\n  - {instrument: ETH-PERP, size: '1', collateral: {}}\n  - {instrument: "
                     "ETH-PERP, size: '1', collateral: {}}\n")
                .find("account 'a/ETH-PERP' is given twice"),
            std::string::npos);
}

Order order(const Venue& venue, const char* name, std::int64_t lots, const char* limit, bool reduce_only = false) {
  return {*venue.registry.instrument(name), Lots{lots}, dec(limit), dec("0.3"), reduce_only};
}

TEST(Fills, NetIntoThePositionAndWhatIsClosedIsPaidOut) {
  const Venue venue;
  Book book{"a", {{AssetId{0}, 1'000'000'000}}, {venue.position("BTC-PERP", 100, "50000")}};
  book.orders = {order(venue, "BTC-PERP", -100, "51000"), order(venue, "BTC-27MAR26-C", 10, "4000")};
  const Portfolio held = *make_portfolio(venue.registry, venue.index, *venue.array, book);
  const auto fills = make_fills(venue.registry, venue.index, book);
  ASSERT_TRUE(fills) << to_string(fills.error());
  const Portfolio closed = *with_fills(held, *fills, {true, false});
  EXPECT_TRUE(closed.lines.empty());
  // 0.1 BTC bought at 50,000 and sold at 51,000, less the fee.
  EXPECT_TRUE(closed.balances[0].quantity == 1'000'000'000 + 100'000'000 - 300'000);
  const Portfolio bought = *with_fills(held, *fills, {false, true});
  ASSERT_EQ(bought.lines.size(), 2u);
  EXPECT_FALSE(bought.lines[1].leg.has_value());
  EXPECT_TRUE(bought.balances[0].quantity == 1'000'000'000 - 40'000'000 - 300'000);  // 0.01 BTC of a premium of 4,000
}

TEST(Fills, ReduceOnlyOrdersCloseAndNoMore) {
  const Venue venue;
  Book book{"a", {}, {venue.position("BTC-PERP", 100, "50000")}};
  book.orders = {order(venue, "BTC-PERP", -80, "52000", true), order(venue, "BTC-PERP", -70, "51000", true),
                 order(venue, "BTC-PERP", 30, "49000"), order(venue, "BTC-PERP", 50, "48000", true)};
  const auto fills = *make_fills(venue.registry, venue.index, book);
  // 100 held and 30 to be bought: 130 may be sold, those at 51,000 first; nothing is short that 50 could close.
  ASSERT_EQ(fills.size(), 3u);
  EXPECT_EQ(fills[1].order, 1u);
  EXPECT_EQ(fills[1].line.lots.raw, -70);
  EXPECT_EQ(fills[2].line.lots.raw, -60);
  const Portfolio held = *make_portfolio(venue.registry, venue.index, *venue.array, book);
  const Portfolio closed = *with_fills(held, fills, {false, true, true});
  EXPECT_TRUE(closed.lines.empty());  // 70 and 30 of the 60
}

TEST(LinkedAccounts, AreAskedForWhatTheyWouldBeAskedForAsOne) {
  const Venue venue;
  // A rate that grows with the size: a tenth up to 50,000 USD, a half above.
  const Recipe recipe = recipe_of(
      "tables: {tiers: {kind: marginal, of: usd, rows: [[0, '0.1'], [50000, '0.5']]}}\n"
      "components: {a: {each: underlying, value: tiers(abs(sum(notional)))}}\nlevels: {initial: a, maintenance: a}\n");
  const Book whole{"whole", {}, {venue.position("BTC-PERP", 3000)}};
  std::vector<Book> parts{{"one", {}, {venue.position("BTC-PERP", 1000)}},
                          {"two", {}, {venue.position("BTC-PERP", 2000)}}};
  std::vector<MarginReport> reports;
  for (Book& book : parts) {
    book.linked = "desk";
    reports.push_back(assess_with(venue, recipe, book));
  }
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  ASSERT_TRUE(raise_linked(inputs, parts, {&reports[0], &reports[1]}));
  const Usd together = assess_with(venue, recipe, whole).initial(recipe);
  EXPECT_EQ(together.raw, usd(55'000));
  EXPECT_EQ((reports[0].initial(recipe) + reports[1].initial(recipe)).raw, together.raw);
  EXPECT_EQ(reports[0].components[recipe.initial].amount.raw, usd(5'000));
  EXPECT_EQ(reports[0].initial(recipe).raw,
            usd(5'000) + usd(20'000) / 7 + 1);  // 20,000 more, 5,000 to 30,000; the larger remainder
}

// The same by position: the two positions are one, although each account has its own.
TEST(LinkedAccounts, HaveOnePositionInAnInstrument) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "tables: {tiers: {kind: marginal, of: usd, rows: [[0, '0.1'], [50000, '0.5']]}}\n"
      "components: {a: {each: position, value: tiers(abs(notional))}}\nlevels: {initial: a, maintenance: a}\n");
  std::vector<Book> parts{{"one", {}, {venue.position("BTC-PERP", 1000)}},
                          {"two", {}, {venue.position("BTC-PERP", 2000)}}};
  std::vector<MarginReport> reports;
  for (Book& book : parts) {
    book.linked = "desk";
    reports.push_back(assess_with(venue, recipe, book));
  }
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  ASSERT_TRUE(raise_linked(inputs, parts, {&reports[0], &reports[1]}));
  EXPECT_EQ((reports[0].initial(recipe) + reports[1].initial(recipe)).raw, usd(55'000));
}

TEST(LinkedAccounts, ThatWouldBeAskedForLessAsOneAreLeftAsTheyAre) {
  const Venue venue;
  const Recipe recipe = recipe_of(
      "components: {a: {rate: '0.1', base: notional, group: underlying}}\nlevels: {initial: a, maintenance: a}\n");
  std::vector<Book> parts{{"one", {}, {venue.position("BTC-PERP", 1000)}},
                          {"two", {}, {venue.position("BTC-PERP", -900)}}};
  std::vector<MarginReport> reports;
  for (Book& book : parts) {
    book.linked = "desk";
    reports.push_back(assess_with(venue, recipe, book));
  }
  const MarginInputs inputs{venue.registry, *venue.array, venue.index, recipe, best_isa()};
  ASSERT_TRUE(raise_linked(inputs, parts, {&reports[0], &reports[1]}));
  EXPECT_TRUE(reports[0].linked.empty() && reports[1].linked.empty());
}

}  // namespace
}  // namespace margrave
