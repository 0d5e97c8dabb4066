#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "document/csv.h"
#include "document/file.h"
#include "recorded_series.h"
#include "study/equal_cost.h"
#include "study/forecast_loss.h"
#include "study/macro_state.h"
#include "study/margin_model.h"
#include "study_tables.h"

// Whether macro states that raise the weight of the worst times help: docs/evidence/macro.md.
namespace margrave {
namespace {

const EvidencePage& page() {
  static const EvidencePage one("macro.md");
  return one;
}

constexpr double base_weight = 0.4, most_weight = 0.5;
constexpr int week = 7;

/// A column by day of the record; what the series calls day D is known from D + 1 + late, 00:00 UTC.
struct Column {
  std::vector<std::int64_t> day_ms;
  std::vector<double> value;

  KnownSeries known(int late) const {
    std::vector<KnownValue> values;
    for (std::size_t i = 0; i < value.size(); ++i) values.push_back({day_ms[i] + (1 + late) * one_day, value[i]});
    return *KnownSeries::from(std::move(values));
  }
};

const std::map<std::string, Column>& columns() {
  static const std::map<std::string, Column> all = [] {
    std::map<std::string, Column> found;
    const std::string file = recorded_data + "macro/macro_daily.csv.gz", text = *read_text(file);
    CsvReader rows = *CsvReader::open(text, file);
    while (*rows.next()) {
      const std::string day(rows.cell(0));
      const std::int64_t at = Timestamp::parse(day + "T00:00:00Z")->ns / 1'000'000;
      for (std::size_t c = 1; c < rows.width(); ++c) {
        if (rows.is_empty(c)) continue;
        Column& column = found[rows.columns()[c]];
        column.day_ms.push_back(at);
        column.value.push_back(*rows.real(c));
      }
    }
    return found;
  }();
  return all;
}

const MacroSeries& macro() {
  static const MacroSeries all{.vix = columns().at("vix_close").known(0),
                               .dollar = columns().at("usd_broad_index").known(week),
                               .stress = columns().at("stlouis_stress_weekly").known(week),
                               .two_years = columns().at("us2y_pct").known(0),
                               .ten_years = columns().at("us10y_pct").known(0)};
  return all;
}

/// The slow base's margins with a weight of the worst times for each window.
std::vector<double> slow_margins(const WalkSpec& spec, const SideTails& tails, const std::vector<double>& weights) {
  std::vector<double> margins;
  for (std::size_t t = 0; t < weights.size(); ++t) {
    const double mixed = (1 - weights[t]) * tails.at_decay[1].shortfall[t] + weights[t] * tails.worst[t];
    margins.push_back(std::max(mixed, spec.floor_share * tails.ever[t]));
  }
  return margins;
}

/// Thirteen assets, both sides: the slow base as it is, with the states' weights, and with the states alone.
struct Walked {
  std::vector<StudiedSeries> plain, with_states, constant;
  std::map<std::int64_t, MacroState> states;  ///< by end of the window; known when it began
  double mean_weight{0};
};
const Walked& walked() {
  static const Walked all = [] {
    Walked found;
    const WalkSpec spec;
    std::vector<std::pair<PriceWindows, LinearTails>> assets;
    for (const RecordedAsset& asset : first_assets()) {
      PriceWindows windows = recorded_windows(asset, eight_hours);
      LinearTails tails = *linear_tails(tail_spec(spec), windows.log_return, windows.variance);
      assets.emplace_back(std::move(windows), std::move(tails));
    }
    double sum = 0, count = 0;
    for (const auto& [windows, tails] : assets) {
      for (const std::size_t t : tails.at) {
        const std::int64_t end = windows.end_ms[t];
        const MacroState state =
            found.states.try_emplace(end, macro_state(macro(), {}, end - eight_hours)).first->second;
        if (end <= ms_of(2020, 1, 1)) continue;
        sum += stress_weight(state, base_weight, most_weight);
        count += 1;
      }
    }
    found.mean_weight = sum / count;
    for (std::size_t a = 0; a < assets.size(); ++a) {
      const auto& [windows, tails] = assets[a];
      std::vector<double> weights;
      for (const std::size_t t : tails.at)
        weights.push_back(stress_weight(found.states.at(windows.end_ms[t]), base_weight, most_weight));
      add_sides(found.plain, first_assets()[a].name, windows, *walk_from_tails(spec, tails));
      add_sides(found.with_states, first_assets()[a].name, windows, *walk_from_tails(spec, tails));
      add_sides(found.constant, first_assets()[a].name, windows, *walk_from_tails(spec, tails));
      const std::vector<double> same(weights.size(), found.mean_weight);
      for (const bool is_long : {true, false}) {
        const SideTails& side = is_long ? tails.long_side : tails.short_side;
        const std::size_t at = found.plain.size() - (is_long ? 2 : 1);
        found.with_states[at].side.slow = slow_margins(spec, side, weights);
        found.constant[at].side.slow = slow_margins(spec, side, same);
      }
    }
    return found;
  }();
  return all;
}

/// Sum of uncovered losses of all series by day, the first model's margins times a scale.
std::map<std::int64_t, double> uncovered_by_day(const std::vector<StudiedSeries>& all, double scale,
                                                const StudySpan& span) {
  std::map<std::int64_t, double> days;
  for (const StudiedSeries& one : all) {
    const auto losses = within(one, one.side.loss, span), margins = within(one, one.side.slow, span);
    const auto ends = within(one, one.end_ms, span);
    for (std::size_t i = 0; i < losses.size(); ++i)
      days[(ends[i] - 1) / one_day] += std::max(losses[i] - scale * margins[i], 0.0);
  }
  return days;
}

double diebold_p(const std::vector<StudiedSeries>& first, double scale, const std::vector<StudiedSeries>& second,
                 const StudySpan& span) {
  std::vector<double> one, other;
  for (const auto& [day, value] : uncovered_by_day(first, scale, span)) one.push_back(value);
  for (const auto& [day, value] : uncovered_by_day(second, 1, span)) other.push_back(value);
  return diebold_mariano(one, other)->not_better_p;
}

class MacroOnTheRecord : public testing::Test {
 protected:
  void SetUp() override {
    if (!record_is_there()) GTEST_SKIP() << recorded_data << " is not there";
  }
};

// The slow base with and without the states, scaled to one mean margin on D1; and against one constant weight that is
// the states' mean, which tells whether the states know when.
TEST_F(MacroOnTheRecord, WhatTheStatesBuy) {
  const Walked& all = walked();
  const StudiedModel plain{all.plain, WalkModel::slow}, with{all.with_states, WalkModel::slow},
      constant{all.constant, WalkModel::slow};
  for (const auto& [name, against] :
       {std::pair("states : weight 0.4", plain), std::pair("states : their mean weight", constant)}) {
    for (const NamedSpan& span : recorded_spans()) {
      const auto found = compare_at_equal_cost(with, against, recorded_spans()[0].span, span.span, {.seed = 11});
      ASSERT_TRUE(found) << to_string(found.error());
      EXPECT_TRUE(page().holds(
          fmt::format("| {} | {} | {:.3f} | {} : {} | {:+.2f} % | {:+.2f} to {:+.2f} % | {:.3f} | {:.3f} |", name,
                      span.name, found->cost, found->breaches, found->other_breaches, 100 * found->uncovered.relative,
                      100 * found->uncovered.low, 100 * found->uncovered.high, found->uncovered.not_better_p,
                      diebold_p(all.with_states, found->scale, against.series, span.span))));
    }
  }
}

/// Share of windows in which a loss is above the slow base, inside and outside a state.
TEST_F(MacroOnTheRecord, HowOftenTheStatesHoldAndWhatHappensInThem) {
  const Walked& all = walked();
  for (const NamedSpan& span : recorded_spans()) {
    for (const bool liquidity : {true, false}) {
      double windows[2] = {0, 0}, breaches[2] = {0, 0};
      for (const StudiedSeries& one : all.plain) {
        for (std::size_t i = 0; i < one.end_ms.size(); ++i) {
          if (one.end_ms[i] <= span.span.from_ms || one.end_ms[i] > span.span.to_ms) continue;
          const MacroState& state = all.states.at(one.end_ms[i]);
          const std::size_t in = (liquidity ? state.liquidity_contracts : state.rates_shift) ? 1 : 0;
          windows[in] += 1;
          breaches[in] += one.side.loss[i] > one.side.slow[i] ? 1 : 0;
        }
      }
      EXPECT_TRUE(page().holds(
          fmt::format("| {} | {} | {:.1f} % | {:.3f} % | {:.3f} % |", liquidity ? "liquidity contracts" : "rates shift",
                      span.name, 100 * windows[1] / (windows[0] + windows[1]),
                      windows[1] > 0 ? 100 * breaches[1] / windows[1] : 0.0, 100 * breaches[0] / windows[0])));
    }
  }
}

// BTC from midnight to midnight after the days of two values, against the change between them: 90 business days.
TEST_F(MacroOnTheRecord, RollingCorrelationAndBetaOfBitcoin) {
  const Bars btc = recorded_bars(spot, "BTC");
  const auto close_before = [&](std::int64_t at) {
    const auto bar = std::upper_bound(btc.t_ms.begin(), btc.t_ms.end(), at - hour_ms);
    return bar == btc.t_ms.begin() ? std::nan("") : btc.close[static_cast<std::size_t>(bar - btc.t_ms.begin()) - 1];
  };
  for (const std::string name : {"vix_close", "usd_broad_index", "us2y_pct", "us10y_pct", "us10y_breakeven_pct"}) {
    const Column& column = columns().at(name);
    std::vector<double> change, move;
    std::vector<std::int64_t> day;
    for (std::size_t i = 1; i < column.value.size(); ++i) {
      if (column.day_ms[i - 1] < ms_of(2018, 1, 1)) continue;
      const bool relative = name == "vix_close" || name == "usd_broad_index";
      change.push_back(relative ? std::log(column.value[i] / column.value[i - 1])
                                : column.value[i] - column.value[i - 1]);
      move.push_back(std::log(close_before(column.day_ms[i] + one_day) / close_before(column.day_ms[i - 1] + one_day)));
      day.push_back(column.day_ms[i]);
    }
    const RollingBeta rolling = rolling_beta(change, move, 90);
    std::string line = "| " + name + " |";
    double least = 1, most = -1;
    for (const int year : {2018, 2019, 2020, 2021, 2022, 2023, 2024}) {
      double correlation = 0, beta = 0;
      for (std::size_t i = 0; i < day.size(); ++i) {
        if (std::isnan(rolling.correlation[i])) continue;
        least = std::min(least, rolling.correlation[i]);
        most = std::max(most, rolling.correlation[i]);
        if (day[i] >= ms_of(year + 1, 1, 1)) continue;
        correlation = rolling.correlation[i];
        beta = rolling.beta[i];
      }
      line += fmt::format(" {:+.2f} ({:+.2f}) |", correlation, beta);
    }
    EXPECT_TRUE(page().holds(line + fmt::format(" {:+.2f} to {:+.2f} |", least, most)));
  }
}

// Rows after any day deleted: no earlier state changes. A value of day D is not known on D.
TEST_F(MacroOnTheRecord, DeletingLaterRowsChangesNoEarlierState) {
  const MacroSeries& all = macro();
  for (std::int64_t at = ms_of(2018, 1, 1); at < record_end(); at += 11 * one_day + eight_hours) {
    MacroSeries cut = all;
    for (KnownSeries* series : {&cut.vix, &cut.dollar, &cut.stress, &cut.two_years, &cut.ten_years}) {
      std::vector<KnownValue> values(series->values().begin(), series->values().end());
      values.resize(series->known_at(at));
      *series = *KnownSeries::from(std::move(values));
    }
    const MacroState one = macro_state(all, {}, at), other = macro_state(cut, {}, at);
    EXPECT_EQ(one.liquidity_contracts, other.liquidity_contracts);
    EXPECT_EQ(one.rates_shift, other.rates_shift);
  }
  const Column& vix = columns().at("vix_close");
  EXPECT_EQ(all.vix.value_at(vix.day_ms[100] + one_day - 1), vix.value[99]);
  EXPECT_EQ(all.vix.value_at(vix.day_ms[100] + one_day), vix.value[100]);
  const Column& dollar = columns().at("usd_broad_index");
  EXPECT_LT(all.dollar.known_at(dollar.day_ms[100] + week * one_day), 101u);
}

}  // namespace
}  // namespace margrave
