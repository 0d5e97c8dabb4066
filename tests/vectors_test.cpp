#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "base/embedded.h"
#include "cli/inputs.h"
#include "dialect/conform.h"

// How many published numbers a recipe says that it meets (`vectors:`) is what conform finds.

namespace margrave {
namespace {

/// The recipe that the vectors of a file run under; none for those of a pricing formula or an `unwind:` file alone.
std::string recipe_of(const std::string& file) {
  static const std::map<std::string, std::string> recipes{{"binance_futures", "binance-tiers"},
                                                          {"bitcom_option", "bitcom-sm"},
                                                          {"dederi_pm", "dederi-pm"},
                                                          {"deribit_linear_perp", "deribit-sm"},
                                                          {"derive_auction_evm", ""},
                                                          {"derive_black76_evm", ""},
                                                          {"derive_liquidation_evm", "derive-pm2"},
                                                          {"derive_liquidation_repo", "derive-pm1"},
                                                          {"derive_pmrm1_evm", "derive-pm1"},
                                                          {"derive_pmrm1_integer", "derive-pm1"},
                                                          {"derive_pmrm1_repo", "derive-pm1"},
                                                          {"derive_pmrm2_evm", "derive-pm2"},
                                                          {"derive_pmrm2_repo", "derive-pm2"},
                                                          {"derive_srm_evm", "derive-srm"},
                                                          {"derive_srm_integer", "derive-srm"},
                                                          {"derive_srm_repo", "derive-srm"},
                                                          {"drift_v2", "drift-v2"},
                                                          {"dydx_v4", "dydx-v4"},
                                                          {"hyperliquid_liq", "hyperliquid-tiers"},
                                                          {"mango_v4", "mango-v4"},
                                                          {"opyn_naked_evm", "opyn-naked"},
                                                          {"span_textbook", "span"}};
  const auto found = recipes.find(std::filesystem::path(file).stem().string());
  EXPECT_NE(found, recipes.end()) << file << ": which recipe do its vectors run under?";
  return found == recipes.end() ? "" : found->second;
}

TEST(Vectors, EveryRecipeMeetsAsManyAsItSays) {
  const std::string folder = MARGRAVE_SHARED_DIR "/venues/vectors";
  if (!std::filesystem::exists(folder)) {
    if (std::getenv("CI") != nullptr) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  std::map<std::string, std::int64_t> met;
  std::int64_t all = 0;
  const auto files = golden_files(folder);
  ASSERT_TRUE(files) << to_string(files.error());
  for (const std::string& file : *files) {
    const auto found = conform(file, best_isa());
    ASSERT_TRUE(found) << to_string(found.error());
    EXPECT_EQ(found->failed + found->not_supported, 0u) << file;
    met[recipe_of(file)] += static_cast<std::int64_t>(found->passed);
    all += static_cast<std::int64_t>(found->passed);
  }
  EXPECT_EQ(all, 1450);
  for (const std::string& name : embedded_names("recipes/", ".yaml")) {
    EXPECT_EQ(load_recipe(name)->recipe.vectors, met[name]) << name;
  }
}

}  // namespace
}  // namespace margrave
