#include "margin/extends.h"

#include <gtest/gtest.h>

#include <filesystem>

#include "document/file.h"
#include "document/read.h"
#include "document/yaml_writer.h"
#include "margin/recipe_reader.h"

namespace margrave {
namespace {

const std::string parent =
    "recipe: parent\nversion: '1'\nsource: published\n"
    "components:\n"
    "  a: {rate: '0.1', base: notional, source: published}\n"
    "  b: {rate: '0.2', base: notional, source: published}\n"
    "  c: {max: [a, b], source: published}\n"
    "levels: {initial: c, maintenance: {scale: c, by: '0.5', source: published}}\n";

/// A folder with a parent recipe in it, gone at the end.
class Extends : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/margrave-extends-XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
    write("parent.yaml", parent);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write(const std::string& file, const std::string& text) {
    ASSERT_TRUE(write_file_atomically(folder_ + "/" + file, text));
  }
  Result<Document> child(const std::string& text) {
    write("child.yaml", "recipe: child\nversion: '1'\n" + text);
    return extend_recipe(TRY(read_document(folder_ + "/child.yaml", ErrorKind::config)), Parents::presets_and_files);
  }
  Result<Recipe> recipe(const std::string& text) { return read_recipe(TRY(child(text))); }
  /// Without the folder's name.
  std::string error(const std::string& text) {
    const auto read = recipe(text);
    if (read) return "";
    std::string message = to_string(read.error());
    for (std::size_t at = 0; (at = message.find(folder_ + "/")) != std::string::npos;) {
      message.erase(at, folder_.size() + 1);
    }
    return message;
  }

