#include "report/haircut_report.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/timestamp.h"
#include "document/yaml_writer.h"
#include "report/amount.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

std::string time_text(std::int64_t ms) { return to_string(Timestamp::from_ms(ms)); }

/// Rates are shown as they are published: in hundredths of a per cent, rounded up.
std::string percent(double rate) { return fmt::format("{:.2f} %", static_cast<double>(rounded_up(rate)) / 100); }
double published(double rate) { return static_cast<double>(rounded_up(rate)) / static_cast<double>(rate_unit); }
std::string decimal(double rate) {
  const std::int64_t whole = rounded_up(rate);
  return fmt::format("{}.{:04}", whole / rate_unit, whole % rate_unit);
}

std::vector<Cell> dim(std::initializer_list<const char*> names) {
  std::vector<Cell> cells;
  for (const char* name : names) cells.push_back({name, Ink::dim});
  return cells;
}

std::string heading(const Paint& paint, const std::string& text) { return "\n" + paint(Ink::bold, text) + "\n"; }

/// The largest of three is bold.
Cell part_cell(const HaircutParts& parts, const HaircutPartName& name) {
  const double value = parts.*name.part;
  if (!(value > 0)) return {"-", Ink::dim};
  const bool one_of_three = name.part == &HaircutParts::volatility || name.part == &HaircutParts::exit ||
                            name.part == &HaircutParts::drawdown;
  return {percent(value), one_of_three && value >= parts.base() ? Ink::bold : Ink::plain};
}

std::string parts_table(const HaircutReport& report, const Paint& paint) {
  TextTable table(std::vector<Align>(14, Align::right));
  std::vector<Cell> names{{"", Ink::dim}};
  for (const HaircutPartName& name : haircut_part_names) names.push_back({name.name, Ink::dim});
  for (const char* name : {"haircut", "announced", "existing"}) names.push_back({name, Ink::dim});
  table.row(std::move(names));
  for (const HaircutLine& line : report.lines) {
    const MeanHaircut mean = mean_haircut(line.haircut.tiers, report.amount_usd);
    std::vector<Cell> cells{{line.asset, Ink::bold}};
    for (const HaircutPartName& name : haircut_part_names) cells.push_back(part_cell(mean.parts, name));
    cells.push_back({percent(mean.rate), Ink::bold});
    for (const auto* rates : {&line.haircut.announced, &line.haircut.existing})
      cells.push_back({percent(mean_rate(line.haircut.tiers, *rates, report.amount_usd))});
    table.row(std::move(cells));
  }
  return heading(paint, fmt::format("Parts of the haircut of {} USD", grouped(report.amount_usd, 0))) +
         table.text(paint);
}

std::string inputs_table(const HaircutReport& report, const Paint& paint) {
  TextTable table(std::vector<Align>(9, Align::right));
  table.row(
      dim({"", "price", "at", "falls known", "volatility fast", "slow", "worst 24 h", "from peak", "volume, USD"}));
  for (const HaircutLine& line : report.lines) {
    const HaircutNow& now = line.haircut;
    table.row({{line.asset, Ink::bold},
               {fmt::format("{:.8g}", line.close)},
               {time_text(line.price_ms)},
               {std::to_string(now.history)},
               {percent(now.volatility_fast)},
               {percent(now.volatility_slow)},
               {percent(now.deepest_day)},
               {percent(now.deepest_fall)},
               {grouped(now.inputs.exit.volume_usd, 0)}});
  }
  return heading(paint, "What they rest on") + table.text(paint);
}

