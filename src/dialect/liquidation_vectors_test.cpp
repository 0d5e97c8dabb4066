#include "dialect/liquidation_vectors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "dialect/conform.h"
#include "dialect/liquidation_account.h"
#include "document/read.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string shared_text(const std::string& name) { return text_of(MARGRAVE_SHARED_DIR "/venues/vectors/" + name); }
Json own_file(const char* name) {
  return Json::parse(text_of(std::string(MARGRAVE_SOURCE_DIR "/tests/fuzz/corpus/conform/") + name));
}

#define NEED_VECTORS(text)                                                                      \
  if (text.empty()) {                                                                           \
    const char* ci = std::getenv("CI");                                                         \
    ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "the vector folder is missing"; \
    GTEST_SKIP() << "the vector folder is not beside the tree";                                 \
  }

Result<Conformance> conform_json(const Json& json) { return conform_text(json.dump(), "vectors.json", best_isa()); }

struct VectorFile {
  const char* name;
  std::size_t vectors;
};

class LiquidationVectors : public testing::TestWithParam<VectorFile> {};

TEST_P(LiquidationVectors, AllPass) {
  const std::string text = shared_text(GetParam().name);
  NEED_VECTORS(text)
  const Result<Conformance> result = conform_text(text, GetParam().name, best_isa());
  ASSERT_TRUE(result.has_value()) << to_string(result.error());
  EXPECT_EQ(result->passed, GetParam().vectors);
  EXPECT_EQ(result->not_supported, 0u);
  for (const VectorFailure& failure : result->failures) {
    ADD_FAILURE() << failure.id << ": expected " << failure.expected << ", computed " << failure.computed;
  }
}

INSTANTIATE_TEST_SUITE_P(Files, LiquidationVectors,
                         testing::Values(VectorFile{"derive_liquidation_evm.json", 60},
                                         VectorFile{"derive_liquidation_repo.json", 5}),
                         [](const auto& test) {
                           std::string name(test.param.name);
                           return name.substr(0, name.find('.'));
                         });

/// Every number that is expected, and every term of the auction, is off in turn: the vector fails.
void expect_each_matters(const Json& file, const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    Json wrong = file;
    Json& value = wrong["vectors"][0][Json::json_pointer(path)];
    if (value.is_boolean()) {
      value = !value.get<bool>();
    } else {
      value = value.get<double>() * 1.01 + 0.001;
    }
    const Result<Conformance> result = conform_json(wrong);
    ASSERT_TRUE(result.has_value()) << path << ": " << to_string(result.error());
    EXPECT_EQ(result->failed, 1u) << path << " changes nothing";
  }
}

std::vector<std::string> paths_of(const Json& vector, const std::string& part) {
  std::vector<std::string> paths;
  const Json flat = vector.flatten();
  for (const auto& [path, value] : flat.items()) {
    if (path.find(part) != std::string::npos) paths.push_back(path);
  }
  return paths;
}

Json first_of(const std::string& text, std::size_t index) {
  Json file = Json::parse(text);
  const Json one = file["vectors"][index];
  file["vectors"] = Json::array({one});
  return file;
}

TEST(LiquidationVectors, EveryNumberOfAStoryMatters) {
  const std::string text = shared_text("derive_liquidation_evm.json");
  NEED_VECTORS(text)
  const Json file = first_of(text, 0);
  expect_each_matters(file, paths_of(file["vectors"][0], "expected/"));
  expect_each_matters(file, {"/auction/starting_mtm_pct", "/auction/fast_cutoff_pct", "/auction/fee_rate",
                             "/auction/buffer_pct", "/liquidator_cash_before", "/portfolio/cash"});
}

TEST(LiquidationVectors, EveryNumberOfATestMattersAndOfARetiredOneOnlyTheMarginsBefore) {
  const std::string text = shared_text("derive_liquidation_repo.json");
  NEED_VECTORS(text)
  const Json active = first_of(text, 3);
  expect_each_matters(active, paths_of(active["vectors"][0], "expected/"));
  Json retired = first_of(text, 4);
  ASSERT_FALSE(retired["vectors"][0]["active_in_source_suite"].get<bool>());
  expect_each_matters(retired,
                      {"/actions/0/expected/PreMtM", "/actions/0/expected/PreMM", "/actions/0/expected/PreBM"});
  retired["vectors"][0]["actions"][0]["expected"]["SMPayout"] = 12;
  EXPECT_EQ(conform_json(retired)->failed, 0u);
}