  std::string folder_;
};

TEST_F(Extends, TheChildChangesWhatItNamesAndTakesTheRest) {
  const auto read = recipe("extends: parent.yaml\ncomponents: {a: {rate: '0.3'}}\n");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->name, "child");
  ASSERT_EQ(read->components.size(), 4u);
  EXPECT_EQ(std::get<RateOnBase>(read->components[0].rule).rate.raw, 300'000'000'000);
  EXPECT_EQ(std::get<RateOnBase>(read->components[1].rule).rate.raw, 200'000'000'000);
}

TEST_F(Extends, WhatAParentClaimsAChildDoesNot) {
  write("parent.yaml", "date: 2025-01\nclaims: [homogeneous]\nvectors: 7\n" + parent);
  const auto plain = recipe("extends: parent.yaml\n");
  ASSERT_TRUE(plain) << to_string(plain.error());
  EXPECT_TRUE(plain->claims.empty() && plain->date.empty() && plain->vectors == 0);
  const auto own = recipe("extends: parent.yaml\nclaims: [subadditive]\n");
  ASSERT_TRUE(own) << to_string(own.error());
  EXPECT_EQ(own->claims, std::vector<Claim>{Claim::subadditive});
}

TEST_F(Extends, ChangedComponentsKeepTheirPlaceAndNewOnesFollow) {
  const auto read = recipe(
      "extends: parent.yaml\ncomponents: {d: {sum: [c, a]}, a: {rate: '0.3'}}\nlevels: {initial: d, maintenance: c}\n");
  ASSERT_TRUE(read) << to_string(read.error());
  std::string order;
  for (const Component& component : read->components) order += component.name;
  EXPECT_EQ(order, "abcd");
}

TEST_F(Extends, NullTakesAComponentAway) {
  const auto read = recipe("extends: parent.yaml\ncomponents: {b: ~, c: {max: [a]}}\n");
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->components.size(), 3u);
  EXPECT_EQ(error("extends: parent.yaml\ncomponents: {b: ~}\n"),
            "parent.yaml:7:16: components.c.max[1]: no component 'b' is defined above (defined so far: a)");
}

TEST_F(Extends, ErrorsNameTheFileInWhichTheValueWasWritten) {
  EXPECT_EQ(error("extends: parent.yaml\ncomponents:\n  a: {rate: '-1'}\n"),
            "child.yaml:5:13: components.a.rate: -1 is outside 0 to 100 (0.05 is 5 %)");
  EXPECT_EQ(error("extends: parent.yaml\nlevles: {}\n"),
            "child.yaml:4:1: levles: unknown key 'levles' (did you mean 'levels'?)");
  write("parent.yaml", parent + "colour: red\n");
  EXPECT_EQ(error("extends: parent.yaml\n").substr(0, 44), "parent.yaml:9:1: colour: unknown key 'colour");
}

TEST_F(Extends, TheDigestIsThatOfTheMergedContent) {
  const std::string text = "extends: parent.yaml\ncomponents: {a: {rate: '0.3'}}\n";
  const auto document = child(text);
  ASSERT_TRUE(document);
  const Digest before = read_recipe(*document)->digest;
  const auto written_out = parse_document(write_yaml(document->root), "out.yaml", ErrorKind::config);
  ASSERT_TRUE(written_out);
  EXPECT_EQ(read_recipe(*written_out)->digest, before);
  std::string other = parent;
  write("parent.yaml", other.replace(other.find("0.2"), 3, "0.4"));
  EXPECT_NE(recipe(text)->digest, before);
}

TEST_F(Extends, TheStatusIsThatOfTheWeakestMergedPart) {
  EXPECT_EQ(recipe("extends: parent.yaml\n")->status, Source::published);
  EXPECT_EQ(recipe("extends: parent.yaml\ncomponents: {a: {source: inferred}}\n")->status, Source::inferred);
  EXPECT_EQ(recipe("extends: parent.yaml\ncomponents: {d: {sum: [a]}}\n")->status, Source::assumed);
}

TEST_F(Extends, APublishedNumberThatTheChildChangesIsAssumedUnlessItSaysASource) {
  EXPECT_EQ(recipe("extends: parent.yaml\n")->status, Source::published);
  const auto changed = recipe("extends: parent.yaml\ncomponents: {a: {rate: '0.3'}}\n");
  EXPECT_EQ(changed->components[0].source, Source::assumed);
  EXPECT_EQ(changed->components[1].source, Source::published);
  EXPECT_EQ(changed->status, Source::assumed);
  const auto said = recipe("extends: parent.yaml\ncomponents: {a: {rate: '0.3', source: inferred}}\n");
  EXPECT_EQ(said->components[0].source, Source::inferred);
  const auto level = recipe("extends: parent.yaml\nlevels: {maintenance: {by: '0.6'}}\n");
  EXPECT_EQ(level->status, Source::assumed);
}

TEST_F(Extends, ALineOfEightIsReadAndOneOfNineIsNot) {
  for (int i = 0; i < 8; ++i) {
    const std::string above = i == 0 ? "parent" : "p" + std::to_string(i - 1);
    write("p" + std::to_string(i) + ".yaml", "recipe: p\nversion: '1'\nextends: " + above + ".yaml\n");
  }
  const auto eight = child("extends: p6.yaml\n");
  ASSERT_TRUE(eight) << to_string(eight.error());
  EXPECT_EQ(eight->others.size(), 8u);
  EXPECT_NE(error("extends: p7.yaml\n").find("p0.yaml:3:10: extends: more than 8 recipes"), std::string::npos);
}

TEST_F(Extends, ACircleIsNamed) {
  EXPECT_EQ(error("extends: child.yaml\n"),
            "child.yaml:3:10: extends: recipes extend each other in a circle: child.yaml -> child.yaml (extend a "
            "recipe that does not come back to this one)");
  write("parent.yaml", "recipe: p\nversion: '1'\nextends: ./child.yaml\n");
  EXPECT_NE(error("extends: parent.yaml\n").find("child.yaml -> parent.yaml -> ./child.yaml"), std::string::npos);
}

TEST_F(Extends, EveryRecipeHasANameAndAVersionOfItsOwn) {
  write("parent.yaml", parent.substr(parent.find("version")));
  EXPECT_EQ(error("extends: parent.yaml\n"), "parent.yaml:1:1: recipe: key 'recipe' is missing (add it)");
  EXPECT_EQ(error("extends: ~\n"), "child.yaml:3:1: extends: key 'extends' has no value (give it a value)");
}

TEST(ExtendsInMemory, PresetsAreThereAndFilesAreNot) {
  const auto extended = [](const std::string& text) {
    return extend_recipe(*parse_document(text, "recipe.yaml", ErrorKind::config), Parents::presets);
  };
  const auto preset = extended("{recipe: r, version: '1', extends: scenario-grid}");
  ASSERT_TRUE(preset) << to_string(preset.error());
  EXPECT_TRUE(read_recipe(*preset));
  const auto file = extended("{recipe: r, version: '1', extends: other.yaml}");
  ASSERT_FALSE(file);
  EXPECT_TRUE(to_string(file.error())
                  .starts_with("recipe.yaml:1:36: extends: a recipe in memory cannot extend the file 'other.yaml'"))
      << to_string(file.error());
  EXPECT_FALSE(read_recipe(*parse_document("{recipe: r, version: '1', extends: hs-es}", "r.yaml")));
}

}  // namespace
}  // namespace margrave