std::string tiers_table(const HaircutReport& report, const Paint& paint) {
  TextTable table(std::vector<Align>(report.lines.front().haircut.tiers.size() + 1, Align::right));
  std::vector<Cell> names{{"from, USD", Ink::dim}};
  for (const HaircutTier& tier : report.lines.front().haircut.tiers)
    names.push_back({grouped(static_cast<double>(tier.from_usd), 0), Ink::dim});
  table.row(std::move(names));
  for (const HaircutLine& line : report.lines) {
    std::vector<Cell> cells{{line.asset, Ink::bold}};
    for (const HaircutTier& tier : line.haircut.tiers) cells.push_back({percent(tier.rate)});
    table.row(std::move(cells));
  }
  return heading(paint, "Of each dollar from there to the next, for new holdings") + table.text(paint);
}

Json parts_json(const HaircutParts& parts) {
  Json json = Json::object();
  for (const HaircutPartName& name : haircut_part_names) json[name.name] = published(parts.*name.part);
  return json;
}

Json given_json(const GivenPart& part) {
  if (part.name.empty()) return nullptr;
  const bool capped = std::isfinite(part.cap.cap_usd);
  return {{"name", part.name},
          {"rate", part.rate},
          {"source", part.source},
          {"date", part.date},
          {"cap_usd", capped ? Json(part.cap.cap_usd) : Json(nullptr)},
          {"held_usd", part.cap.held_usd},
          {"from", part.cap.from}};
}

Json inputs_json(const HaircutNow& now) {
  const HaircutInputs& inputs = now.inputs;
  const bool capped = std::isfinite(inputs.concentration.cap_usd);
  return {{"falls", now.history},
          {"volatility_fast", now.volatility_fast},
          {"volatility_slow", now.volatility_slow},
          {"worst_day", now.deepest_day},
          {"worst_from_peak", now.deepest_fall},
          {"sigma_day", inputs.exit.sigma},
          {"volume_usd", inputs.exit.volume_usd},
          {"half_spread", inputs.exit.half_spread},
          {"impact_coefficient", inputs.exit.coefficient},
          {"participation", inputs.exit.participation},
          {"linked_usd", inputs.sold_first_usd},
          {"deviation_day", now.deviation.last_day},
          {"deviation_window", now.deviation.window},
          {"concentration_cap_usd", capped ? Json(inputs.concentration.cap_usd) : Json(nullptr)},
          {"concentration_held_usd", inputs.concentration.held_usd},
          {"custody", given_json(inputs.custody)},
          {"chain", given_json(inputs.chain)},
          {"bridge", given_json(inputs.bridge)},
          {"issuer", given_json(inputs.issuer)}};
}

Json tiers_json(const HaircutNow& now) {
  Json tiers = Json::array();
  for (std::size_t i = 0; i < now.tiers.size(); ++i) {
    const bool last = i + 1 == now.tiers.size();
    tiers.push_back({{"from_usd", now.tiers[i].from_usd},
                     {"to_usd", last ? Json(nullptr) : Json(now.tiers[i + 1].from_usd)},
                     {"rate", published(now.tiers[i].rate)},
                     {"announced", published(now.announced[i])},
                     {"existing", published(now.existing[i])},
                     {"parts", parts_json(now.tiers[i].parts)}});
  }
  return tiers;
}

Json stakes_json(const std::vector<HaircutStake>& stakes) {
  Json json = Json::array();
  for (const HaircutStake& one : stakes) {
    json.push_back({{"factor", one.factor},
                    {"exposure_usd", one.stake.exposure_usd},
                    {"beta", one.stake.with.beta},
                    {"correlation", one.stake.with.correlation},
                    {"sold_in_a_day_usd", one.stake.sold_in_a_day_usd},
                    {"part", one.part}});
  }
  return json;
}

Json line_json(const HaircutLine& line, double amount_usd) {
  const HaircutNow& now = line.haircut;
  const MeanHaircut mean = mean_haircut(now.tiers, amount_usd);
  return {{"asset", line.asset},
          {"price_at", time_text(line.price_ms)},
          {"price", line.close},
          {"haircut", published(mean.rate)},
          {"announced", published(mean_rate(now.tiers, now.announced, amount_usd))},
          {"existing", published(mean_rate(now.tiers, now.existing, amount_usd))},
          {"parts", parts_json(mean.parts)},
          {"largest_of_three", published(mean.base)},
          {"above_one", published(std::min(1.0, mean.cut))},
          {"inputs", inputs_json(now)},
          {"wrong_way", stakes_json(line.stakes)},
          {"tiers", tiers_json(now)}};
}

