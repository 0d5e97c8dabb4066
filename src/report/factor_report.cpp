#include "report/factor_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "base/timestamp.h"
#include "document/yaml_writer.h"
#include "report/amount.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;
constexpr double unit = 1e6;

std::string time_text(std::int64_t ms) { return to_string(Timestamp::from_ms(ms)); }

/// Whole millionths, rounded up; what is a millionth to within a rounding of doubles stays.
std::int64_t millionths(double factor) { return static_cast<std::int64_t>(std::ceil(factor * unit - 1e-6)); }

std::string signal_text(double signal) { return std::isfinite(signal) ? fmt::format("{:.4f}", signal) : "-"; }

/// When the factor that is announced now is in force for maintenance too; nothing where it is.
std::string announced(const FactorReport& report, const FactorStep& step) {
  if (millionths(step.initial) <= millionths(step.maintenance)) return "";
  return published_factor(step.initial) + " at " + time_text(step.at_ms + report.notice_ms);
}

std::vector<Cell> cells_of(const FactorReport& report, const std::string& name, const FactorStep& step, Ink ink) {
  return {{name, ink},
          {signal_text(step.signal)},
          {published_factor(step.initial), ink},
          {published_factor(step.maintenance)},
          {announced(report, step), Ink::dim}};
}

Json json_of(const FactorStep& step) {
  Json out;
  out["at"] = time_text(step.at_ms);
  out["signal"] = std::isfinite(step.signal) ? Json(step.signal) : Json(nullptr);
  out["initial"] = published_factor(step.initial);
  out["maintenance"] = published_factor(step.maintenance);
  return out;
}

}  // namespace

std::string published_factor(double factor) {
  const std::int64_t whole = millionths(factor), one = static_cast<std::int64_t>(unit);
  return fmt::format("{}.{:06}", whole / one, whole % one);
}

FactorStep largest_factor(const FactorReport& report) {
  FactorStep largest{.at_ms = report.at_ms};
  for (const FactorLine& line : report.lines) {
    const FactorStep& now = line.steps.back();
    largest.signal = std::max(largest.signal, std::isfinite(now.signal) ? now.signal : 0.0);
    largest.initial = std::max(largest.initial, now.initial);
    largest.maintenance = std::max(largest.maintenance, now.maintenance);
  }
  return largest;
}

std::string factor_text(const FactorReport& report, const Paint& paint) {
  std::string text = paint(Ink::bold, "Bounded factor at " + time_text(report.at_ms)) + "\n" +
                     paint(Ink::dim, fmt::format("steps of {} h, notice {} h; docs/methods/dynamic_margin.md",
                                                 report.step_ms / 3'600'000, report.notice_ms / 3'600'000)) +
                     "\n\n";
  TextTable table(std::vector<Align>(5, Align::right));
  std::vector<Cell> names;
  for (const char* name : {"", "signal", "initial", "maintenance", "announced"}) names.push_back({name, Ink::dim});
  table.row(std::move(names));
  for (const FactorLine& line : report.lines) {
    table.row(cells_of(report, line.asset, line.steps.back(), Ink::bold));
    for (std::size_t i = line.steps.size() - 1; i-- > 0;)
      table.row(cells_of(report, time_text(line.steps[i].at_ms), line.steps[i], Ink::dim));
  }
  if (report.lines.size() > 1) table.row(cells_of(report, "largest", largest_factor(report), Ink::bold));
  text += table.text(paint);
  if (report.none.empty()) return text;
  text += "\nNo factor, too short a history or no bar in the last step:";
  for (const std::string& asset : report.none) text += " " + asset;
  return text + "\n";
}

std::string factor_json(const FactorReport& report) {
  Json out;
  out["schema_version"] = schema_version;
  out["kind"] = "factor";
  out["folders"] = report.folders;
  out["at"] = time_text(report.at_ms);
  out["step_seconds"] = report.step_ms / 1000;
  out["notice_seconds"] = report.notice_ms / 1000;
  out["largest"] = json_of(largest_factor(report));
  out["none"] = report.none;
  out["factors"] = Json::array();
  for (const FactorLine& line : report.lines) {
    Json steps = Json::array();
    for (const FactorStep& step : line.steps) steps.push_back(json_of(step));
    out["factors"].push_back({{"asset", line.asset}, {"steps", std::move(steps)}});
  }
  return out.dump(2) + "\n";
}

std::string factor_recipe(const FactorReport& report, const std::string& base) {
  const FactorStep largest = largest_factor(report);
  Node parameters = map_node();
  const auto parameter = [&](const char* name, double value) {
    Node one = map_node();
    put_entry(one, "value", scalar_node(published_factor(value), true));
    put_entry(one, "source", scalar_node("inferred"));
    put_entry(parameters, name, std::move(one));
  };
  parameter("factor", largest.initial);
  parameter("maintenance_factor", largest.maintenance);
  Node recipe = map_node();
  put_entry(recipe, "recipe", scalar_node("factor-of-" + time_text(report.at_ms).substr(0, 10)));
  put_entry(recipe, "version", scalar_node(time_text(report.at_ms), true));
  put_entry(recipe, "extends", scalar_node(base));
  put_entry(recipe, "description",
            scalar_node("The bounded factor from recorded bars: initial margin at once, maintenance after notice."));
  put_entry(recipe, "reference", scalar_node("docs/methods/dynamic_margin.md"));
  put_entry(recipe, "parameters", std::move(parameters));
  return write_yaml(recipe);
}

}  // namespace margrave
