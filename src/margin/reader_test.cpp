#include <gtest/gtest.h>

#include "base/embedded.h"
#include "document/read.h"
#include "margin/book_reader.h"
#include "margin/extends.h"
#include "margin/recipe_reader.h"

namespace margrave {
namespace {

Registry venue() {
  Registry registry;
  const AssetId usdc = *registry.list(Asset{"USDC", 6});
  const AssetId btc = *registry.list(Asset{"BTC", 8});
  const UnderlyingId on_btc = *registry.list(Underlying{"BTC", btc});
  EXPECT_TRUE(registry.list(Instrument{
      .name = "BTC-PERP", .kind = Kind::perpetual, .underlying = on_btc, .settlement = usdc, .lot = Decimal{1, 3}}));
  EXPECT_TRUE(registry.list(Instrument{.name = "BTC-27MAR26-60000-C",
                                       .kind = Kind::option,
                                       .underlying = on_btc,
                                       .settlement = usdc,
                                       .lot = Decimal{1, 1},
                                       .expiry = Timestamp::from_civil(2026, 3, 27, 8),
                                       .strike = Decimal{60000, 0},
                                       .is_call = true}));
  return registry;
}

std::string book_error(const std::string& yaml) {
  const auto document = parse_document(yaml, "book.yaml");
  if (!document) return to_string(document.error());
  const auto books = read_books(*document, venue());
  return books ? "" : to_string(books.error());
}

std::string csv_error(const std::string& csv) {
  const auto books = read_books_csv("book.csv", csv, venue());
  return books ? "" : to_string(books.error());
}

TEST(BookReader, ReadsOneAccountAListAndACsvAlike) {
  const Registry registry = venue();
  const std::string one =
      "account: a\nbalances: {USDC: '1000.5', BTC: '-0.1'}\npositions:\n  - {instrument: BTC-PERP, size: '-0.25', "
      "entry_price: '61000'}\n";
  const auto single = read_books(*parse_document(one, "b.yaml"), registry);
  const auto list =
      read_books(*parse_document("accounts:\n  - " +
                                     std::string("{account: a, balances: {BTC: '-0.1', USDC: '1000.5'}, positions: "
                                                 "[{instrument: BTC-PERP, size: '-0.25', entry_price: '61000'}]}\n"),
                                 "b.yaml"),
                 registry);
  const auto csv = read_books_csv(
      "b.csv",
      "account,asset,balance,instrument,size,entry_price\na,,,BTC-PERP,-0.25,61000\na,BTC,-0.1,,,\na,USDC,1000.5,,,\n",
      registry);
  ASSERT_TRUE(single && list && csv) << (csv ? "" : to_string(csv.error()));
  EXPECT_EQ(digest_of(registry, single->front()), digest_of(registry, list->front()));
  EXPECT_EQ(digest_of(registry, single->front()), digest_of(registry, csv->front()));
  EXPECT_EQ(single->front().positions[0].lots.raw, -250);
  EXPECT_TRUE(single->front().balances[0].units == 1000500000);
}

/// A venue's swap of 0.01 coin under another name.
std::optional<Alias> swap_alias(std::string_view name) {
  if (name != "BTC-SWAP") return std::nullopt;
  return Alias{*venue().instrument("BTC-PERP"), Decimal{1, 2}};
}

TEST(BookReader, AnotherNamesSizeIsConvertedExactlyAndNeverRounded) {
  const Registry registry = venue();
  const auto read = [&](const std::string& size) {
    const auto document = parse_document(
        "account: a\npositions:\n  - {instrument: BTC-SWAP, size: '" + size + "', entry_price: '61000'}\n", "b.yaml");
    return read_books(*document, registry, {.alias = swap_alias});
  };
  const auto books = read("-12.5");
  ASSERT_TRUE(books) << to_string(books.error());
  EXPECT_EQ(books->front().positions[0].lots.raw, -125);  // -0.125 coins of lot 0.001
  const auto between = read("0.05");
  ASSERT_FALSE(between);
  EXPECT_EQ(to_string(between.error()),
            "b.yaml:3:34: positions[0].size: size 0.0005 is not a multiple of the lot 0.001 (use a multiple of 0.001)");
}

TEST(BookReader, WhatNobodyUnderstandsIsAnErrorOrLeftOutByName) {
  const Registry registry = venue();
  const std::string csv = "account,instrument,size\na,BTC-SWAP,1\na,MOON-PERP,5\n";
  const auto strict = read_books_csv("b.csv", csv, registry, {.alias = swap_alias});
  ASSERT_FALSE(strict);
  EXPECT_EQ(strict.error().place.line, 3);
  const auto lenient = read_books_csv("b.csv", csv, registry, {.alias = swap_alias, .exclude_unknown = true});
  ASSERT_TRUE(lenient) << to_string(lenient.error());
  EXPECT_EQ(lenient->front().positions.size(), 1u);
  EXPECT_EQ(lenient->front().excluded, std::vector<std::string>{"MOON-PERP"});
  Book without = lenient->front();
  without.excluded.clear();
  EXPECT_NE(digest_of(registry, without), digest_of(registry, lenient->front()));
  const auto bad_size = read_books_csv("b.csv", "account,instrument,size\na,MOON-PERP,much\n", registry,
                                       {.alias = swap_alias, .exclude_unknown = true});
  EXPECT_FALSE(bad_size);
}

TEST(BookReader, EveryErrorNamesPlaceFieldAndRemedy) {
  EXPECT_EQ(
      book_error("account: a\npositions:\n  - {instrument: BTC-PERB, size: '1'}\n"),
      "book.yaml:3:18: positions[0].instrument: instrument 'BTC-PERB' is not in the market (did you mean BTC-PERP?)");
  EXPECT_EQ(
      book_error("account: a\npositions:\n  - {instrument: BTC-PERP, size: '1.0001'}\n"),
      "book.yaml:3:34: positions[0].size: size 1.0001 is not a multiple of the lot 0.001 (use a multiple of 0.001)");
  EXPECT_NE(book_error("account: a\nbalances: {USDC: nan}\n").find("book.yaml:2"), std::string::npos);
  EXPECT_NE(book_error("account: a\nbalances: {USDC: '1', EUR: '2'}\n").find("asset 'EUR' is not in the market"),
            std::string::npos);
  EXPECT_NE(book_error("account: a\nbalances: {USDC: '0.0000001'}\n").find("at most 6 decimals"), std::string::npos);
  EXPECT_NE(book_error("- {account: a}\n- {account: a}\n").find("book.yaml:2"), std::string::npos);
  EXPECT_NE(book_error("account: a\nbalance: {}\n").find("balances"), std::string::npos);
  EXPECT_NE(book_error("account: a\npositions:\n  - {instrument: BTC-27MAR26-60000-C, size: '1', entry_price: '5'}\n")
                .find("premium"),
            std::string::npos);
  EXPECT_NE(book_error("account: a\npositions:\n  - {instrument: BTC-PERP, size: '0'}\n").find("size is zero"),
            std::string::npos);
  EXPECT_NE(book_error("account: a\npositions:\n  - {instrument: BTC-PERP, size: '1', entry_price: '-3'}\n")
                .find("not positive"),
            std::string::npos);
  EXPECT_NE(book_error("account: a\npositions:\n  - {instrument: BTC-PERP, size: '1e35'}\n").find("2^63"),
            std::string::npos);
  EXPECT_NE(csv_error("account,instrument,size\na,BTC-PERP,x\n").find("book.csv:2"), std::string::npos);
  EXPECT_NE(csv_error("account,instrument,sizes\na,BTC-PERP,1\n").find("'sizes' is not known"), std::string::npos);
  EXPECT_NE(
      csv_error("account,asset,balance,instrument,size\na,USDC,1,BTC-PERP,1\n").find("either a balance or a position"),
      std::string::npos);
}

TEST(BookReader, OptionThatHasExpiredIsNotTakenForOneThatLives) {
  EXPECT_EQ(
      book_error("account: a\npositions:\n  - {instrument: BTC-20MAR26-60000-C, size: '1'}\n"),
      "book.yaml:3:18: positions[0].instrument: instrument 'BTC-20MAR26-60000-C' is not in the market (list it in "
      "the market, or take it out of the book if it has expired)");
}

std::string recipe_error(const std::string& text) {
  const auto document = parse_document(text, "r.yaml", ErrorKind::config);
  if (!document) return to_string(document.error());
  const auto recipe = read_recipe(*document);
  return recipe ? "" : to_string(recipe.error());
}

const std::string head = "recipe: r\nversion: '1'\nscenarios: {moves: {kind: grid, spot: ['0.1']}}\n";

TEST(RecipeReader, EveryPresetReads) {
  int presets = 0;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with("recipes/")) continue;
    ++presets;
    auto parsed = parse_document(file.text, std::string(file.path), ErrorKind::config);
    ASSERT_TRUE(parsed) << to_string(parsed.error());
    const auto document = extend_recipe(*std::move(parsed), Parents::presets);
    ASSERT_TRUE(document) << to_string(document.error());
    const auto recipe = read_recipe(*document);
    ASSERT_TRUE(recipe) << to_string(recipe.error());
    EXPECT_EQ("recipes/" + recipe->name + ".yaml", file.path);
  }
  EXPECT_GE(presets, 4);
}

