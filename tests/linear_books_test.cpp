#include <gtest/gtest.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "market/bars.h"
#include "math/elementary.h"
#include "scenario/step_variance.h"
#include "study/binomial.h"
#include "study/breaches.h"
#include "study/calendar_blocks.h"
#include "study/holm.h"
#include "study/independence.h"
#include "study/linear_walk.h"
#include "study/procyclicality.h"

// The walk over thirteen assets, long and short, on recorded bars: docs/evidence/linear-books.md has its tables and the
// rules they are measured by.
namespace margrave {
namespace {

const std::string data = MARGRAVE_SHARED_DIR "/data/";
constexpr std::int64_t step_ms = 8LL * 3'600'000;

std::int64_t ms(int year, int month, int day) { return Timestamp::from_civil(year, month, day).ns / 1'000'000; }

/// An asset's spot bars, and from a day on those of its perpetual.
struct Asset13 {
  const char* name;
  std::int64_t perpetual_from;  ///< 0: spot throughout
};
std::vector<Asset13> assets() {
  return {{"BTC", ms(2019, 10, 8)},
          {"ETH", ms(2019, 12, 27)},
          {"XRP", ms(2020, 2, 6)},
          {"LTC", ms(2020, 2, 9)},
          {"ADA", ms(2020, 3, 1)},
          {"TRX", 0},
          {"XLM", 0},
          {"LINK", 0},
          {"DOGE", 0},
          {"BCH", 0},
          {"SOL", 0},
          {"DOT", 0},
          {"AVAX", 0}};
}

double close_at(const Bars& bars, std::int64_t end) {
  const auto at = std::lower_bound(bars.t_ms.begin(), bars.t_ms.end(), end - bars.step_ms);
  if (at == bars.t_ms.end() || *at != end - bars.step_ms) return absent;
  return bars.close[static_cast<std::size_t>(at - bars.t_ms.begin())];
}

/// Windows of eight hours ending at 00, 08 and 16 UTC, each within one file.
struct Windows {
  std::vector<std::int64_t> end;
  std::vector<double> log_return, variance;
};
void append(const Bars& bars, std::int64_t from, std::int64_t to, Windows& windows) {
  std::int64_t end = std::max(from, bars.t_ms.front());
  end += (step_ms - end % step_ms) % step_ms;
  std::vector<std::int64_t> ends;
  for (; end <= std::min(to, bars.t_ms.back() + bars.step_ms); end += step_ms) ends.push_back(end);
  const std::vector<double> variances = step_variances({&bars}, ends, step_ms, 0.15);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const double start = close_at(bars, ends[i] - step_ms), stop = close_at(bars, ends[i]);
    windows.end.push_back(ends[i]);
    windows.log_return.push_back(std::isnan(start) || std::isnan(stop) ? absent : stable_log_ratio(stop, start));
    windows.variance.push_back(variances[i]);
  }
}
Windows windows_of(const Asset13& asset) {
  Windows windows;
  const std::string file = std::string(asset.name) + "USDT_1h.csv.gz";
  const Bars spot = *read_bars(data + "spot_ohlcv/binance_spot_1h/" + file);
  const std::int64_t until = asset.perpetual_from == 0 ? ms(2025, 1, 1) : asset.perpetual_from;
  append(spot, 0, until, windows);
  if (asset.perpetual_from == 0) return windows;
  append(*read_bars(data + "perp/binance_usdm_1h/" + file), until + 1, ms(2025, 1, 1), windows);
  return windows;
}

struct Span {
  const char* name;
  std::int64_t from, to;
};
const std::vector<Span>& spans() {
  static const std::vector<Span> all{{"D1", ms(2020, 1, 1), ms(2022, 1, 1)},
                                     {"D2", ms(2022, 1, 1), ms(2024, 1, 1)},
                                     {"V", ms(2024, 1, 1), ms(2025, 1, 1)},
                                     {"F", ms(2020, 1, 1), ms(2025, 1, 1)}};
  return all;
}

/// One side of one asset.
struct Tested {
  std::string name;
  bool is_major{false};
  std::vector<std::int64_t> end;
  WalkSide side;
};
std::vector<Tested> walks() {
  std::vector<Tested> all;
  for (const Asset13& asset : assets()) {
    const Windows windows = windows_of(asset);
    const Walk walk = *walk_linear({}, windows.log_return, windows.variance);
    std::vector<std::int64_t> ends;
    for (const std::size_t t : walk.at) ends.push_back(windows.end[t]);
    const std::string name = asset.name;
    const bool is_major = name == "BTC" || name == "ETH";
    all.push_back({name + " long", is_major, ends, walk.long_side});
    all.push_back({name + " short", is_major, ends, walk.short_side});
  }
  return all;
}

/// The part of a series that lies in a span.
std::vector<double> within(const Tested& tested, const std::vector<double>& values, const Span& span) {
  std::vector<double> part;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (tested.end[i] > span.from && tested.end[i] <= span.to) part.push_back(values[i]);
  }
  return part;
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}
double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

