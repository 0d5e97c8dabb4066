#include "document/cursor.h"

#include <gtest/gtest.h>

#include <limits>

#include "document/read.h"

namespace margrave {
namespace {

constexpr const char* book =
    "account: alpha\n"
    "balances: {BTC: 1.5, 'X/Y z': 2}\n"
    "positions:\n"
    "  - {instrument: BTC-PERPETUAL, size: 10}\n"
    "  - instrument: ETH-PERPETUAL\n"
    "    size: abc\n"
    "    entry_price:\n";

Document document_of(std::string_view text, const char* file = "book.yaml") {
  auto document = parse_document(text, file);
  EXPECT_TRUE(document) << (document ? "" : to_string(document.error()));
  return document ? *std::move(document) : Document{};
}

template <class T>
std::string problem(const Result<T>& result) {
  return result ? "no error" : to_string(result.error());
}

/// The value of key v in a one-line document.
Cursor value_of(const Document& document) { return *Cursor(document).find("v"); }

TEST(Cursor, ErrorsNameFileLineColumnFieldAndRemedy) {
  const Document document = document_of(book);
  const Cursor position = Cursor(document).get("positions")->list()->at(1);
  EXPECT_EQ(problem(position.get("size")->decimal()),
            "book.yaml:6:11: positions[1].size: 'abc' is not a number (write a plain decimal such as 1234.5 or 1e-8)");
  EXPECT_EQ(problem(position.get("mark")), "book.yaml:5:5: positions[1].mark: key 'mark' is missing (add it)");
  EXPECT_EQ(problem(position.get("entry_price")),
            "book.yaml:7:5: positions[1].entry_price: key 'entry_price' has no value (give it a value)");
  EXPECT_EQ(problem(position.list()),
            "book.yaml:5:5: positions[1]: expected a list, found a map (write '- item' lines)");
  EXPECT_EQ(Cursor(document).get("balances")->find("X/Y z")->path(), "balances['X/Y z']");
}

TEST(Cursor, MissingAndNullAreAbsent) {
  const Document document = document_of(book);
  const Cursor position = Cursor(document).get("positions")->list()->at(1);
  EXPECT_FALSE(position.find("entry_price"));
  EXPECT_FALSE(position.find("mark"));
  EXPECT_TRUE(position.find("size"));
  EXPECT_FALSE(position.find("size")->find("anything"));
}

TEST(Cursor, UnknownKeySuggestsTheNearest) {
  const Document document = document_of("account: a\npositons: []\n");
  EXPECT_EQ(problem(Cursor(document).only({"account", "balances", "positions"})),
            "book.yaml:2:1: positons: unknown key 'positons' (did you mean 'positions'?)");
  EXPECT_EQ(problem(Cursor(document).only({"account", "zz"})),
            "book.yaml:2:1: positons: unknown key 'positons' (known here: account, zz)");
  EXPECT_EQ(problem(Cursor(document).only({"account", "positons"})), "no error");
  EXPECT_EQ(problem(Cursor(document).get("account")->only({"a"})),
            "book.yaml:1:10: account: expected a map, found a single value (write 'key: value' entries)");
}

TEST(Cursor, EntriesKeepTheirOrder) {
  const Document document = document_of("{z: 1, a: 2, m: ~}");
  std::string seen;
  const auto entries = Cursor(document).entries();
  for (const CursorEntry& entry : *entries) seen += entry.key;
  EXPECT_EQ(seen, "zam");
}

TEST(Cursor, DecimalIsExactFromYamlAndFromJsonText) {
  for (const char* text : {"v: 0.1", "v: '0.1'", "v: 1e-1", "{\"v\": \"0.1\"}"}) {
    const Document document = document_of(text, "x");
    EXPECT_EQ(value_of(document).decimal()->to_string(), "0.1") << text;
  }
}

TEST(Cursor, BareJsonNumberIsNoDecimalUnlessPermitted) {
  const Document document = document_of("{\"v\": 0.10}", "x.json");
  EXPECT_EQ(problem(value_of(document).decimal()),
            "x.json:1:7: v: the number '0.10' is not in quotes (write it as text, \"0.10\": a bare JSON number is not "
            "exact)");
  EXPECT_EQ(value_of(document).decimal(Cursor::BareNumber::allowed)->to_string(), "0.1");
  EXPECT_EQ(problem(value_of(document).text()), "x.json:1:7: v: expected text, found '0.10' (put it in quotes)");
}

TEST(Cursor, RealIsTheNearestDouble) {
  const auto real = [](const char* text) {
    const Document document = document_of(std::string("v: ") + text);
    return value_of(document).real().value();
  };
  EXPECT_EQ(real("0.1"), 0.1);
  EXPECT_EQ(real("+1.5e3"), 1500.0);
  EXPECT_EQ(real("'0.65'"), 0.65);
  // Halfway between two doubles, ties to even; and the classic 2.2250738585072011e-308.
  EXPECT_EQ(real("9007199254740993"), 9007199254740992.0);
  EXPECT_EQ(real("2.2250738585072011e-308"), 0x0.fffffffffffffp-1022);
  EXPECT_EQ(real("1.7976931348623157e308"), std::numeric_limits<double>::max());
}

TEST(Cursor, NotANumberAndInfinityAreRefusedClearly) {
  for (const char* text : {"nan", ".nan", "-.inf", "inf", "Infinity", "+INF", "NaN"}) {
    const Document document = document_of(std::string("v: ") + text);
    EXPECT_NE(problem(value_of(document).real()).find("is not a finite number"), std::string::npos) << text;
    EXPECT_NE(problem(value_of(document).decimal()).find("is not a finite number"), std::string::npos) << text;
  }
  for (const char* text : {"1e309", "-1e999"}) {
    const Document document = document_of(std::string("v: ") + text);
    EXPECT_EQ(value_of(document).real().error().kind, ErrorKind::overflow) << text;
  }
  for (const char* text : {".5", "1.", "0x10", "1,5", "1_000", "1 000", "--1", "e5", "1e"}) {
    const Document document = document_of(std::string("v: ") + text);
    EXPECT_NE(problem(value_of(document).real()).find("is not a number"), std::string::npos) << text;
  }
}

TEST(Cursor, IntegersAreWholeAndInRange) {
  const Document document = document_of("{v: 9223372036854775807, w: 9223372036854775808, x: 1.0, y: -5, z: +3}");
  const Cursor root(document);
  EXPECT_EQ(root.find("v")->integer().value(), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(root.find("w")->integer().error().kind, ErrorKind::overflow);
  EXPECT_NE(problem(root.find("x")->integer()).find("is not a whole number"), std::string::npos);
  EXPECT_EQ(root.find("y")->integer(-5, 5).value(), -5);
  EXPECT_EQ(problem(root.find("y")->integer(0, 5)),
            "book.yaml:1:61: y: '-5' is out of range (write a whole number from 0 to 5)");
  EXPECT_EQ(root.find("z")->integer().value(), 3);
}

TEST(Cursor, BooleansAreTwoWords) {
  const Document document = document_of("{v: true, w: false, x: yes, y: 'true', z: 1}");
  const Cursor root(document);
  EXPECT_TRUE(root.find("v")->boolean().value());
  EXPECT_FALSE(root.find("w")->boolean().value());
  for (const char* key : {"x", "y", "z"}) EXPECT_FALSE(root.find(key)->boolean()) << key;
}

TEST(Cursor, TimestampIsReadOrRefusedWithItsForm) {
  const Document document = document_of("{v: 2026-03-27T08:00:00Z, w: '27 March'}");
  EXPECT_EQ(to_string(value_of(document).timestamp().value()), "2026-03-27T08:00:00Z");
  EXPECT_EQ(problem(Cursor(document).find("w")->timestamp()),
            "book.yaml:1:30: w: '27 March' is not a time (write UTC as 2026-03-27T08:00:00Z)");
}

TEST(Cursor, ErrorsOfOtherCodeAreGivenThePlaceOfTheFieldTheyName) {
  const Document document = document_of("a:\n  lot: 0\n  tick: 1\n");
  const Cursor a = *Cursor(document).find("a");
  EXPECT_EQ(to_string(a.located({.message = "no", .field = "lot"})), "book.yaml:2:8: a.lot: no");
  EXPECT_EQ(to_string(a.located({.message = "no", .field = "strike"})), "book.yaml:2:3: a.strike: no");
  EXPECT_EQ(to_string(a.located({.message = "no"})), "book.yaml:2:3: a: no");
  EXPECT_EQ(to_string(a.get("lot")->located({.message = "no", .field = "instrument"})), "book.yaml:2:8: a.lot: no");
  EXPECT_EQ(a.located({.kind = ErrorKind::overflow, .message = "no"}).kind, ErrorKind::overflow);
}

TEST(Cursor, ErrorsHaveTheKindOfTheDocument) {
  const auto document = parse_document("v: x", "recipe.yaml", ErrorKind::config);
  EXPECT_EQ(value_of(*document).real().error().kind, ErrorKind::config);
  EXPECT_EQ(Cursor(*document).only({"w"}).error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace margrave
