#include "document/merge.h"

#include <gtest/gtest.h>

#include "document/cursor.h"
#include "document/diff.h"
#include "document/read.h"
#include "document/yaml_writer.h"

namespace margrave {
namespace {

Document read(std::string_view text, const std::string& file) { return *parse_document(text, file); }

std::string merged(std::string_view below, std::string_view above) {
  const auto document = merge(read(below, "below.yaml"), read(above, "above.yaml"));
  return document ? write_flow(document->root) : to_string(document.error());
}

// RFC 7396, appendix A: the cases whose patch has a map at its root, and no null where nothing is.
TEST(Merge, FollowsRfc7396) {
  EXPECT_EQ(merged("{a: b}", "{a: c}"), "{a: c}");
  EXPECT_EQ(merged("{a: b}", "{b: c}"), "{a: b, b: c}");
  EXPECT_EQ(merged("{a: b}", "{a: ~}"), "{}");
  EXPECT_EQ(merged("{a: b, b: c}", "{a: ~}"), "{b: c}");
  EXPECT_EQ(merged("{a: [b]}", "{a: c}"), "{a: c}");
  EXPECT_EQ(merged("{a: c}", "{a: [b]}"), "{a: [b]}");
  EXPECT_EQ(merged("{a: {b: c, d: e}}", "{a: {b: x, d: ~}}"), "{a: {b: x}}");
  EXPECT_EQ(merged("{a: [{b: c}]}", "{a: [1]}"), "{a: [1]}");
}

TEST(Merge, KeysKeepTheirPlaceAndNewOnesFollow) {
  EXPECT_EQ(merged("{a: 1, b: 2, c: 3}", "{z: 9, c: 4, a: 5}"), "{a: 5, b: 2, c: 4, z: 9}");
}

TEST(Merge, TakingAwayWhatIsNotThereIsAnError) {
  EXPECT_EQ(merged("{a: {b: 1}}", "a:\n  c: ~\n"),
            "above.yaml:2:6: a.c: there is no 'c' to be taken away (remove the line; there are: b)");
}

TEST(Merge, ErrorsNameTheFileInWhichTheValueWasWritten) {
  Document middle = *merge(read("{a: x, b: x, m: {k: x}}", "low.yaml"), read("{b: y}", "middle.yaml"));
  const auto all = merge(std::move(middle), read("\n{c: z, m: {l: z}}", "top.yaml"));
  ASSERT_TRUE(all);
  const Cursor root(*all);
  const auto place = [](const Cursor& at) {
    const Error error = at.error("", "");
    return error.place.file + ":" + std::to_string(error.place.line) + ":" + std::to_string(error.place.column);
  };
  EXPECT_EQ(place(root), "top.yaml:2:1");
  EXPECT_EQ(place(*root.get("a")), "low.yaml:1:5");
  EXPECT_EQ(place(*root.get("b")), "middle.yaml:1:5");
  EXPECT_EQ(place(*root.get("c")), "top.yaml:2:5");
  EXPECT_EQ(place(*root.get("m")), "top.yaml:2:11");
  EXPECT_EQ(place(*root.get("m")->get("k")), "low.yaml:1:21");
  EXPECT_EQ(root.only({"a", "c", "m"}).error().place.file, "middle.yaml");
  ASSERT_EQ(all->others.size(), 2u);
  EXPECT_EQ(all->others[0].file, "middle.yaml");
  EXPECT_EQ(all->others[1].file, "low.yaml");
}

// A bare word is text in YAML and nothing in JSON, whichever of them is merged into the other.
TEST(Merge, EveryValueIsReadAsItsOwnFormat) {
  const auto all = merge(read("{a: word}", "below.yaml"), read("{\"b\": \"word\", \"c\": 1}", "above.json"));
  ASSERT_TRUE(all);
  EXPECT_TRUE(Cursor(*all).get("a")->text());
  EXPECT_TRUE(Cursor(*all).get("b")->text());
  EXPECT_FALSE(Cursor(*all).get("c")->text());
}

TEST(YamlWriter, WhatItWritesReadsBackTheSame) {
  const std::string long_key(2000, 'k');
  for (const std::string& text :
       {std::string("{a: [], b: {}, c: ~, d: '', e: 'null', f: \"a\\nb\\t\\\"c\\\\\", g: -1.5, h: '-', i: true}"),
        std::string("- a\n- [b, [c, {d: e}]]\n- {f: '#', g: 'x: y', h: 'x #y', i: '[', j: '~', k: '? ', l: '- a'}\n"),
        "{\"" + long_key + "\": {\"b\": {\"" + long_key + "\": 1}}, \"c\": 2}",
        std::string("{a: {b: {c: ") + std::string(300, 'x') + ", d: [" + std::string(200, 'y') + ", {e: f}]}}}",
        std::string("word")}) {
    const Document document = read(text, text.starts_with("{\"") ? "f.json" : "f.yaml");
    const auto again = parse_document(write_yaml(document.root), "f.yaml");
    ASSERT_TRUE(again) << to_string(again.error()) << write_yaml(document.root);
    EXPECT_TRUE(differences(document.root, again->root).empty()) << write_yaml(document.root);
  }
}

TEST(YamlWriter, WhatFitsStandsOnOneLine) {
  const Document document = read("{a: {b: {c: 1, d: [x, 'y']}}, e: 'f g'}", "f.yaml");
  EXPECT_EQ(write_yaml(document.root), "a:\n  b: {c: 1, d: [x, \"y\"]}\ne: \"f g\"\n");
}

std::string compared(std::string_view old, std::string_view now) {
  std::string text;
  for (const Difference& one : differences(read(old, "a.yaml").root, read(now, "b.yaml").root)) {
    text += one.path + ": " + one.old.value_or("nothing") + " -> " + one.now.value_or("nothing") + "\n";
  }
  return text;
}

TEST(Differences, ArePathsWithBothValues) {
  EXPECT_EQ(compared("{a: {g: x}, l: [1, {m: 2}]}", "{a: {g: y}, l: [1, {m: 3}]}"), "a.g: x -> y\nl[1].m: 2 -> 3\n");
  EXPECT_EQ(compared("{a: 1, l: [1]}", "{b: {c: d}, l: [1, 2]}"),
            "a: 1 -> nothing\nl: [1] -> [1, 2]\nb: nothing -> {c: d}\n");
  EXPECT_EQ(compared("{a: 1, b: 2, x: 0}", "{b: 2, a: 1}"), "(order): [a, b] -> [b, a]\nx: 0 -> nothing\n");
  EXPECT_EQ(compared("{a: ~, b: 1}", "{a: 0, b: ~}"), "a: ~ -> 0\nb: 1 -> ~\n");
}

TEST(Differences, QuotesAndLayoutAreNone) { EXPECT_EQ(compared("{a: '1', b: [x]}", "a: 1\nb:\n  - 'x'\n"), ""); }

}  // namespace
}  // namespace margrave
