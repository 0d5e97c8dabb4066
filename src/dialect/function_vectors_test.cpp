#include "dialect/function_vectors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "dialect/function_vector.h"
#include "document/file.h"
#include "document/read.h"
#include "margin/extends.h"
#include "margin/recipe_reader.h"

namespace margrave {
namespace {

struct Venue {
  const char* file;
  /// A place of the file and what to write there, so that one of its vectors fails.
  const char* right;
  const char* wrong;
};

const Venue venues[] = {
    {"dydx_v4", "\"base_imf_ppm\":567243", "\"base_imf_ppm\":567253"},
    {"drift_v2", "\"imf_factor_1e6\":100000", "\"imf_factor_1e6\":99000"},
    {"opyn_naked_evm", "[4838400,0.4603]", "[4838400,0.4604]"},
    {"deribit_linear_perp", "\"rate_per_coin\":5e-05", "\"rate_per_coin\":6e-05"},
    {"bitcom_option", "\"c\":0.075", "\"c\":0.0751"},
    {"binance_futures", "\"maintenance_amount\":135365.0", "\"maintenance_amount\":16300"},
    {"hyperliquid_liq", "\"maintenance_rate\":0.025", "\"maintenance_rate\":0.026"},
    {"mango_v4", "\"perp1\":[10,100,0,0]", "\"perp1\":[10,101,0,0]"},
    {"span_textbook", "-7000]}],\"expected\":{\"scan_risk\":10000}", "-10001]}],\"expected\":{\"scan_risk\":10000}"},
    {"dederi_pm", "\"future_contingency_factor\":0.006", "\"future_contingency_factor\":0.0061"},
};

std::string path_of(const Venue& venue) {
  return std::string(MARGRAVE_SHARED_DIR "/venues/vectors/") + venue.file + ".json";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class VenueVectors : public testing::TestWithParam<Venue> {
 protected:
  void SetUp() override {
    if (std::filesystem::exists(path_of(GetParam()))) return;
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
};

TEST_P(VenueVectors, AllPass) {
  const std::string path = path_of(GetParam());
  const auto text = read_text(path);
  ASSERT_TRUE(text);
  const auto document = parse_document(*text, path);
  ASSERT_TRUE(document);
  const auto run = conform(path, best_isa());
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_EQ(run->failed, 0u) << (run->failures.empty() ? "" : run->failures.front().id);
  EXPECT_EQ(run->not_supported, 0u);
  EXPECT_EQ(run->passed, Cursor(*document).find("vectors")->list()->size());
}

TEST_P(VenueVectors, AWrongNumberFails) {
  const Venue& venue = GetParam();
  const auto text = read_text(path_of(venue));
  ASSERT_TRUE(text);
  const auto run = conform_text(replaced(*text, venue.right, venue.wrong), "wrong.json", best_isa());
  ASSERT_TRUE(run) << to_string(run.error());
  EXPECT_GT(run->failed, 0u);
}

INSTANTIATE_TEST_SUITE_P(Files, VenueVectors, testing::ValuesIn(venues),
                         [](const auto& venue) { return std::string(venue.param.file); });

std::string outcome(const std::string& model, const std::string& vector) {
  const std::string text =
      "{\"model\":\"" + model + "\",\n\"tolerance\":{\"abs\":0.001,\"rel\":0.001},\n\"vectors\":[\n" + vector + "]}";
  const auto run = conform_text(text, "v.json", best_isa());
  if (!run) return to_string(run.error());
  return std::to_string(run->passed) + " passed, " + std::to_string(run->failed) + " failed, " +
         std::to_string(run->not_supported) + " not supported";
}

TEST(FunctionVectors, WrongFieldsAreErrorsWithTheirPlace) {
  const char* const dydx = "dYdX v4 perpetual margin";
  const auto imf = [](const std::string& base) {
    return R"({"id":"a","input":{"kind":"effective_imf_ppm","base_imf_ppm":)" + base +
           R"(,"open_interest_notional":15,"oi_lower_cap":10,"oi_upper_cap":20},"expected":{"imf_ppm":"600000"}})";
  };
  EXPECT_EQ(outcome(dydx, imf("200000")), "1 passed, 0 failed, 0 not supported");
  EXPECT_EQ(outcome(dydx, imf("200002")), "0 passed, 1 failed, 0 not supported");
  EXPECT_EQ(outcome(dydx, imf("-1")).substr(0, 71),
            "v.json:4:62: vectors[0].input.base_imf_ppm: -1 is outside 0 to 1000000 ");
  EXPECT_NE(outcome(dydx, imf("1.5")).find("base_imf_ppm: 1.5 is not a whole number"), std::string::npos);
  EXPECT_NE(outcome(dydx, imf("\"x\"")).find("v.json:4:"), std::string::npos);
  EXPECT_EQ(outcome(dydx, R"({"id":"a","input":{"kind":"something new"},"expected":{}})"),
            "0 passed, 0 failed, 1 not supported");
  EXPECT_NE(outcome(dydx, R"({"id":"a"})").find("v.json:4:"), std::string::npos);
}

TEST(FunctionVectors, NoPriceOrSizeOfZero) {
  const char* const tiers = "Hyperliquid liquidation price";
  const auto vector = [](const std::string& side, const std::string& price, const std::string& size) {
    return R"({"id":"a","maintenance_rate":0.01,"side":")" + side + R"(","entry_price":)" + price + R"(,"size":)" +
           size + R"(,"collateral":100,"expected":{"liquidation_price":909.09}})";
  };
  EXPECT_EQ(outcome(tiers, vector("long", "1000", "1")), "1 passed, 0 failed, 0 not supported");
  EXPECT_NE(outcome(tiers, vector("long", "0", "1")).find("vectors[0].entry_price: 0 is outside"), std::string::npos);
  EXPECT_NE(outcome(tiers, vector("long", "1000", "0")).find("vectors[0].size: 0 is outside"), std::string::npos);
  EXPECT_NE(outcome(tiers, vector("up", "1000", "1")).find("vectors[0].side: 'up' is not valid here"),
            std::string::npos);
}

TEST(FunctionVectors, TablesAndArraysAreChecked) {
  const char* const opyn = "Opyn Gamma naked margin";
  const auto option = [](const std::string& table, const std::string& shock) {
    return R"({"id":"a","is_put":true,"amount":1,"strike":100,"underlying_price":100,"seconds_to_expiry":5,)"
           R"("upper_bound_table":)" +
           table + R"(,"spot_shock":)" + shock + R"(,"expected":{"margin":32.5}})";
  };
  EXPECT_EQ(outcome(opyn, option("[[10,0.1]]", "0.75")), "1 passed, 0 failed, 0 not supported");
  EXPECT_NE(outcome(opyn, option("[]", "0.75")).find("v.json:4:"), std::string::npos);
  EXPECT_NE(outcome(opyn, option("[[10,0.1],[10,0.2]]", "0.75")).find("row 2 does not come after"), std::string::npos);
  EXPECT_NE(outcome(opyn, option("[[10,0.1]]", "-1")).find("vectors[0].spot_shock: -1 is outside"), std::string::npos);
  const char* const span = "CME SPAN risk arrays (textbook)";
  EXPECT_NE(outcome(span, R"({"id":"a","positions":[{"qty":1,"risk_array":[1,2]}],"expected":{"scan_risk":1}})")
                .find("there are 2 scenarios"),
            std::string::npos);
  EXPECT_NE(outcome(span, R"({"id":"a","positions":[{"qty":0,"risk_array":[]}],"expected":{"scan_risk":1}})")
                .find("the position is empty"),
            std::string::npos);
  EXPECT_EQ(outcome(span, R"({"id":"a","positions":[],"expected":{"scan_risk":0}})"),
            "1 passed, 0 failed, 0 not supported");
}

Recipe preset(std::string_view name) {
  const auto document = read_preset(name);
  EXPECT_TRUE(document) << (document ? "" : to_string(document.error()));
  auto recipe = read_recipe(*document);
  EXPECT_TRUE(recipe) << (recipe ? "" : to_string(recipe.error()));
  return *recipe;
}

double value(const Recipe& recipe, std::string_view component, const Bindings& bindings) {
  const auto found = component_value(recipe, component, bindings);
  EXPECT_TRUE(found) << (found ? "" : to_string(found.error()));
  return found ? found->to_double() : 0;
}

TEST(VenueRecipes, BinanceAmountsFollowFromTheRates) {
  const Recipe recipe = preset("binance-tiers");
  const auto check = [&](const char* coin, std::int64_t notional, double rate, double amount) {
    const Bindings at{.numbers = {{"contract_notional", Number(notional)}}, .subject = coin};
    EXPECT_DOUBLE_EQ(value(recipe, "bracket_rate", at), rate);
    EXPECT_DOUBLE_EQ(value(recipe, "bracket_amount", at), amount);
    EXPECT_DOUBLE_EQ(value(recipe, "contract_mm", at), static_cast<double>(notional) * rate - amount);
  };
  check("ETH", 4918664, 0.1, 135365);  // both of the published examples
  check("BTC", 3506163, 0.025, 16300);
  check("BTC", 49999, 0.004, 0);
}

TEST(VenueRecipes, HyperliquidTiersAreHalfTheInverseOfTheLeverage) {
  const Recipe recipe = preset("hyperliquid-tiers");
  for (const char* coin : {"BTC", "ETH", "SOL", "XRP", "others"}) {
    for (const std::int64_t notional : {1'000'000, 30'000'000, 200'000'000}) {
      const Bindings at{.numbers = {{"coin_notional", Number(notional)}}, .subject = coin};
      const Bindings next{.numbers = {{"coin_notional", Number(notional + 1)}}, .subject = coin};
      EXPECT_NEAR(value(recipe, "coin_mm", next) - value(recipe, "coin_mm", at), value(recipe, "tier_rate", at), 1e-7)
          << coin << " " << notional;
    }
  }
}

}  // namespace
}  // namespace margrave