/// [[from, "rate"], ...]; brackets of one rate are one.
Node rows_of(const std::vector<HaircutTier>& tiers, const std::vector<double>& rates) {
  Node rows;
  rows.kind = NodeKind::list;
  std::int64_t before = -1;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    if (rounded_up(rates[i]) == before) continue;
    before = rounded_up(rates[i]);
    Node row;
    row.kind = NodeKind::list;
    row.items.push_back(scalar_node(std::to_string(tiers[i].from_usd)));
    row.items.push_back(scalar_node(decimal(rates[i]), true));
    rows.items.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

std::string haircut_text(const HaircutReport& report, const Paint& paint) {
  std::string text = paint(Ink::bold, counted(report.lines.size(), "haircut")) + ", " + time_text(report.at_ms) + "\n";
  if (!report.none.empty()) {
    std::string names;
    for (const std::string& name : report.none) names += (names.empty() ? "" : ", ") + name;
    text +=
        "none, so they count for nothing (too short a history, or no price of that day): " + paint(Ink::yellow, names) +
        "\n";
  }
  if (report.lines.empty()) return text;
  text += parts_table(report, paint) + inputs_table(report, paint) + tiers_table(report, paint);
  return text +
         paint(Ink::dim,
               "\n  In parts of the value; of volatility, exit and drawdown the largest counts, the others are added.\n"
               "  haircut: new holdings, at once; announced: under speed limits; existing: after notice. "
               "docs/methods/haircuts.md\n");
}

std::string haircut_json(const HaircutReport& report) {
  Json lines = Json::array();
  for (const HaircutLine& line : report.lines) lines.push_back(line_json(line, report.amount_usd));
  const Json json{{"schema_version", schema_version},
                  {"kind", "haircut"},
                  {"folders", report.folders},
                  {"facts", report.facts.empty() ? Json(nullptr) : Json(report.facts)},
                  {"at", time_text(report.at_ms)},
                  {"amount_usd", report.amount_usd},
                  {"none", report.none},
                  {"haircuts", std::move(lines)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string haircut_recipe(const HaircutReport& report, const std::string& base, bool existing) {
  Node by = map_node();
  for (const HaircutLine& line : report.lines) {
    std::vector<double> rates;
    for (const HaircutTier& tier : line.haircut.tiers) rates.push_back(tier.rate);
    put_entry(by, line.asset, rows_of(line.haircut.tiers, existing ? line.haircut.existing : rates));
  }
  Node table = map_node();
  put_entry(table, "kind", scalar_node("marginal"));
  put_entry(table, "of", scalar_node("usd"));
  put_entry(table, "source", scalar_node("inferred"));
  put_entry(table, "rows", rows_of({HaircutTier{}}, {1.0}));
  if (!by.entries.empty()) put_entry(table, "by", std::move(by));
  Node tables = map_node();
  put_entry(tables, "haircut", std::move(table));
  Node recipe = map_node();
  put_entry(recipe, "recipe", scalar_node(existing ? "haircuts-existing" : "haircuts"));
  put_entry(recipe, "version", scalar_node(time_text(report.at_ms), true));
  put_entry(recipe, "extends", scalar_node(base));
  put_entry(recipe, "description",
            scalar_node(existing ? "Haircuts under speed limits and after notice, from recorded bars."
                                 : "Haircuts for new holdings, from recorded bars."));
  put_entry(recipe, "reference", scalar_node("docs/methods/haircuts.md"));
  put_entry(recipe, "tables", std::move(tables));
  return write_yaml(recipe);
}

}  // namespace margrave
