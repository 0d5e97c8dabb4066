#include "report/backtest_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/timestamp.h"
#include "report/amount.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

std::string percent(double share, int decimals) { return fmt::format("{:.{}f} %", 100 * share, decimals); }

double largest(const ModelJudgement& model, double SeriesJudgement::*value) {
  double most = 0;
  for (const SeriesJudgement& one : model.series) most = std::max(most, one.*value);
  return most;
}
double median(const ModelJudgement& model, double SeriesJudgement::*value) {
  std::vector<double> values;
  for (const SeriesJudgement& one : model.series) values.push_back(one.*value);
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<Cell> dim(const std::vector<std::string>& names) {
  std::vector<Cell> cells;
  for (const std::string& name : names) cells.push_back({name, Ink::dim});
  return cells;
}

std::string heading(const Paint& paint, const std::string& text) { return "\n" + paint(Ink::bold, text) + "\n"; }

std::string coverage(const Backtest& backtest, const Paint& paint) {
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.row(dim({"", "breached", "s.e.", "1 % holds", "no clusters", "not too many", "uncovered, 1e-6"}));
  for (const ModelJudgement& model : backtest.models) {
    const bool known = model.pooled_error > 0;
    table.row({{std::string(to_string(model.model)), Ink::bold},
               {known ? percent(model.pooled_rate, 3) : "-"},
               {known ? percent(model.pooled_error, 3) : "-"},
               {percent(model.rate_holds, 0)},
               {percent(model.order_holds, 0)},
               {percent(model.not_too_many, 0)},
               {grouped(1e6 * model.uncovered, 1)}});
  }
  return heading(paint, "Coverage: share of windows breached; share of series that pass each test after Holm") +
         table.text(paint);
}

std::string cost(const Backtest& backtest, const Paint& paint) {
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.row(dim({"", "cost", "tail", "rise, median p99", "rise, most", "peak / trough, most"}));
  for (const ModelJudgement& model : backtest.models) {
    table.row({{std::string(to_string(model.model)), Ink::bold},
               {grouped(model.cost, 2)},
               {grouped(model.tail, 2)},
               {percent(median(model, &SeriesJudgement::rise_p99), 0)},
               {percent(largest(model, &SeriesJudgement::rise_max), 0)},
               {grouped(largest(model, &SeriesJudgement::peak_to_trough), 1)}});
  }
  return heading(paint,
                 "Cost: mean margin over the core's; tail: before the worst 1 % over the mean; rises of 15 windows") +
         table.text(paint);
}

std::string series(const ModelJudgement& model, const Paint& paint) {
  TextTable table({Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                   Align::right, Align::right});
  table.row(dim({"", "", "windows", "breaches", "p of 1 %", "p of runs", "mean margin", "worst excess", "rise, most"}));
  for (const SeriesJudgement& one : model.series) {
    table.row({{one.asset},
               {one.is_long ? "long" : "short"},
               {std::to_string(one.windows)},
               {std::to_string(one.breaches), one.too_many_p < 0.05 ? Ink::red : Ink::plain},
               {grouped(one.two_sided_p, 4)},
               {grouped(one.runs_p, 4)},
               {percent(one.mean_margin, 2)},
               {percent(one.worst_excess, 2)},
               {percent(one.rise_max, 0)}});
  }
  return heading(paint, "Series of " + std::string(to_string(model.model))) + table.text(paint);
}

Json series_json(const SeriesJudgement& one) {
  return {{"asset", one.asset},
          {"side", one.is_long ? "long" : "short"},
          {"windows", one.windows},
          {"breaches", one.breaches},
          {"two_sided_p", one.two_sided_p},
          {"too_many_p", one.too_many_p},
          {"runs_p", one.runs_p},
          {"uncovered", one.uncovered},
          {"worst_excess", one.worst_excess},
          {"mean_margin", one.mean_margin},
          {"cost", one.cost},
          {"tail", one.tail},
          {"rise_p99", one.rise_p99},
          {"rise_max", one.rise_max},
          {"peak_to_trough", one.peak_to_trough}};
}

Json model_json(const ModelJudgement& model) {
  Json series = Json::array();
  for (const SeriesJudgement& one : model.series) series.push_back(series_json(one));
  return {{"model", to_string(model.model)},
          {"rate_holds", model.rate_holds},
          {"no_clusters", model.order_holds},
          {"not_too_many", model.not_too_many},
          {"pooled_rate", model.pooled_rate},
          {"pooled_error", model.pooled_error},
          {"uncovered", model.uncovered},
          {"cost", model.cost},
          {"tail", model.tail},
          {"tail_over_raw", model.tail / model.tail_of_raw},
          {"series", std::move(series)}};
}

}  // namespace

std::string backtest_text(const Backtest& backtest, bool assets, const Paint& paint) {
  std::string text = paint(Ink::bold, counted(backtest.assets - backtest.too_short.size(), "asset")) +
                     fmt::format(", long and short, {} tested windows of {} hours, {} to {}\n", backtest.windows,
                                 backtest.step_ms / 3'600'000, to_string(Timestamp::from_ms(backtest.span.from_ms)),
                                 to_string(Timestamp::from_ms(backtest.span.to_ms)));
  if (!backtest.too_short.empty()) {
    std::string names;
    for (const std::string& name : backtest.too_short) names += (names.empty() ? "" : ", ") + name;
    text += "left out, too short: " + paint(Ink::yellow, names) + "\n";
  }
  text += coverage(backtest, paint) + cost(backtest, paint);
  for (const ModelJudgement& model : backtest.models) {
    if (assets) text += series(model, paint);
  }
  return text +
         paint(
             Ink::dim,
             "\n  One unit of each asset; margins and losses in parts of its price. docs/methods/dynamic_margin.md\n");
}

std::string backtest_json(const Backtest& backtest) {
  Json models = Json::array();
  for (const ModelJudgement& model : backtest.models) models.push_back(model_json(model));
  const Json json{{"schema_version", schema_version},
                  {"kind", "backtest"},
                  {"folders", backtest.folders},
                  {"step_seconds", backtest.step_ms / 1000},
                  {"from", to_string(Timestamp::from_ms(backtest.span.from_ms))},
                  {"to", to_string(Timestamp::from_ms(backtest.span.to_ms))},
                  {"assets", backtest.assets},
                  {"too_short", backtest.too_short},
                  {"windows", backtest.windows},
                  {"models", std::move(models)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace margrave