TEST(RecipeReader, RefusesWhatIsWrongAndSaysWhatIsRight) {
  const std::string levels = "levels: {initial: a, maintenance: a}\n";
  EXPECT_NE(recipe_error(head + "components: {a: {measure: worst, scenarios: move}}\n" + levels)
                .find("no scenario set 'move'"),
            std::string::npos);
  EXPECT_NE(recipe_error(head + "components: {a: {measure: worts, scenarios: moves}}\n" + levels)
                .find("worst, weighted_worst, var, es"),
            std::string::npos);
  EXPECT_NE(recipe_error(head + "components: {a: {sum: [b]}, b: {rate: '1', base: notional}}\n" + levels)
                .find("no component 'b' is defined above"),
            std::string::npos);
  EXPECT_NE(recipe_error(head + "components: {a: {sum: [a]}}\n" + levels).find("defined above"), std::string::npos);
  EXPECT_NE(
      recipe_error(head + "components: {a: {measure: es, scenarios: moves}}\n" + levels).find("need a confidence"),
      std::string::npos);
  EXPECT_NE(recipe_error(head + "components: {a: {measure: es, confidence: '1', scenarios: moves}}\n" + levels)
                .find("below 1"),
            std::string::npos);
  EXPECT_NE(recipe_error(head + "components: {a: {rate: '-0.1', base: notional}}\n" + levels).find("outside 0 to 100"),
            std::string::npos);
  EXPECT_NE(
      recipe_error(head + "components: {a: {rate: '0.1', base: notional, colour: red}}\n" + levels).find("colour"),
      std::string::npos);
  EXPECT_NE(
      recipe_error(head + "components: {a: {rate: '0.1', base: notional}}\nlevels: {initial: a}\n").find("maintenance"),
      std::string::npos);
  EXPECT_NE(
      recipe_error(head + "components: {a: {rate: '0.1', base: notional}}\n" + levels + "extra: 1\n").find("extra"),
      std::string::npos);
}

