#include "document/json.h"

#include <gtest/gtest.h>

#include <chrono>

#include "base/limits.h"

namespace margrave {
namespace {

std::string problem(std::string_view text) {
  const auto document = parse_json(text, "f.json");
  return document ? "no error" : to_string(document.error());
}

const Node& member(const Node& map, std::string_view key) {
  for (const Entry& entry : map.entries) {
    if (entry.key == key) return entry.value;
  }
  ADD_FAILURE() << "no key " << key;
  return map;
}

TEST(Json, NumbersAreKeptAsWritten) {
  const auto document = parse_json(
      R"({"a": 1.10, "b": -0, "c": 123456789012345678901234567890, "d": 1E+2 , "e":[0.1,-7,12e-3],"f":"1.10"})", "f");
  ASSERT_TRUE(document);
  EXPECT_EQ(member(document->root, "a").text, "1.10");
  EXPECT_EQ(member(document->root, "b").text, "-0");
  EXPECT_EQ(member(document->root, "c").text, "123456789012345678901234567890");
  EXPECT_EQ(member(document->root, "d").text, "1E+2");
  const Node& e = member(document->root, "e");
  EXPECT_EQ(e.items[0].text, "0.1");
  EXPECT_EQ(e.items[1].text, "-7");
  EXPECT_EQ(e.items[2].text, "12e-3");
  EXPECT_FALSE(e.items[2].quoted);
  EXPECT_TRUE(member(document->root, "f").quoted);
  EXPECT_EQ(parse_json("42", "f")->root.text, "42");
  EXPECT_EQ(parse_json("[42]", "f")->root.items[0].text, "42");
}

TEST(Json, WordsAndTextAreToldApart) {
  const auto document = parse_json(R"([true, "true", false, null, "null", ""])", "f");
  ASSERT_TRUE(document);
  const auto& items = document->root.items;
  EXPECT_EQ(items[0].text, "true");
  EXPECT_FALSE(items[0].quoted);
  EXPECT_TRUE(items[1].quoted);
  EXPECT_EQ(items[2].text, "false");
  EXPECT_EQ(items[3].kind, NodeKind::null);
  EXPECT_EQ(items[4].kind, NodeKind::scalar);
  EXPECT_EQ(items[5].kind, NodeKind::scalar);
}

TEST(Json, EscapesAreResolved) {
  const auto document = parse_json(R"({"\u0041\"\\": "\ud83d\ude00\n\/"})", "f");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.entries[0].key, "A\"\\");
  EXPECT_EQ(document->root.entries[0].value.text, "\U0001F600\n/");
}

TEST(Json, EveryValueHasLineAndColumn) {
  const auto document =
      parse_json("{\n  \"a\\\"b\\\\\": [1, true,\n\t\"x\\\\\\\"y\"],\n  \"n\": null,\n\"m\" : {}\n}\n", "f");
  ASSERT_TRUE(document);
  const auto place = [](const auto& node) { return std::to_string(node.line) + ":" + std::to_string(node.column); };
  const auto& entries = document->root.entries;
  EXPECT_EQ(place(document->root), "1:1");
  EXPECT_EQ(place(entries[0]), "2:3");
  EXPECT_EQ(place(entries[0].value), "2:13");
  EXPECT_EQ(place(entries[0].value.items[0]), "2:14");
  EXPECT_EQ(place(entries[0].value.items[1]), "2:17");
  EXPECT_EQ(place(entries[0].value.items[2]), "3:2");
  EXPECT_EQ(place(entries[1].value), "4:8");
  EXPECT_EQ(place(entries[2]), "5:1");
  EXPECT_EQ(place(entries[2].value), "5:7");
}

TEST(Json, DuplicateKeyIsAnError) {
  EXPECT_EQ(problem("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}"),
            "f.json:3:2: key 'a' is there twice, first in line 1 (keep one of them)");
  EXPECT_NE(problem("[{\"a\": 1, \"\\u0061\": 3}]").find("there twice"), std::string::npos);
}

TEST(Json, SyntaxErrorsHaveAPlace) {
  for (const char* text : {"{",          "[1,]",      "{\"a\" 1}",     "[01]",       "[1.]",
                           "[.5]",       "[+1]",      "[NaN]",         "[Infinity]", "[1] 2",
                           "{'a': 1}",   "[\"\\x\"]", "[\"\\ud800\"]", "[\"a\tb\"]", "[tru]",
                           "{\"a\":1,}", "[1e999]",   "//\n1",         "[\"open",    "",
                           " "}) {
    const auto document = parse_json(text, "f.json");
    ASSERT_FALSE(document) << text;
    EXPECT_GT(document.error().place.line, 0) << text;
    EXPECT_EQ(document.error().message.substr(0, 16), "this is not JSON") << text;
  }
  EXPECT_EQ(problem("{\"a\": 1,\n  b: 2}").substr(0, 14), "f.json:2:3: th");
}

TEST(Json, NestingIsBounded) {
  const std::size_t depth = limits::document_depth;
  EXPECT_EQ(problem(std::string(depth, '[') + std::string(depth, ']')), "no error");
  EXPECT_NE(problem(std::string(1'000'000, '[')).find("nested deeper than 64 levels"), std::string::npos);
  std::string maps;
  for (int i = 0; i < 100'000; ++i) maps += "{\"a\":";
  EXPECT_NE(problem(maps).find("nested deeper than 64 levels"), std::string::npos);
}

// Places are counted in one pass: a long single line must not make reading quadratic.
TEST(Json, OneLongLineIsReadInLinearTime) {
  std::string text = "[";
  while (text.size() < 4'000'000) text += "\"abcdefgh\",1.25,";
  text += "0]";
  const auto start = std::chrono::steady_clock::now();
  const auto document = parse_json(text, "f");
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  ASSERT_TRUE(document);
  EXPECT_EQ(document->root.items.back().column, text.size() - 1);
  EXPECT_LT(seconds, 20.0);  // quadratic reading takes minutes; sanitizers and busy machines take seconds
}

}  // namespace
}  // namespace margrave
