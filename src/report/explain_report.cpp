#include "report/explain_report.h"

#include <fmt/core.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "report/amount.h"
#include "report/numeraire_json.h"

namespace margrave {
namespace {

nlohmann::ordered_json point_json(const ContractPoint& point) {
  nlohmann::ordered_json json;
  const auto put = [&](const char* key, double value) {
    if (!std::isnan(value)) json[key] = value;
  };
  put("index_usd", point.index);
  put("forward_usd", point.forward);
  put("years_to_expiry", point.years);
  put("vol", point.vol);
  put("price", point.price);
  put("value_of_one_lot_usd", point.value);
  return json;
}

std::string percent_of(Ratio rate) { return Decimal{rate.raw * 100, Ratio::decimals}.to_string() + " %"; }

/// As recipes write it.
const char* name_of(RateOnBase::Base base) {
  return base == RateOnBase::Base::notional     ? "notional"
         : base == RateOnBase::Base::mark_value ? "mark_value"
                                                : "unrealised_gain";
}

/// Finer than in reports, so that a small position can be followed.
std::string fine(const Money& money, Usd amount) { return grouped(amount, money.is_usd() ? 6 : Usd::decimals); }

/// The way from market to integer, and from the integer to the profit.
std::string scenario_text(const Money& money, const Instrument& instrument, Lots lots,
                          const ExplainedScenario& explained, const Paint& paint) {
  TextTable table({Align::left, Align::right, Align::right, Align::left});
  table.row({{"", Ink::dim}, {"now", Ink::dim}, {"scenario", Ink::dim}});
  const auto step = [&](const char* name, double now, double then, int decimals, const std::string& unit) {
    if (std::isnan(now) && std::isnan(then)) return;
    table.row({{name}, {grouped(now, decimals)}, {grouped(then, decimals)}, {unit, Ink::dim}});
  };
  const ExplainedEntry& entry = explained.entry;
  const ContractPoint &now = entry.now, &then = entry.then;
  step("index", now.index, then.index, 2, "USD per coin");
  step("forward", now.forward, then.forward, 2, "USD per coin");
  step("time to expiry", now.years * 365, then.years * 365, 4, "days");
  step("vol", now.vol * 100, then.vol * 100, 2, "% a year");
  const bool coin_price = instrument.kind == Kind::option && instrument.style == Style::inverse;
  step("price", now.price, then.price, coin_price ? 6 : 4, coin_price ? "coin" : "price unit of the contract");
  step("value of one lot", now.value, then.value, money.is_usd() ? 6 : 9, money.unit);
  if (entry.dampening != 1) {
    step("counted", now.value, entry.counted, money.is_usd() ? 6 : 9,
         money.unit + ", now + dampening x (scenario - now)");
    table.row({{"dampening"}, {""}, {grouped(entry.dampening, 4)}, {"part of the change that counts", Ink::dim}});
  }
  table.row({{"entry of the risk array"},
             {std::to_string(entry.entry_now)},
             {std::to_string(entry.entry)},
             {fmt::format("units of 2^{} {}", entry.exponent, money.unit), Ink::dim}});
  std::string text = table.text(paint) + fmt::format("  {} lots x ({} - {}) x 2^{} {}", lots.raw, entry.entry,
                                                     entry.entry_now, entry.exponent, money.unit);
  if (explained.leg_profit.raw != 0)
    text += fmt::format(", and {} {} on the cost leg", fine(money, explained.leg_profit), money.unit);
  return text + "\n  " + paint(Ink::bold, "profit " + fine(money, explained.profit) + " " + money.unit) +
         ", contribution to the loss " + fine(money, -explained.profit) + " " + money.unit + "\n";
}

/// A row per rate: what the position brings to the group, what the group is charged, and the position's part of it.
std::string rates_text(const Money& money, const std::vector<ExplainedRate>& rates, const Paint& paint) {
  TextTable table(
      {Align::left, Align::left, Align::left, Align::right, Align::right, Align::right, Align::right, Align::right});
  table.row({{"rate", Ink::dim},
             {"group", Ink::dim},
             {"base", Ink::dim},
             {"of the position", Ink::dim},
             {"net of the group", Ink::dim},
             {"x rate", Ink::dim},
             {"= charge", Ink::dim},
             {"contribution", Ink::dim}});
  for (const ExplainedRate& rate : rates) {
    table.row({{rate.component},
               {rate.group},
               {name_of(rate.of)},
               {fine(money, rate.base)},
               {fine(money, rate.net_base)},
               {percent_of(rate.rate)},
               {fine(money, rate.charge)},
               {fine(money, rate.contribution), Ink::bold}});
  }
  return table.text(paint);
}

nlohmann::ordered_json rates_json(const std::vector<ExplainedRate>& rates) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const ExplainedRate& rate : rates) {
    list.push_back({{"component", rate.component},
                    {"group", rate.group},
                    {"base", name_of(rate.of)},
                    {"base_usd", to_string(rate.base)},
                    {"net_base_usd", to_string(rate.net_base)},
                    {"rate", Decimal{rate.rate.raw, Ratio::decimals}.to_string()},
                    {"charge_usd", to_string(rate.charge)},
                    {"contribution_usd", to_string(rate.contribution)}});
  }
  return list;
}

