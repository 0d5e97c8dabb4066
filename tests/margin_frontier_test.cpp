#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>

#include "recorded_series.h"
#include "study/equal_cost.h"
#include "study/frontier_svg.h"
#include "study_tables.h"

// What bounds, weights and decays buy and cost, on recorded bars: docs/evidence/margin-frontier.md.
namespace margrave {
namespace {

const EvidencePage& page() {
  static const EvidencePage one("margin-frontier.md");
  return one;
}

const std::vector<double> decays{0.94, 0.98, 0.99, 0.997};

/// Thirteen assets, both sides, at four decays.
struct Walked {
  std::vector<TailSeries> tails;
  std::vector<StudiedSeries> bounded, unbounded;  ///< the models in use, and the same with a factor without bounds
};
const Walked& walked() {
  static const Walked all = [] {
    Walked found;
    WalkSpec free;
    free.factor_high = std::numeric_limits<double>::infinity();
    free.factor_up = std::numeric_limits<double>::infinity();
    free.factor_down = 1;
    for (const RecordedAsset& asset : first_assets()) {
      const PriceWindows windows = recorded_windows(asset, eight_hours);
      TailSpec spec = tail_spec({});
      spec.decays = decays;
      const LinearTails tails = *linear_tails(spec, windows.log_return, windows.variance);
      add_sides(found.bounded, asset.name, windows, *walk_from_tails({}, tails));
      add_sides(found.unbounded, asset.name, windows, *walk_from_tails(free, tails));
      const bool gauges = asset.name == "BTC" || asset.name == "ETH";
      found.tails.push_back({tails.long_side, found.bounded.back().end_ms, gauges});
      found.tails.push_back({tails.short_side, found.bounded.back().end_ms, gauges});
    }
    return found;
  }();
  return all;
}

const StudySpan& chosen_on() { return recorded_spans()[0].span; }

std::string line(const std::string& name, const std::string& span, const EqualCost& of) {
  return fmt::format("| {} | {} | {:.3f} | {:.3f} | {} : {} | {:+.1f} % | {:+.1f} to {:+.1f} % | {:.4f} |", name, span,
                     of.scale, of.cost, of.breaches, of.other_breaches, 100 * of.uncovered.relative,
                     100 * of.uncovered.low, 100 * of.uncovered.high, of.uncovered.not_better_p);
}

// Each pair scaled to one mean margin by a constant fixed on D1. On D1 itself nothing is out of sample.
TEST(EqualCostOnTheRecord, WhatTheBoundsCostAndTheFactorBuys) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  const Walked& all = walked();
  const StudiedModel reactive{all.bounded, WalkModel::reactive}, slow{all.bounded, WalkModel::slow},
      bounded{all.bounded, WalkModel::bounded}, unbounded{all.unbounded, WalkModel::bounded},
      raw{all.bounded, WalkModel::raw};
  const struct {
    const char* name;
    StudiedModel first, second;
  } pairs[] = {{"bounded : reactive", bounded, reactive},
               {"bounded : slow", bounded, slow},
               {"slow : reactive", slow, reactive},
               {"bounded : same without bounds", bounded, unbounded},
               {"reactive : raw", reactive, raw}};
  for (const auto& pair : pairs) {
    for (const NamedSpan& span : recorded_spans()) {
      const auto found = compare_at_equal_cost(pair.first, pair.second, chosen_on(), span.span, {.seed = 7});
      ASSERT_TRUE(found) << to_string(found.error());
      EXPECT_TRUE(page().holds(line(pair.name, span.name, *found)));
      if (span.name == "D1") {
        EXPECT_NEAR(found->cost, 1, 1e-12);
      }
      EXPECT_LE(found->uncovered.low, found->uncovered.relative);
      EXPECT_GE(found->uncovered.high, found->uncovered.relative);
    }
  }
  for (const NamedSpan& span : recorded_spans()) {
    const ModelJudgement with = *judge(all.bounded, WalkModel::bounded, span.span),
                         without = *judge(all.unbounded, WalkModel::bounded, span.span);
    EXPECT_TRUE(page().holds(fmt::format("| {} | {:.0f} %, {:.0f} % | {:.0f} %, {:.0f} % |", span.name,
                                         100 * worst_of_majors(with, &SeriesJudgement::rise_p99),
                                         100 * worst_of_majors(with, &SeriesJudgement::rise_max),
                                         100 * worst_of_majors(without, &SeriesJudgement::rise_p99),
                                         100 * worst_of_majors(without, &SeriesJudgement::rise_max))));
  }
}

std::vector<MarginModel> reactive_models() {
  std::vector<MarginModel> models;
  for (std::size_t base = 0; base < decays.size(); ++base) {
    for (int weight = 0; weight <= 13; ++weight) models.push_back({.base = base, .weight = 0.05 * weight});
  }
  return models;
}
std::vector<MarginModel> bounded_models() {
  std::vector<MarginModel> models;
  for (std::size_t base = 1; base < decays.size(); ++base) {
    for (const double weight : {0.0, 0.1, 0.25, 0.4, 0.5, 0.65}) {
      for (const double low : {0.85, 1.0}) {
        for (const double high : {1.25, 1.5, 2.0}) {
          for (const double up : {0.1, 0.25}) {
            for (const double down : {0.01, 0.02, 0.05}) {
              const FactorBounds bounds{.low = low, .high = high, .up = up, .down = down};
              models.push_back({.base = base, .weight = weight, .floor_share = 0.7, .factor = bounds, .signal = 0});
            }
          }
        }
      }
    }
  }
  return models;
}

std::string best_line(const char* family, const char* limit, const FrontierPoint& point) {
  std::string bounds = "none";
  if (point.model.factor) {
    bounds = fmt::format("{:.2f} to {:.2f}, +{:.0f} %, -{:.0f} %", point.model.factor->low, point.model.factor->high,
                         100 * point.model.factor->up, 100 * point.model.factor->down);
  }
  return fmt::format("| {} | {} | {} | {:.2f} | {} | {:.1f} | {:.0f} % | {:.0f} % |", family, limit,
                     decays[point.model.base], point.model.weight, bounds, 1e6 * point.uncovered, 100 * point.rise_p99,
                     100 * point.rise_max);
}

/// The least uncovered loss among models within limits.
const FrontierPoint* best_within(const std::vector<FrontierPoint>& points, double p99, double max) {
  const FrontierPoint* best = nullptr;
  for (const FrontierPoint& point : points) {
    if (point.rise_p99 > p99 || point.rise_max > max) continue;
    if (best == nullptr || point.uncovered < best->uncovered) best = &point;
  }
  return best;
}

// On D1 alone, where all numbers are chosen; at the mean margin that the reactive model has there.
TEST(MarginFrontier, RisesAgainstUncoveredLossOnTheChoosingSpan) {
  if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  const Walked& all = walked();
  const MarginModel reactive{.base = 0, .weight = 0.25};
  MarginModel bounded{.base = 2, .weight = 0.4, .floor_share = 0.7, .factor = FactorBounds{}, .signal = 0};
  const double cost = mean_margin(all.tails, reactive, chosen_on());
  FrontierPlot plot;
  plot.title = "Thirteen assets, both sides, 2020-21: what calm costs";
  plot.families = {{"reactive", {}, *frontier_point(all.tails, reactive, chosen_on(), cost)},
                   {"bounded", {}, *frontier_point(all.tails, bounded, chosen_on(), cost)}};
  for (const MarginModel& model : reactive_models()) {
    plot.families[0].points.push_back(*frontier_point(all.tails, model, chosen_on(), cost));
  }
  for (const MarginModel& model : bounded_models()) {
    plot.families[1].points.push_back(*frontier_point(all.tails, model, chosen_on(), cost));
  }
  for (const FrontierFamily& family : plot.families) {
    EXPECT_TRUE(page().holds(best_line(family.name.c_str(), "in use", family.chosen)));
    for (const double p99 : {0.3, 0.5, 0.75, 9.0}) {
      const double max = p99 > 1 ? 99 : 2;
      const FrontierPoint* best = best_within(family.points, p99, max);
      if (best == nullptr) continue;
      const std::string limit = p99 > 1 ? "none" : fmt::format("{:.0f} %, 200 %", 100 * p99);
      EXPECT_TRUE(page().holds(best_line(family.name.c_str(), limit.c_str(), *best)));
    }
  }
  // The models in use keep to the limits they were chosen under.
  for (const FrontierFamily& family : plot.families) {
    EXPECT_LE(family.chosen.rise_p99, plot.limit_p99) << family.name;
    EXPECT_LE(family.chosen.rise_max, plot.limit_max) << family.name;
  }
  const std::string svg = frontier_svg(plot);
  const std::string path = MARGRAVE_SOURCE_DIR "/docs/evidence/margin-frontier.svg";
  if (std::getenv("MARGRAVE_WRITE_EVIDENCE") != nullptr) std::ofstream(path) << svg;
  std::ifstream in(path);
  std::stringstream kept;
  kept << in.rdbuf();
  EXPECT_EQ(kept.str(), svg) << "the plot is another: write it with MARGRAVE_WRITE_EVIDENCE=1";
}

}  // namespace
}  // namespace margrave
