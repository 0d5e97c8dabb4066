#include "margin/component_value.h"

#include <gtest/gtest.h>

#include "document/read.h"
#include "margin/recipe_reader.h"

namespace margrave {
namespace {

const char* const text = R"(
recipe: imagined
version: '1'
parameters:
  share_of: {value: '0.1', by: {BTC: '0.05'}}
tables:
  brackets: {kind: marginal, of: usd, rows: [[0, '0.01'], [1000, '0.02']], by: {BTC: [[0, '0.5']]}}
scenarios: {moves: {kind: grid, spot: ['0']}}
components:
  notion: {each: position, value: abs(size) * index}
  perps: {each: position, kinds: [perpetual], value: notion * share_of}
  calls: {each: position, kinds: [option], type: call, side: short, otherwise: '7', value: notion + brackets(notion)}
  both: {sum: [perps, calls]}
  larger: {max: [perps, calls]}
  half: {scale: perps, by: '0.5'}
  share: {each: position, value: 1 / index}
  pooled: {value: sum(pnl) + both}
  scan: {measure: worst, scenarios: moves}
levels: {maintenance: perps, initial: both}
)";

Recipe imagined() {
  const auto document = parse_document(text, "imagined.yaml");
  EXPECT_TRUE(document);
  auto recipe = read_recipe(*document);
  EXPECT_TRUE(recipe) << (recipe ? "" : to_string(recipe.error()));
  return *recipe;
}

Number number(const char* digits) { return Number::from_decimal(*Decimal::parse(digits)); }

std::string value(std::string_view component, const Bindings& bindings) {
  const auto found = component_value(imagined(), component, bindings);
  return found ? found->to_string() : to_string(found.error());
}

TEST(ComponentValue, ReadsBoundFieldsAndOtherComponents) {
  Bindings b{.numbers = {{"size", number("-3")}, {"index", number("200.5")}, {"is_call", number("1")}}};
  EXPECT_EQ(value("notion", b), "601.5");
  EXPECT_EQ(value("perps", b), "60.15");
  EXPECT_EQ(value("calls", b), "607.515");
  EXPECT_EQ(value("both", b), "667.665");
  EXPECT_EQ(value("larger", b), "607.515");
  EXPECT_EQ(value("half", b), "30.075");
  b.numbers["pnl"] = number("-1.665");
  EXPECT_EQ(value("pooled", b), "666");
}

TEST(ComponentValue, TheSubjectChoosesParametersAndTables) {
  Bindings b{.numbers = {{"size", number("-10")}, {"index", number("200")}, {"is_call", number("1")}}};
  EXPECT_EQ(value("calls", b), "2030");
  b.subject = "BTC";
  EXPECT_EQ(value("perps", b), "100");
  EXPECT_EQ(value("calls", b), "3000");
}

TEST(ComponentValue, KindSideAndTypeLeaveOthersOut) {
  Bindings b{.numbers = {{"size", number("3")}, {"index", number("200")}, {"is_call", number("1")}},
             .kind = Kind::option};
  EXPECT_EQ(value("perps", b), "0");
  EXPECT_EQ(value("calls", b), "7") << "long";
  b.numbers["size"] = number("-3");
  b.numbers["is_call"] = number("0");
  EXPECT_EQ(value("calls", b), "7") << "a put";
}

TEST(ComponentValue, ABoundComponentStandsForItsValue) {
  const Bindings b{.numbers = {{"notion", number("1000")}}};
  EXPECT_EQ(value("perps", b), "100");
}

TEST(ComponentValue, SaysWhatIsMissingOrImpossible) {
  Bindings b{.numbers = {{"size", number("3")}}};
  EXPECT_NE(value("notion", b).find("index is not given"), std::string::npos) << value("notion", b);
  b.numbers["index"] = number("0");
  EXPECT_NE(value("share", b).find("index cannot be 0"), std::string::npos);
  b.numbers["index"] = number("-5");
  EXPECT_NE(value("notion", b).find("index cannot be -5"), std::string::npos);
  EXPECT_NE(value("nothing", b).find("has no component 'nothing'"), std::string::npos);
  EXPECT_NE(value("scan", b).find("component 'scan' looks at scenarios"), std::string::npos);
}

}  // namespace
}  // namespace margrave