TEST(LiquidationVectors, AnExpiryThatHasPassedIsAnErrorWithItsPlace) {
  Json file = own_file("liquidation.json");
  file["vectors"][0]["steps"][0]["t"] = 864000;
  const Result<Conformance> result = conform_json(file);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().field, "vectors[0].steps[0].t");
  EXPECT_EQ(result.error().message, "an expiry of the account has passed then");
}

TEST(LiquidationVectors, AnErrorOfTheAccountHasItsPathInTheFile) {
  Json file = own_file("liquidation.json");
  file["vectors"][0]["market"]["spot"] = -1;
  EXPECT_EQ(conform_json(file).error().field, "vectors[0].market.spot");
  Json first = own_file("liquidation_first.json");
  first["vectors"][0]["actions"][0]["portfolio"]["options"][0]["vol"] = "x";
  EXPECT_EQ(conform_json(first).error().field, "vectors[0].actions[0].portfolio.options[0].vol");
}

/// Values in turn are taken away or made something else, one in three of all such changes: an answer or an error that
/// says where, never a stop.
TEST(LiquidationVectors, WhatIsMalformedIsAnErrorWithItsPlace) {
  for (const char* name : {"liquidation.json", "liquidation_first.json"}) {
    const Json file = own_file(name), flat = file["vectors"][0].flatten();
    std::size_t changes = 0;
    ASSERT_TRUE(conform_json(file).has_value()) << to_string(conform_json(file).error());
    for (const auto& [path, value] : flat.items()) {
      for (const Json& other :
           {Json(nullptr), Json("x"), Json(-1), Json(1e30), Json(0), Json(true), Json(Json::array())}) {
        if (++changes % 3 != 0) continue;
        Json broken = file;
        broken["vectors"][0][Json::json_pointer(path)] = other;
        const Result<Conformance> result = conform_json(broken);
        if (result) continue;
        EXPECT_EQ(result.error().place.file, "vectors.json") << path << " = " << other;
        EXPECT_GT(result.error().place.line, 0) << path << " = " << other << ": " << to_string(result.error());
        EXPECT_FALSE(result.error().field.empty()) << path << " = " << other;
        EXPECT_FALSE(result.error().remedy.empty()) << path << " = " << other << ": " << to_string(result.error());
      }
    }
  }
}

TEST(LiquidationVectors, AWorthlessAccountIsPaidForByTheModuleNotByTheAccount) {
  Json file = own_file("liquidation.json");
  Json& vector = file["vectors"][0];
  vector["portfolio"]["cash"] = -1000;
  Json& step = vector["steps"][0];
  step["bid_pct_wanted"] = 1;
  const Result<Conformance> whole = conform_json(file);
  ASSERT_TRUE(whole.has_value()) << to_string(whole.error());
  // All of it was taken: nothing is left to the account, whatever the module paid.
  std::map<std::string, double> computed;
  for (const VectorFailure& failure : whole->failures) computed[failure.id] = failure.computed;
  EXPECT_EQ(computed.at("own at 20 s postCash"), 0);
  EXPECT_EQ(computed.at("own at 20 s postMtM"), 0);
  EXPECT_EQ(computed.at("own at 20 s cashFromBidder"), 0);
  EXPECT_GT(computed.at("own at 20 s liqMtM"), 1000);  // the debt is made good, and a thirtieth of the maintenance
  EXPECT_LT(computed.at("own at 20 s liqMtM"), 1010);
}

TEST(LiquidationAccount, OnlyTheNumbersNamedReadOtherwise) {
  const Document document = *parse_document(
      "{\"cash\": 2.5, \"perp\": {\"amount\": 0}, \"options\": [{\"amount\": -3, \"strike\": 7}], \"collaterals\": []}",
      "a.json");
  const Cursor portfolio(document);
  Book amounts = *amounts_of(portfolio);
  ASSERT_EQ(amounts.balances.size(), 2u);
  EXPECT_TRUE(amounts.balances[1].units == -3 * power_of_ten(18));
  amounts.balances[1].units /= 2;
  amounts.balances.erase(amounts.balances.begin());
  Changes changes;
  ASSERT_TRUE(add_amounts(portfolio, amounts, changes).has_value());
  Document other = document;
  other.root = changed(document.root, changes);
  const Cursor after(other);
  EXPECT_EQ(after.get("cash")->node().text, "0");
  const std::vector<Cursor> options = *list_at(after, "options");
  EXPECT_EQ(options[0].get("amount")->node().text, "-1.5");
  EXPECT_EQ(options[0].get("strike")->node().text, "7");
}

}  // namespace
}  // namespace margrave
