#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "base/random.h"
#include "recorded_series.h"
#include "study/equal_cost.h"
#include "study_tables.h"

// Row 17: a margin knows nothing of what comes after it, and the study would see one that does.
namespace margrave {
namespace {

constexpr std::uint64_t seed = 20'241'231;

const EvidencePage& page() {
  static const EvidencePage one("linear-books.md");
  return one;
}

/// The last margins of a walk, of every model and either side.
std::vector<double> last_margins(const Walk& walk) {
  std::vector<double> last;
  for (const WalkSide* side : {&walk.long_side, &walk.short_side}) {
    for (const WalkModel model : walk_models) last.push_back(margins_of(*side, model).back());
  }
  return last;
}
/// Those of a walk's i-th tested step.
std::vector<double> margins_at(const Walk& walk, std::size_t i) {
  std::vector<double> all;
  for (const WalkSide* side : {&walk.long_side, &walk.short_side}) {
    for (const WalkModel model : walk_models) all.push_back(margins_of(*side, model)[i]);
  }
  return all;
}

// 1,000 random dates of the thirteen assets, with windows of a day: the record ends there, and in every other case goes
// on with moves of 50 % instead.
TEST(LookAhead, DeletingLaterRowsChangesNoMarginByABitOnAThousandDates) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  Random random{.seed = seed};
  const std::vector<RecordedAsset> assets = first_assets();
  std::vector<PriceWindows> windows;
  std::vector<Walk> whole;
  for (const RecordedAsset& asset : assets) {
    windows.push_back(recorded_windows(asset, one_day));
    whole.push_back(*walk_linear(day_walk_spec(), windows.back().log_return, windows.back().variance));
  }
  for (int date = 0; date < 1000; ++date) {
    const std::size_t a = random.below(assets.size()), i = random.below(whole[a].at.size()), kept = whole[a].at[i] + 1;
    std::vector<double> returns(windows[a].log_return.begin(),
                                windows[a].log_return.begin() + static_cast<std::ptrdiff_t>(kept));
    std::vector<double> variances(windows[a].variance.begin(),
                                  windows[a].variance.begin() + static_cast<std::ptrdiff_t>(kept));
    const bool goes_on = date % 2 == 1;
    if (goes_on) {
      returns.back() = 0.5;  // the window itself is no part of what was known when it began
      variances.back() = 0.25;
    }
    const Walk part = *walk_linear(day_walk_spec(), returns, variances);
    ASSERT_EQ(part.at.size(), i + 1);
    EXPECT_EQ(last_margins(part), margins_at(whole[a], i))
        << assets[a].name << " window " << kept - 1 << ", seed " << seed << ", date " << date;
    EXPECT_EQ(margins_at(part, i / 2), margins_at(whole[a], i / 2));
  }
}

// From the bars on, and with windows of eight hours: rows of the files that are later than a date are deleted.
TEST(LookAhead, DeletingLaterBarsChangesNoMarginByABit) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  Random random{.seed = seed + 1};
  const Bars bars = recorded_bars(spot, "ETH");
  const PriceWindows windows = price_windows({&bars}, eight_hours, 0, record_end(), recorded_wick_cap);
  const Walk whole = *walk_linear({}, windows.log_return, windows.variance);
  for (int date = 0; date < 12; ++date) {
    const std::size_t i = random.below(whole.at.size());
    const std::int64_t known_at = windows.end_ms[whole.at[i]] - eight_hours;
    const auto end = std::upper_bound(bars.t_ms.begin(), bars.t_ms.end(), known_at - hour_ms) - bars.t_ms.begin();
    Bars part = bars;
    part.t_ms.resize(static_cast<std::size_t>(end));
    for (auto* column : {&part.open, &part.high, &part.low, &part.close}) column->resize(static_cast<std::size_t>(end));
    PriceWindows seen = price_windows({&part}, eight_hours, 0, record_end(), recorded_wick_cap);
    ASSERT_EQ(seen.end_ms.back(), known_at);
    seen.log_return.push_back(0.0);  // some move that is still to come
    seen.variance.push_back(0.0);
    const Walk walk = *walk_linear({}, seen.log_return, seen.variance);
    EXPECT_EQ(last_margins(walk), margins_at(whole, i)) << "seed " << seed + 1 << ", date " << date;
  }
}