void add_scenario(nlohmann::ordered_json& json, const ExplainedScenario& explained) {
  const ExplainedEntry& entry = explained.entry;
  json["scenario_set"] = explained.set;
  json["scenario"] = explained.scenario;
  json["now"] = point_json(entry.now);
  json["then"] = point_json(entry.then);
  json["dampening"] = entry.dampening;
  json["counted_value_of_one_lot_usd"] = entry.counted;
  json["entry_now"] = entry.entry_now;
  json["entry"] = entry.entry;
  json["exponent"] = entry.exponent;
  json["cost_leg_profit_usd"] = to_string(explained.leg_profit);
  json["profit_usd"] = to_string(explained.profit);
  json["contribution_usd"] = to_string(-explained.profit);
}

}  // namespace

std::string explain_text(const MarginContext& context, const Explained& explained, const Paint& paint) {
  const Instrument& instrument = context.market.registry[explained.position.instrument];
  const auto size = to_size(instrument, explained.position.lots);
  const std::string name = fmt::format("{} {}", size ? size->to_string() : "", instrument.name);
  const std::string where = explained.scenario
                                ? fmt::format("in {}: {}", explained.scenario->set, explained.scenario->scenario)
                                : fmt::format("under {} {}", context.recipe.name, context.recipe.version);
  const Money money = context.money();
  std::string text = paint(Ink::bold, name + " " + where) + "\n";
  if (explained.scenario) text += scenario_text(money, instrument, explained.position.lots, *explained.scenario, paint);
  if (!explained.rates.empty()) text += rates_text(money, explained.rates, paint);
  if (!explained.scenario && explained.rates.empty()) text += "  nothing that counts charges this position\n";
  return text + fmt::format("  contributes {} {} to initial margin, {} {} to maintenance\n",
                            fine(money, explained.initial), money.unit, fine(money, explained.maintenance), money.unit);
}

std::string explain_json(const MarginContext& context, const Explained& explained) {
  const Instrument& instrument = context.market.registry[explained.position.instrument];
  const auto size = to_size(instrument, explained.position.lots);
  nlohmann::ordered_json json{{"schema_version", 1},
                              {"kind", "explanation"},
                              {"recipe", context.recipe.name},
                              {"instrument", instrument.name},
                              {"size", size ? size->to_string() : ""},
                              {"lots", explained.position.lots.raw}};
  if (explained.scenario) add_scenario(json, *explained.scenario);
  json["rates"] = rates_json(explained.rates);
  json["initial_contribution_usd"] = to_string(explained.initial);
  json["maintenance_contribution_usd"] = to_string(explained.maintenance);
  if (!context.money().is_usd()) json["numeraire"] = context.money().unit;
  return in_numeraire(json.dump(2), context.money(), 2) + "\n";
}

}  // namespace margrave
