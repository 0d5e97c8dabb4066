#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "chains/moves_at.h"
#include "dialect/chain_files.h"
#include "dialect/deribit_chain.h"
#include "scenario/vol_marks.h"
#include "walk/walk_fixture.h"

namespace margrave {
namespace {

/// What docs/evidence/greeks.md says of all chains, on the three of the last days of 2025.
TEST(RecordedOptionBooks, GreeksAskShortFarWingsForHalfOfTheirOwnMovesAtMost) {
  const std::string path = MARGRAVE_SHARED_DIR "/data/options/deribit_chain_2025-12.csv.gz";
  if (!std::filesystem::exists(path)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const ReadRecipe greeks = read_preset_recipe("greeks");
  const OwnMoves moves = OwnMoves::of(greeks.recipe).value();
  const std::vector<OptionBookRule> rules = standard_option_books({"BTC", "ETH"});
  std::vector<MovesCase> cases;
  const Result<std::size_t> taken = stream_deribit_csv(path, [&](const Chain& chain) {
    const auto found = moves_at(chain, {greeks.recipe, greeks.scenarios, rules}, moves);
    EXPECT_TRUE(found.has_value()) << (found ? "" : to_string(found.error()));
    if (!found) return false;
    cases.insert(cases.end(), found->cases.begin(), found->cases.end());
    return true;
  });
  ASSERT_TRUE(taken.has_value()) << to_string(taken.error());
  ASSERT_EQ(*taken, 3u);
  const MovesStudy study = study_moves(cases);
  EXPECT_EQ(study.all.cases, 3u * 56u);
  for (const MovesLine& line : study.lines) {
    if (line.kind == "short far wings") {
      EXPECT_EQ(line.under, line.cases);
      EXPECT_LT(line.median_ratio, 0.5);
    }
    if (line.kind == "long strangle") {
      EXPECT_EQ(line.under, 0u);
    }
  }
}

/// tools/vol_moves.py, which shares nothing with the engine, finds these between the first two chains.
TEST(RecordedOptionBooks, VolMovesAreThoseOfAnotherImplementation) {
  const std::string path = MARGRAVE_SHARED_DIR "/data/options/deribit_chain_2025-12.csv.gz";
  if (!std::filesystem::exists(path)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  std::vector<Chain> chains;
  ASSERT_TRUE(stream_deribit_csv(path, [&](const Chain& chain) {
                chains.push_back(chain);
                return chains.size() < 2;
              }).has_value());
  ASSERT_EQ(chains.size(), 2u);
  const std::pair<const char*, VolMove> expected[] = {{"BTC", {-0.012913476, 0.007464426, 0.002037706, 0.001530212}},
                                                      {"ETH", {-0.008008670, 0.003482192, 0.000444147, 0.001829741}}};
  for (const auto& [coin, by_tool] : expected) {
    const VolMove moved = vol_moved(vol_marks(chains[0], coin), vol_marks(chains[1], coin));
    for (std::size_t c = 0; c < moved.size(); ++c) EXPECT_NEAR(moved[c], by_tool[c], 2e-9) << coin << vol_components[c];
  }
}

TEST(RecordedOptionBooks, AFolderGivesTheMonthsOfItsChainsInOrder) {
  const std::string folder = MARGRAVE_SHARED_DIR "/data/options";
  if (!std::filesystem::exists(folder)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  const auto files = chain_files({folder}, "--chains");
  ASSERT_TRUE(files.has_value()) << to_string(files.error());
  ASSERT_EQ(files->size(), 8u);
  EXPECT_TRUE(files->front().ends_with("deribit_chain_2025-12.csv.gz"));
  EXPECT_TRUE(files->back().ends_with("deribit_chain_2026-07.csv.gz"));
  EXPECT_FALSE(chain_files({folder + "/none"}, "--chains").has_value());
}

}  // namespace
}  // namespace margrave
