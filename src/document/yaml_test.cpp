#include "document/yaml.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "document/read.h"

namespace margrave {
namespace {

/// The tree in one line: scalars as they are, in quotes if they were, null as ~.
std::string shown(const Node& node) {
  std::string text;
  switch (node.kind) {
    case NodeKind::null:
      return "~";
    case NodeKind::scalar:
      return node.quoted ? "'" + node.text + "'" : node.text;
    case NodeKind::list:
      for (const Node& item : node.items) text += (text.empty() ? "" : ",") + shown(item);
      return "[" + text + "]";
    case NodeKind::map:
      for (const Entry& entry : node.entries) text += (text.empty() ? "" : ",") + entry.key + ":" + shown(entry.value);
      return "{" + text + "}";
  }
  return "?";
}

std::string yaml(std::string_view text) {
  const auto document = parse_yaml(text, "f.yaml");
  return document ? shown(document->root) : to_string(document.error());
}

// The examples of chapter 2 of the YAML 1.2 specification that stay within maps, lists and scalars.
TEST(Yaml, ReadsTheExamplesOfTheSpecification) {
  EXPECT_EQ(yaml("- Mark McGwire\n- Sammy Sosa\n"), "[Mark McGwire,Sammy Sosa]");                          // 2.1
  EXPECT_EQ(yaml("hr:  65    # Home runs\navg: 0.278 # Average\n"), "{hr:65,avg:0.278}");                  // 2.2
  EXPECT_EQ(yaml("a:\n  - x\n  - y\nb:\n  - z\n"), "{a:[x,y],b:[z]}");                                     // 2.3
  EXPECT_EQ(yaml("-\n  name: M\n  hr: 65\n-\n  name: S\n  hr: 63\n"), "[{name:M,hr:65},{name:S,hr:63}]");  // 2.4
  EXPECT_EQ(yaml("- [name, hr]\n- [M, 65]\n"), "[[name,hr],[M,65]]");                                      // 2.5
  EXPECT_EQ(yaml("M: {hr: 65, avg: 0.278}\n"), "{M:{hr:65,avg:0.278}}");                                   // 2.6
  EXPECT_EQ(yaml("s: |\n  \\//||\\/||\n  // ||  ||__\n"), "{s:'\\//||\\/||\n// ||  ||__\n'}");             // 2.13
  EXPECT_EQ(yaml("unicode: \"Sosa did fine.\\u263A\"\n"), "{unicode:'Sosa did fine.\u263A'}");             // 2.17
}

TEST(Yaml, ScalarsStayAsWritten) {
  EXPECT_EQ(yaml("{a: 1.10, b: '1.10', c: 007, d: yes, e: ~, f: null, g: , h: 'null', i: .nan, j: 1_000}"),
            "{a:1.10,b:'1.10',c:007,d:yes,e:~,f:~,g:~,h:'null',i:.nan,j:1_000}");
  EXPECT_EQ(yaml("k: BTC-27MAR26-100000-C\nl: 2026-03-27T08:00:00Z\n"),
            "{k:BTC-27MAR26-100000-C,l:2026-03-27T08:00:00Z}");
}

TEST(Yaml, PlacesCountFromOne) {
  const auto document = parse_yaml("a:\n  - b: 1\n    c: {d: 2}\n", "f");
  ASSERT_TRUE(document);
  const Entry& a = document->root.entries[0];
  EXPECT_EQ(a.line, 1u);
  EXPECT_EQ(a.column, 1u);
  const Entry& c = a.value.items[0].entries[1];
  EXPECT_EQ(c.line, 3u);
  EXPECT_EQ(c.column, 5u);
  EXPECT_EQ(c.value.entries[0].value.line, 3u);
  EXPECT_EQ(c.value.entries[0].value.column, 12u);
}

TEST(Yaml, DuplicateKeyNamesBothLines) {
  EXPECT_EQ(yaml("a: 1\nb: 2\nc: 3\nb: 4\na: 5\n"),
            "f.yaml:4:1: key 'b' is there twice, first in line 2 (keep one of them)");
  EXPECT_EQ(yaml("x:\n  - {k: 1, k: 2}\n"), "f.yaml:2:12: key 'k' is there twice, first in line 2 (keep one of them)");
}

TEST(Yaml, AnchorsAliasesTagsAndMoreDocumentsAreRefused) {
  EXPECT_EQ(yaml("a: &x 1\nb: 2\n"), "f.yaml:1:4: anchors are not supported (write the value where it is needed)");
  EXPECT_EQ(yaml("&x a: 1\n"), "f.yaml:1:1: anchors are not supported (write the value where it is needed)");
  EXPECT_NE(yaml("a: &x [1]\nb: *x\n").find("anchors are not supported"), std::string::npos);
  EXPECT_NE(yaml("b: *x\n").find("not YAML"), std::string::npos);
  EXPECT_EQ(yaml("a: !!int 1\n"),
            "f.yaml:1:4: tags such as 'tag:yaml.org,2002:int' are not supported (remove the tag)");
  EXPECT_EQ(yaml("a: ! 1\n"), "f.yaml:1:4: tags such as '!' are not supported (remove the tag)");
  EXPECT_EQ(yaml("a: !mine [1]\n"), "f.yaml:1:4: tags such as '!mine' are not supported (remove the tag)");
  EXPECT_EQ(yaml("a: 1\n---\nb: 2\n"), "f.yaml:2:1: a second document begins (put it into a file of its own)");
  EXPECT_EQ(yaml("---\na: 1\n...\n"), "{a:1}");
}

TEST(Yaml, KeysThatAreNotTextAreRefused) {
  EXPECT_NE(yaml("? [a, b]\n: 1\n").find("a list or a map stands where a key belongs"), std::string::npos);
  EXPECT_NE(yaml("~: 1\n").find("a key is empty"), std::string::npos);
  EXPECT_NE(yaml("? {a: 1}\n: 1\n").find("a list or a map stands where a key belongs"), std::string::npos);
}

TEST(Yaml, SyntaxErrorsHaveAPlace) {
  for (const char* text : {"a: [1, 2\n", "a: {b: 1\n", "a: 'open\n", "a: b: c\n", "- a\nb: 1\n", "a:\n\t- 1\n", "]",
                           "}", "a: \"\\q\"\n", "%YAML 9\n---\n", "key: @x\n", "a: |9x\n b\n"}) {
    const auto document = parse_yaml(text, "f.yaml");
    ASSERT_FALSE(document) << text;
    EXPECT_GT(document.error().place.line, 0) << text;
    EXPECT_FALSE(document.error().remedy.empty()) << text;
  }
}

// yaml-cpp 0.7 reads these as text up to the end of the file.
TEST(Yaml, OpenQuoteIsAnErrorWhereItOpens) {
  EXPECT_EQ(yaml("a: 1\nb: 'x y\nc: 1\n"), "f.yaml:2:4: a quote is opened and never closed (close it)");
  EXPECT_EQ(yaml("a: \"x \\\"\nc: 1\n"), "f.yaml:1:4: a quote is opened and never closed (close it)");
  EXPECT_EQ(yaml("'a''\n"), "f.yaml:1:1: a quote is opened and never closed (close it)");
  EXPECT_EQ(yaml("\u00e9: 'it''s'\nb: \"\\\\\"\n'c': \"\"\n"), "{\u00e9:'it's',b:'\\',c:''}");
}

TEST(Yaml, NothingIsNamedAsNothing) {
  for (const char* text : {"", "\n\n", "# only a comment\n"}) {
    EXPECT_EQ(yaml(text), "f.yaml:1: the file is empty (give it content)") << text;
  }
}

TEST(Yaml, NestingIsBoundedBeforeTheStackIs) {
  const std::string deepest = std::string(limits::document_depth, '[') + std::string(limits::document_depth, ']');
  EXPECT_EQ(yaml(deepest), deepest);
  EXPECT_NE(yaml("[" + deepest + "]").find("nested deeper than 64 levels"), std::string::npos);
  for (const char* step : {"[", "{a: ", "- ", "? ", "[{a: ", "- ? ", "{? ", "[? ", "!!x ", "&x "}) {
    std::string text;
    for (int i = 0; i < 100'000; ++i) text += step;
    EXPECT_FALSE(parse_yaml(text, "f")) << step;
  }
  std::string steps;
  for (std::size_t i = 0; i < 200; ++i) steps += std::string(i, ' ') + "a:\n";
  EXPECT_NE(yaml(steps).find("nested deeper than 64 levels"), std::string::npos);
}

TEST(Document, FormatIsChosenByNameAndThenByTheFirstCharacter) {
  const auto format = [](std::string_view text, const char* name) { return parse_document(text, name)->format; };
  EXPECT_EQ(format("  {\"a\": 1}", "book.json"), DocumentFormat::json);
  EXPECT_EQ(format("[1]", "standard input"), DocumentFormat::json);
  EXPECT_EQ(format("{a: 1}", "book.yaml"), DocumentFormat::yaml);
  EXPECT_EQ(format("{a: 1}", "book.yml.gz"), DocumentFormat::yaml);
  EXPECT_EQ(format("a: 1", "standard input"), DocumentFormat::yaml);
  EXPECT_EQ(format("\xEF\xBB\xBF{\"a\": 1}", "x"), DocumentFormat::json);
}

TEST(Document, ErrorsHaveTheKindAskedFor) {
  EXPECT_EQ(parse_document("a: [", "r.yaml", ErrorKind::config).error().kind, ErrorKind::config);
  EXPECT_EQ(parse_document("a: \xff", "r.yaml", ErrorKind::config).error().kind, ErrorKind::config);
  EXPECT_EQ(parse_document("{\"a\": ", "r.json", ErrorKind::config).error().kind, ErrorKind::config);
  EXPECT_EQ(read_document("/no/such/recipe.yaml", ErrorKind::config).error().kind, ErrorKind::config);
}

}  // namespace
}  // namespace margrave
