#include "scenario/correlation_break.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "math/elementary.h"
#include "scenario/begin_set.h"
#include "scenario/standard_returns.h"
#include "volatility/sliding_sum.h"

namespace margrave {
namespace {

/// A coin's returns over their volatility and root mean square, by date: `absent` where it has none.
struct Column {
  std::size_t asset{0};
  std::string name;
  std::vector<double> z;
  double scale{0};  ///< root mean square of the returns over volatility, times the volatility now
};

double root_mean_square(const std::vector<double>& values) {
  double sum = 0;
  std::size_t count = 0;
  for (const double value : values) {
    if (std::isnan(value)) continue;
    sum += value * value;
    ++count;
  }
  return count == 0 ? 0 : std::sqrt(sum / static_cast<double>(count));
}

/// The value that the share `confidence` of sign * values does not exceed; at least 0.
double quantile(const std::vector<double>& values, double sign, double confidence) {
  std::vector<double> known;
  for (const double value : values) {
    if (!std::isnan(value)) known.push_back(sign * value);
  }
  if (known.empty()) return 0;
  const double rank = std::ceil(confidence * static_cast<double>(known.size()) - 1e-9);
  const std::size_t at = rank < 1 ? 0 : std::min(known.size(), static_cast<std::size_t>(rank)) - 1;
  std::nth_element(known.begin(), known.begin() + static_cast<std::ptrdiff_t>(at), known.end());
  return std::max(0.0, known[at]);
}

Column column_of(StandardReturns coin) {
  const double rms = root_mean_square(coin.z);
  for (double& value : coin.z) value /= rms;
  return {.asset = coin.asset, .name = std::move(coin.name), .z = std::move(coin.z), .scale = rms * coin.sigma};
}

/// The mean of all other coins that have a return, by date, over its root mean square.
std::vector<double> rest_of(const std::vector<Column>& columns, std::size_t one) {
  std::vector<double> rest;
  for (std::size_t t = 0; t < columns[one].z.size(); ++t) {
    double sum = 0;
    std::size_t count = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      if (i == one || std::isnan(columns[i].z[t])) continue;
      sum += columns[i].z[t];
      ++count;
    }
    rest.push_back(count == 0 ? absent : sum / static_cast<double>(count));
  }
  const double rms = root_mean_square(rest);
  for (double& value : rest) value = rms > 0 ? value / rms : absent;
  return rest;
}

/// The least correlation of two series over `steps` trailing dates that have both; 0 where there are not as many.
double least_correlation(const std::vector<double>& a, const std::vector<double>& b, std::size_t steps) {
  SlidingSum aa(steps), ab(steps), bb(steps);
  double least = 1;
  bool found = false;
  for (std::size_t t = 0; t < a.size(); ++t) {
    if (std::isnan(a[t]) || std::isnan(b[t])) continue;
    aa.add(a[t] * a[t]);
    ab.add(a[t] * b[t]);
    bb.add(b[t] * b[t]);
    const double scale = std::sqrt(aa.sum()) * std::sqrt(bb.sum());
    if (!aa.full() || !(scale > 0)) continue;
    least = std::min(least, std::max(-1.0, ab.sum() / scale));
    found = true;
  }
  return found ? least : 0;
}

/// A coin's distance from the rest, in deviations of that distance, both ways.
struct Spread {
  double up{0}, down{0};
  double least{0};  ///< correlation
};

Spread spread_of(const std::vector<Column>& columns, std::size_t one, const CorrelationBreakSpec& parting) {
  const std::vector<double> rest = rest_of(columns, one);
  std::vector<double> x;
  for (std::size_t t = 0; t < rest.size(); ++t) x.push_back(columns[one].z[t] - rest[t]);
  const double rms = root_mean_square(x);
  Spread spread;
  if (rms > 0) {
    spread.up = quantile(x, 1, parting.confidence) / rms;
    spread.down = quantile(x, -1, parting.confidence) / rms;
  }
  if (parting.least_over > 0) spread.least = least_correlation(columns[one].z, rest, parting.least_over);
  return spread;
}

/// Appends one scenario: log moves by column.
void append(ScenarioSet& set, const std::vector<Column>& columns, const std::vector<double>& moves, std::string name) {
  set.names.push_back(std::move(name));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    set.price[columns[i].asset].push_back(std::clamp(stable_exp(moves[i]), 0.01, 101.0));
  }
}

std::string correlation_text(double correlation) { return fmt::format("correlation {:g}", correlation); }

void append_together(ScenarioSet& set, const std::vector<Column>& columns, double correlation, double confidence) {
  const double part = std::sqrt((1 + correlation) / 2);
  if (!(part > 0)) return;
  for (const double sign : {1.0, -1.0}) {
    std::vector<double> moves;
    for (const Column& column : columns) {
      moves.push_back(sign * part * quantile(column.z, sign, confidence) * column.scale);
    }
    append(set, columns, moves, fmt::format("all {}, {}", sign > 0 ? "up" : "down", correlation_text(correlation)));
  }
}

void append_apart(ScenarioSet& set, const std::vector<Column>& columns, std::size_t one, const Spread& spread,
                  double correlation, const std::string& words) {
  const double part = std::sqrt((1 - correlation) / 2);
  if (!(part > 0)) return;
  for (const double sign : {1.0, -1.0}) {
    std::vector<double> moves;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      moves.push_back((i == one ? sign : -sign) * part * (sign > 0 ? spread.up : spread.down) * columns[i].scale);
    }
    append(set, columns, moves,
           fmt::format("{} {} against the rest, {}", columns[one].name, sign > 0 ? "up" : "down", words));
  }
}

void append_all(ScenarioSet& set, const std::vector<Column>& columns, const CorrelationBreakSpec& parting) {
  std::vector<Spread> spreads;
  const std::size_t apart = columns.size() == 1 ? 0 : columns.size() == 2 ? 1 : columns.size();
  for (std::size_t i = 0; i < apart; ++i) spreads.push_back(spread_of(columns, i, parting));
  for (const double correlation : parting.correlations) {
    append_together(set, columns, correlation, parting.confidence);
    for (std::size_t i = 0; i < apart; ++i) {
      append_apart(set, columns, i, spreads[i], correlation, correlation_text(correlation));
    }
  }
  for (std::size_t i = 0; parting.least_over > 0 && i < apart; ++i) {
    append_apart(set, columns, i, spreads[i], spreads[i].least,
                 fmt::format("its least correlation {:.2f}", spreads[i].least));
  }
}

}  // namespace

Result<ScenarioSet> correlation_break_scenarios(const ScenarioSpec& spec, const CorrelationBreakSpec& parting,
                                                const Market& market, const std::vector<Bars>& bars) {
  ScenarioSet set = begin_set(spec, market);
  std::vector<Column> columns;
  for (StandardReturns& coin : TRY(standard_returns(spec, past_rule(parting), market, bars, set))) {
    columns.push_back(column_of(std::move(coin)));
  }
  append_all(set, columns, parting);
  leave_unmoved(set);
  move_followers(market.registry, set);
  return set;
}

}  // namespace margrave