TEST(RecipeReader, CommentsAndLayoutDoNotChangeTheDigest) {
  const std::string body = "components: {a: {rate: '0.1', base: notional}}\nlevels: {initial: a, maintenance: a}\n";
  const auto digest = [&](const std::string& text) { return read_recipe(*parse_document(text, "r.yaml"))->digest; };
  EXPECT_EQ(digest(head + body),
            digest("# a comment\n" + head +
                   "components:\n  a:\n    rate: '0.1'\n    base: notional\nlevels: {initial: a, maintenance: a}\n"));
  EXPECT_NE(digest(head + body),
            digest(head + "components: {a: {rate: '0.11', base: notional}}\nlevels: {initial: a, maintenance: a}\n"));
}

TEST(RecipeReader, TheStatusIsThatOfTheWeakestPart) {
  const auto status = [&](const char* source) {
    return read_recipe(
               *parse_document("recipe: r\nversion: '1'\ncomponents: {a: {rate: '0.1', base: notional, source: " +
                                   std::string(source) + "}}\nlevels: {initial: a, maintenance: a}\n",
                               "r.yaml"))
        ->status;
  };
  EXPECT_EQ(status("published"), Source::published);
  EXPECT_EQ(status("assumed"), Source::assumed);
}

}  // namespace
}  // namespace margrave