using Margins = std::vector<double> WalkSide::*;

/// How the series of one model cover a span.
struct Coverage26 {
  double holm_two_sided{0}, holm_runs{0}, holm_one_sided{0};  ///< share of series above 5 % after Holm
  double above_hundredth{0}, least_p{1};
  double worst_rate{0}, pooled{0}, standard_error{0};
  double uncovered{0};  ///< mean over series, of entry notional
};
Coverage26 coverage(const std::vector<Tested>& all, const Span& span, Margins model) {
  Coverage26 found;
  std::vector<double> two_sided, runs, one_sided, losses, margins, uncovered;
  std::vector<std::int64_t> days;
  for (const Tested& tested : all) {
    const std::vector<double> loss = within(tested, tested.side.loss, span);
    const std::vector<double> margin = within(tested, tested.side.*model, span);
    if (loss.empty()) continue;
    const Breaches breaches = *find_breaches(loss, margin);
    const BinomialTest test = *binomial_test(count_of(breaches), 0.01);
    two_sided.push_back(test.two_sided);
    one_sided.push_back(test.at_least);
    runs.push_back(*runs_test(path_of(breaches)));
    uncovered.push_back(breaches.uncovered);
    found.worst_rate = std::max(found.worst_rate, breach_rate(count_of(breaches)));
    losses.insert(losses.end(), loss.begin(), loss.end());
    margins.insert(margins.end(), margin.begin(), margin.end());
    for (const std::int64_t end : tested.end) {
      if (end > span.from && end <= span.to) days.push_back((end - 1) / 86'400'000);
    }
  }
  const auto share_above = [](const std::vector<double>& p, double level) {
    return static_cast<double>(std::count_if(p.begin(), p.end(), [&](double x) { return x > level; })) /
           static_cast<double>(p.size());
  };
  found.holm_two_sided = share_above(*holm_adjusted(two_sided), 0.05);
  found.holm_runs = share_above(*holm_adjusted(runs), 0.05);
  found.holm_one_sided = share_above(*holm_adjusted(one_sided), 0.05);
  found.above_hundredth = share_above(two_sided, 0.01);
  found.uncovered = mean(uncovered);
  found.least_p = *std::min_element(two_sided.begin(), two_sided.end());
  const PooledRate pooled = *pooled_breach_rate({losses, margins, days});
  found.pooled = pooled.rate;
  found.standard_error = pooled.standard_error;
  return found;
}

/// Cost against the core, tail against the raw model, rises: of one model in a span.
struct Shape {
  double cost{0}, tail{0}, tail_of_raw{0};
  double rise_p99{0}, rise_max{0}, peak_to_trough{0};  ///< worst of BTC and ETH
  double median_p99{0};                                ///< of all series
};
Shape shape(const std::vector<Tested>& all, const Span& span, Margins model) {
  Shape found;
  std::vector<double> costs, tails, raw_tails, p99;
  for (const Tested& tested : all) {
    const std::vector<double> loss = within(tested, tested.side.loss, span);
    const std::vector<double> margin = within(tested, tested.side.*model, span);
    if (loss.empty()) continue;
    costs.push_back(mean(margin) / mean(within(tested, tested.side.core, span)));
    tails.push_back(*tail_margin_ratio(loss, margin));
    raw_tails.push_back(*tail_margin_ratio(loss, within(tested, tested.side.raw, span)));
    const Procyclicality rises = *procyclicality(margin);
    p99.push_back(rises.rise_p99);
    if (!tested.is_major) continue;
    found.rise_p99 = std::max(found.rise_p99, rises.rise_p99);
    found.rise_max = std::max(found.rise_max, rises.rise_max);
    found.peak_to_trough = std::max(found.peak_to_trough, rises.peak_to_trough);
  }
  found.cost = mean(costs);
  found.tail = mean(tails);
  found.tail_of_raw = mean(raw_tails);
  found.median_p99 = median(p99);
  return found;
}

