#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/isa.h"
#include "dialect/conform.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* folder = MARGRAVE_SHARED_DIR "/venues/vectors/";

std::string text_of(const std::string& name) {
  std::ifstream file(folder + name);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

#define NEED_VECTORS(text)                                                                      \
  if (text.empty()) {                                                                           \
    const char* ci = std::getenv("CI");                                                         \
    ASSERT_FALSE(ci != nullptr && std::string(ci) == "true") << "the vector folder is missing"; \
    GTEST_SKIP() << folder << " is not beside the tree";                                        \
  }

Result<Conformance> conform_json(const Json& json) { return conform_text(json.dump(), "vectors.json", best_isa()); }

struct VectorFile {
  const char* name;
  std::size_t vectors;
};

class DeriveVectors : public testing::TestWithParam<VectorFile> {};

TEST_P(DeriveVectors, AllPassInWideAndNarrowRows) {
  const std::string text = text_of(GetParam().name);
  NEED_VECTORS(text)
  const Result<Conformance> result = conform_text(text, GetParam().name, best_isa());
  ASSERT_TRUE(result.has_value()) << to_string(result.error());
  EXPECT_EQ(result->passed, GetParam().vectors);
  EXPECT_EQ(result->not_supported, 0u);
  for (const VectorFailure& failure : result->failures) {
    ADD_FAILURE() << failure.id << ": expected " << failure.expected << ", computed " << failure.computed;
  }
  EXPECT_FALSE(result->notes.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Files, DeriveVectors,
    testing::Values(VectorFile{"derive_pmrm2_evm.json", 240}, VectorFile{"derive_pmrm2_repo.json", 91},
                    VectorFile{"derive_pmrm1_evm.json", 120}, VectorFile{"derive_pmrm1_repo.json", 14},
                    VectorFile{"derive_pmrm1_integer.json", 29}, VectorFile{"derive_srm_evm.json", 200},
                    VectorFile{"derive_srm_repo.json", 19}, VectorFile{"derive_srm_integer.json", 28}),
    [](const auto& test) {
      std::string name(test.param.name);
      return name.substr(0, name.find('.'));
    });

/// Every step-th vector of a file.
Json sample(const Json& file, std::size_t step) {
  Json some = file;
  some["vectors"] = Json::array();
  for (std::size_t i = 0; i < file["vectors"].size(); i += step) some["vectors"].push_back(file["vectors"][i]);
  return some;
}

using ParamsOf = std::function<Json&(Json&)>;

/// How many vectors fail when one parameter is off by a twentieth (a threshold: is 2).
std::size_t failures_without(Json file, const ParamsOf& params_of, const std::string& section, const std::string& key) {
  for (Json& vector : file["vectors"]) {
    Json& params = params_of(vector);
    Json& value = key.empty() ? params[section] : params[section][key];
    const double given = value.get<double>();
    const bool threshold = section.ends_with("threshold") || key.ends_with("threshold");
    value = threshold ? 2 : given == 0 ? 0.05 : given * 1.05;
  }
  const Result<Conformance> result = conform_json(file);
  EXPECT_TRUE(result.has_value()) << section << "." << key << ": " << to_string(result.error());
  return result ? result->failed : 0;
}

/// Every parameter matters: no comparison is empty, and every number of the recipe is the vector's. Most show in a few
/// vectors, some in the whole file only.
void expect_all_matter(const std::string& text, std::size_t step, const ParamsOf& params_of) {
  const Json file = Json::parse(text), some = sample(file, step);
  Json first = file["vectors"][0];
  for (const auto& [section, keys] : params_of(first).items()) {
    std::vector<std::string> names{""};
    if (keys.is_object()) names.clear();
    for (const auto& [key, unused] : keys.items()) {
      if (keys.is_object()) names.push_back(key);
    }
    for (const std::string& key : names) {
      if (failures_without(some, params_of, section, key) > 0) continue;
      EXPECT_GT(failures_without(file, params_of, section, key), 0u) << section << "." << key << " changes nothing";
    }
  }
}

TEST(DeriveVectors, EveryParameterOfTheSecondPortfolioMarginMatters) {
  const std::string text = text_of("derive_pmrm2_evm.json");
  NEED_VECTORS(text)
  expect_all_matter(text, 12, [](Json& vector) -> Json& { return vector["params"]; });
}

TEST(DeriveVectors, EveryParameterOfTheFirstPortfolioMarginMatters) {
  const std::string text = text_of("derive_pmrm1_evm.json");
  NEED_VECTORS(text)
  expect_all_matter(text, 12, [](Json& vector) -> Json& { return vector["params"]; });
}

TEST(DeriveVectors, EveryParameterOfTheStandardMarginMatters) {
  const std::string text = text_of("derive_srm_evm.json");
  NEED_VECTORS(text)
  expect_all_matter(text, 9,
                    [](Json& vector) -> Json& { return vector["market_and_portfolio"]["markets"][0]["params"]; });
}

/// A file of one small vector whose account has everything.
Json small_file(const std::string& text, const char* tag) {
  Json file = Json::parse(text);
  for (const Json& vector : file["vectors"]) {
    if (vector["features"][0] != tag) continue;
    Json one = vector;
    file["vectors"] = Json::array({one});
    return file;
  }
  return file;
}

/// Every value of a vector in turn is taken away or made something else: an answer or an error that says where, never
/// a stop.
void expect_no_crash(const Json& file, std::size_t step) {
  const Json flat = file["vectors"][0].flatten();
  std::size_t errors = 0, at = 0;
  for (const auto& [path, value] : flat.items()) {
    if (path.starts_with("/scenarios/") && at++ % step != 0) continue;
    for (const Json& other :
         {Json(nullptr), Json("x"), Json(-1), Json(1e30), Json(0), Json(Json::array()), Json(true)}) {
      Json broken = file;
      broken["vectors"][0][Json::json_pointer(path)] = other;
      const Result<Conformance> result = conform_json(broken);
      if (result) continue;
      ++errors;
      EXPECT_EQ(result.error().place.file, "vectors.json") << path << " = " << other;
      EXPECT_GT(result.error().place.line, 0) << path << " = " << other << ": " << to_string(result.error());
      EXPECT_FALSE(result.error().field.empty()) << path << " = " << other;
    }
  }
  EXPECT_GT(errors, flat.size());
}

TEST(DeriveVectors, WhatIsMalformedIsAnErrorWithItsPlace) {
  const std::string second = text_of("derive_pmrm2_evm.json"), standard = text_of("derive_srm_evm.json");
  NEED_VECTORS(second)
  NEED_VECTORS(standard)
  expect_no_crash(small_file(second, "options_collateral"), 25);
  expect_no_crash(small_file(standard, "all"), 1);
}

TEST(DeriveVectors, AnOptionWithoutItsExpiryIsAnError) {
  const std::string text = text_of("derive_pmrm2_evm.json");
  NEED_VECTORS(text)
  Json file = small_file(text, "options");
  file["vectors"][0]["portfolio"]["options"][0]["expiry"] = 12345;
  const Result<Conformance> result = conform_json(file);
  ASSERT_FALSE(result.has_value());
  EXPECT_EQ(result.error().message, "the market has no expiry in 12345 seconds");
  EXPECT_EQ(result.error().field, "vectors[0].portfolio.options[0].expiry");
}

}  // namespace
}  // namespace margrave
