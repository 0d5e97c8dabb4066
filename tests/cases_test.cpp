#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "cli/inputs.h"
#include "document/read.h"
#include "margin/assess.h"
#include "margin/book_reader.h"
#include "margin/recipe_reader.h"
#include "market/market_reader.h"

namespace margrave {
namespace {

const std::string root = MARGRAVE_SOURCE_DIR "/";

/// One file of cases/margin/: a book in a market, and what it comes to under some recipes. The numbers are those of
/// tools/case_numbers.py, which shares nothing with the engine. Keys: market and recipes (a file of the project, a
/// preset or the document itself), bars (a folder), book, within (USD, a cent if not given), and by recipe under
/// expect: equity, initial, maintenance and worst {component/group: scenario}.
class Case {
 public:
  explicit Case(const std::string& file) : document_(read_document(file)) {}

  bool is_read() const { return document_.has_value(); }
  Cursor root_cursor() const { return Cursor(*document_); }

  /// A part of the case as a document of its own, with the lines of the case.
  Document part(const Cursor& at) const { return {document_->file, document_->format, ErrorKind::input, at.node()}; }

  Result<Market> market() const {
    const Cursor at = TRY(root_cursor().get("market"));
    if (at.is_scalar()) return load_market({.market = root + std::string(TRY(at.text())), .at = {}, .bars = {}});
    return read_market(part(at));
  }

  Result<LoadedRecipe> recipe(const std::string& name) const {
    const auto recipes = root_cursor().find("recipes");
    const auto at = recipes ? recipes->find(name) : std::nullopt;
    if (!at) return load_recipe(name);
    const Document document = part(*at);
    LoadedRecipe loaded;
    loaded.recipe = TRY(read_recipe(document));
    if (const auto scenarios = Cursor(document).find("scenarios"))
      loaded.scenarios = TRY(read_scenario_specs(*scenarios));
    return loaded;
  }

  Result<Book> book(const Registry& registry) const {
    const Cursor at = TRY(root_cursor().get("book"));
    const Document document = part(at);
    return TRY(read_books(document, registry)).front();
  }

  Result<std::vector<Bars>> bars() const {
    const auto at = root_cursor().find("bars");
    if (!at) return std::vector<Bars>{};
    return load_bars({root + std::string(TRY(at->text()))});
  }

 private:
  Result<Document> document_;
};

Usd usd_of(const Cursor& at) {
  const auto amount = Usd::parse(*at.text());
  EXPECT_TRUE(amount) << to_string(amount.error());
  return amount.value_or(Usd{});
}

void expect_near(Usd computed, const Cursor& expected, Usd within, const std::string& what) {
  const Usd difference{abs128(computed.raw - usd_of(expected).raw)};
  EXPECT_LE(difference, within) << what << " is " << to_string(computed) << ", expected " << *expected.text();
}

/// The first scenario of the tail of a group, named as "component/group".
std::string worst_of(const Revalued& revalued, const MarginReport& report, const std::string& key) {
  const Recipe& recipe = revalued.loaded.recipe;
  for (std::size_t c = 0; c < recipe.components.size(); ++c) {
    for (const GroupAmount& group : report.components[c].groups) {
      if (recipe.components[c].name + "/" + group.name != key || group.tail.empty()) continue;
      return revalued.revaluation.array.scenario(group.tail.front());
    }
  }
  return "no such group";
}

void check(const Case& one, const Market& market, const std::string& name, const Cursor& expected) {
  auto loaded = one.recipe(name);
  ASSERT_TRUE(loaded) << to_string(loaded.error());
  const auto bars = one.bars();
  ASSERT_TRUE(bars) << to_string(bars.error());
  const auto revalued = revalue_recipe(*std::move(loaded), market, *bars, CommonOptions{});
  ASSERT_TRUE(revalued) << to_string(revalued.error());
  const auto book = one.book(market.registry);
  ASSERT_TRUE(book) << to_string(book.error());
  const Recipe& recipe = (*revalued)->loaded.recipe;
  const auto report =
      assess({market.registry, (*revalued)->revaluation.array, (*revalued)->index, recipe, best_isa()}, *book);
  ASSERT_TRUE(report) << to_string(report.error());
  EXPECT_TRUE(report->complete());

  const auto within_at = one.root_cursor().find("within");
  const Usd within = within_at ? usd_of(*within_at) : Usd{power_of_ten(7)};
  expect_near(report->equity, *expected.get("equity"), within, name + ": equity");
  expect_near(report->initial(recipe), *expected.get("initial"), within, name + ": initial margin");
  expect_near(report->maintenance(recipe), *expected.get("maintenance"), within, name + ": maintenance margin");
  const auto worst = expected.find("worst");
  if (!worst) return;
  const auto entries = worst->entries();
  ASSERT_TRUE(entries);
  for (const CursorEntry& entry : *entries) {
    EXPECT_EQ(worst_of(**revalued, *report, std::string(entry.key)), *entry.value.text()) << name << ": " << entry.key;
  }
}

std::vector<std::string> case_files() {
  std::vector<std::string> files;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(root + "cases/margin", code))
    files.push_back(entry.path().stem().string());
  std::sort(files.begin(), files.end());
  return files;
}

class MarginCases : public ::testing::TestWithParam<std::string> {};

TEST_P(MarginCases, AgreeWithFiftyDigits) {
  const Case one(root + "cases/margin/" + GetParam() + ".yaml");
  ASSERT_TRUE(one.is_read());
  const auto known = one.root_cursor().only({"market", "bars", "within", "recipes", "book", "expect"});
  ASSERT_TRUE(known) << to_string(known.error());
  const auto market = one.market();
  ASSERT_TRUE(market) << to_string(market.error());
  const auto expected = one.root_cursor().get("expect");
  ASSERT_TRUE(expected);
  const auto entries = expected->entries();
  ASSERT_TRUE(entries && !entries->empty());
  for (const CursorEntry& entry : *entries) check(one, *market, std::string(entry.key), entry.value);
}

INSTANTIATE_TEST_SUITE_P(Files, MarginCases, ::testing::ValuesIn(case_files()),
                         [](const auto& one) { return one.param; });

}  // namespace
}  // namespace margrave