constexpr WalkModel margins_seen[] = {WalkModel::raw, WalkModel::reactive, WalkModel::bounded};

/// Uncovered loss in millionths, tail, and the difference of uncovered loss at equal cost from the record's, by model.
std::string line(const std::string& name, const std::vector<StudiedSeries>& all,
                 const std::vector<StudiedSeries>* honest) {
  const StudySpan& span = recorded_spans()[3].span;
  std::string text = "| " + name;
  for (const WalkModel model : margins_seen) {
    const ModelJudgement of = *judge(all, model, span);
    text += fmt::format(" | {:.1f}, {:.2f}", 1e6 * of.uncovered, of.tail);
    if (honest == nullptr) continue;
    const EqualCost gain = *compare_at_equal_cost({all, model}, {*honest, model}, span, span, {.seed = 7});
    text += fmt::format(", {:+.1f} %, {:.4f}", 100 * gain.uncovered.relative, gain.uncovered.not_better_p);
  }
  return text + " |";
}

// Two canaries. Volatility that has seen the window it speaks of must look too good; with losses in random order what a
// margin knows of volatility must be worth nothing.
TEST(LookAhead, AMarginThatSeesAheadLooksTooGoodAndShuffledLossesAreNotForeseen) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  Random random{.seed = seed + 2};
  std::vector<StudiedSeries> honest, ahead, shuffled;
  for (const RecordedAsset& asset : first_assets()) {
    const PriceWindows windows = recorded_windows(asset, eight_hours);
    add_sides(honest, asset.name, windows, *walk_linear({}, windows.log_return, windows.variance));
    std::vector<double> shifted(windows.variance.begin() + 1, windows.variance.end());
    shifted.push_back(std::nan(""));
    add_sides(ahead, asset.name, windows, *walk_linear({}, windows.log_return, shifted));
    for (std::size_t side = honest.size() - 2; side < honest.size(); ++side) {
      shuffled.push_back(honest[side]);
      std::vector<double>& losses = shuffled.back().side.loss;
      // Within the span that is judged, so that its losses stay the same.
      const auto& ends = shuffled.back().end_ms;
      const StudySpan& span = recorded_spans()[3].span;
      const auto from =
          static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), span.from_ms) - ends.begin());
      for (std::size_t k = losses.size() - 1; k > from; --k)
        std::swap(losses[k], losses[from + random.below(k - from + 1)]);
    }
  }
  EXPECT_TRUE(page().holds(line("as recorded", honest, nullptr)));
  EXPECT_TRUE(page().holds(line("variance one window ahead", ahead, &honest)));
  EXPECT_TRUE(page().holds(line("losses shuffled", shuffled, nullptr)));
  const StudySpan& span = recorded_spans()[3].span;
  for (const WalkModel model : margins_seen) {
    const EqualCost gain = *compare_at_equal_cost({ahead, model}, {honest, model}, span, span, {.seed = 7});
    EXPECT_LT(gain.uncovered.relative, -0.05) << to_string(model);
    EXPECT_LT(gain.uncovered.not_better_p, 0.001) << to_string(model);
    const ModelJudgement blind = *judge(shuffled, model, span), seeing = *judge(honest, model, span);
    EXPECT_NEAR(blind.tail, 1.0, 0.03) << to_string(model);
    EXPECT_GT(seeing.tail, 1.25) << to_string(model);
    EXPECT_GT(blind.uncovered, 1.5 * seeing.uncovered) << to_string(model);
  }
}

}  // namespace
}  // namespace margrave