struct Model {
  const char* name;
  Margins margins;
};
const Model models[] = {{"core", &WalkSide::core},
                        {"raw", &WalkSide::raw},
                        {"reactive", &WalkSide::reactive},
                        {"slow", &WalkSide::slow},
                        {"bounded", &WalkSide::bounded}};

TEST(LinearBooks, CoverageCostAndRisesOnTheRecord) {
  if (!std::filesystem::exists(data)) {
    ASSERT_STRNE(std::getenv("CI"), "true") << data << " is not there";
    GTEST_SKIP() << data << " is not there";
  }
  const std::vector<Tested> all = walks();
  std::map<std::string, Coverage26> covered;
  std::map<std::string, Shape> shaped;
  std::printf(
      "| model | span | UC | runs | one-sided | p > .01 | least p | worst rate | pooled | s.e. | uncovered |\n");
  for (const Model& model : models) {
    for (const Span& span : spans()) {
      const Coverage26 c = coverage(all, span, model.margins);
      covered[std::string(model.name) + span.name] = c;
      std::printf("| %s | %s | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.4f | %.2f %% | %.3f %% | %.3f %% | %.1f |\n",
                  model.name, span.name, 100 * c.holm_two_sided, 100 * c.holm_runs, 100 * c.holm_one_sided,
                  100 * c.above_hundredth, c.least_p, 100 * c.worst_rate, 100 * c.pooled, 100 * c.standard_error,
                  1e6 * c.uncovered);
    }
  }
  std::printf("| model | span | cost | tail | tail / raw's | p99 | max | peak/trough | median p99 |\n");
  for (const Model& model : models) {
    for (const Span& span : spans()) {
      const Shape s = shape(all, span, model.margins);
      shaped[std::string(model.name) + span.name] = s;
      std::printf("| %s | %s | %.2f | %.2f | %.2f | %.0f %% | %.0f %% | %.1f | %.0f %% |\n", model.name, span.name,
                  s.cost, s.tail, s.tail / s.tail_of_raw, 100 * s.rise_p99, 100 * s.rise_max, s.peak_to_trough,
                  100 * s.median_p99);
    }
  }

  // What the margin claims to be, 99 %, it is: rate and clustering, on each span that no number was chosen on.
  for (const char* span : {"D2", "V", "F"}) {
    const Coverage26& core = covered[std::string("core") + span];
    EXPECT_GE(core.holm_two_sided, 0.9) << span;
    EXPECT_GE(core.above_hundredth, 0.9) << span;
    EXPECT_GT(core.least_p, 0.001) << span;
    EXPECT_LE(std::fabs(core.pooled - 0.01), 1.96 * core.standard_error) << span;
    if (std::string(span) != "F") {
      EXPECT_GE(core.holm_runs, 0.9) << span;
    }
  }
  // Margins of the two models: no series breaches too often, and cost, rises and tail keep to the limits of the rules.
  for (const char* model : {"reactive", "bounded"}) {
    const bool half = std::string(model) == "bounded";  // 0.4 of it are the worst times
    for (const Span& span : spans()) {
      const Coverage26& production = covered[std::string(model) + span.name];
      EXPECT_EQ(production.holm_one_sided, 1.0) << model << span.name;
      EXPECT_LE(production.worst_rate, 0.015) << model << span.name;
      const Shape& of = shaped[std::string(model) + span.name];
      const bool whole = std::string(span.name) == "F";
      EXPECT_LE(of.cost, whole ? (half ? 1.6 : 1.4) : (half ? 1.8 : 1.5)) << model << span.name;
      if (std::string(span.name) != "D1") {
        EXPECT_GE(of.tail / of.tail_of_raw, half ? 0.75 : 0.84) << model << span.name;
      }
      EXPECT_LE(of.median_p99, 0.8) << model << span.name;
    }
    const Shape &d2 = shaped[std::string(model) + "D2"], &all_years = shaped[std::string(model) + "F"];
    EXPECT_LE(d2.rise_p99, 0.7) << model;
    EXPECT_LE(d2.rise_max, 1.0) << model;
    EXPECT_LE(d2.peak_to_trough, 3.2) << model;
    EXPECT_LE(all_years.rise_max, 2.0) << model;
    EXPECT_LE(all_years.peak_to_trough, 4.5) << model;
  }
}

}  // namespace
}  // namespace margrave
