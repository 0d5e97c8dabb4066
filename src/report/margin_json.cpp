#include "report/margin_json.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "margin/leverage.h"
#include "report/numeraire_json.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

std::string text(Usd amount) { return to_string(amount); }

Json level_json(const MarginReport& report, Usd requirement) {
  return {{"requirement_usd", text(requirement)},
          {"excess_usd", text(report.equity - requirement)},
          {"met", report.equity >= requirement}};
}

Json levels_json(const Recipe& recipe, const MarginReport& report) {
  Json json;
  for (const Level& level : recipe.levels()) {
    Json one = level_json(report, report.requirement(level.component));
    const auto linked = report.linked.find(level.component);
    if (linked != report.linked.end()) one["linked_usd"] = text(linked->second);
    json[std::string(level.name)] = std::move(one);
  }
  if (report.orders) json["initial_with_orders"] = level_json(report, report.orders->amount);
  return json;
}

Json multiple_json(std::optional<Multiple> value) { return value ? Json(to_string(*value)) : Json(); }

/// What equity and requirements are to each other and to the positions' size; for full and brief reports.
Json ratios_json(const Recipe& recipe, const MarginReport& report) {
  const std::optional<Usd> gross = report.gross_notional;
  return {{"health_factor", multiple_json(health_factor(report.equity, report.maintenance(recipe)))},
          {"gross_notional_usd", gross ? Json(text(*gross)) : Json()},
          {"effective_leverage", multiple_json(effective_leverage(gross, report.equity))},
          {"maximum_leverage", multiple_json(maximum_leverage(gross, report.initial(recipe)))}};
}

Json credit_json(const Diversification& of, Usd LevelAmounts::*level) {
  Json json{{"parts_alone_usd", text(of.parts_alone.*level)}};
  if (of.balances_alone) json["balances_alone_usd"] = text((*of.balances_alone).*level);
  json["together_usd"] = text(of.together.*level);
  json["credit_usd"] = text(of.credit.*level);
  Json underlyings = Json::array(), pairs = Json::array();
  for (const UnderlyingAlone& alone : of.underlyings) {
    underlyings.push_back({{"underlying", alone.name}, {"alone_usd", text(alone.requirement.*level)}});
  }
  for (const PairCredit& pair : of.pairs) {
    const Json names = Json::array({of.underlyings[pair.first].name, of.underlyings[pair.second].name});
    pairs.push_back({{"underlyings", names}, {"credit_usd", text(pair.credit.*level)}});
  }
  json["underlyings"] = std::move(underlyings);
  json["pairs"] = std::move(pairs);
  return json;
}

Json diversified_json(const Result<Diversification>& of) {
  if (!of) return {{"error", of.error().message}};
  return {{"parts", of->by_underlying ? "underlyings" : "positions"},
          {"initial", credit_json(*of, &LevelAmounts::initial)},
          {"maintenance", credit_json(*of, &LevelAmounts::maintenance)},
          {"left_out", of->left_out}};
}

Json omissions_json(const MarginReport& report) {
  Json list = Json::array();
  for (const Omission& omission : report.omissions)
    list.push_back({{"subject", omission.subject}, {"reason", omission.reason}});
  return list;
}

Json group_json(const MarginContext& context, const GroupAmount& group) {
  Json json{{"group", group.name}, {"amount_usd", text(group.amount)}};
  if (!group.quantity.empty()) json["quantity"] = group.quantity;
  Json tail = Json::array();
  for (const std::uint32_t column : group.tail) tail.push_back(context.array.scenario(column));
  if (!tail.empty()) json["scenarios"] = std::move(tail);
  return json;
}

Json component_json(const MarginContext& context, const MarginReport& report, std::size_t at);

Json parts_json(const MarginContext& context, const MarginReport& report, const std::vector<std::size_t>& of) {
  Json parts = Json::array();
  for (const std::size_t part : of) parts.push_back(component_json(context, report, part));
  return parts;
}

Json component_json(const MarginContext& context, const MarginReport& report, std::size_t at) {
  const Component& component = context.recipe.components[at];
  const ComponentAmount& amount = report.components[at];
  Json json{{"component", component.name},
            {"rule", describe(context.recipe, component)},
            {"source", to_string(component.source)},
            {"amount_usd", text(amount.amount)}};
  if (!amount.groups.empty()) {
    Json groups = Json::array();
    for (const GroupAmount& group : amount.groups) groups.push_back(group_json(context, group));
    json["groups"] = std::move(groups);
  }
  if (const auto* sum = std::get_if<Sum>(&component.rule)) json["sum_of"] = parts_json(context, report, sum->of);
  if (const auto* max = std::get_if<Max>(&component.rule)) {
    json["largest_of"] = parts_json(context, report, max->of);
    json["chosen"] = context.recipe.components[max->of[amount.chosen]].name;
  }
  if (const auto* scale = std::get_if<Scale>(&component.rule)) {
    json["scale_of"] = component_json(context, report, scale->of);
    json["by"] = Decimal{scale->by.raw, Ratio::decimals}.to_string();
  }
  if (const auto* formula = std::get_if<Formula>(&component.rule)) {
    json["expression"] = formula->value.text;
    json["unit"] = to_string(formula->value.unit);
    if (!formula->of.empty()) json["reads"] = parts_json(context, report, formula->of);
  }
  return json;
}

Json greeks_json(const LotGreeks& greeks) {
  return {{"delta_coins", greeks.delta_coins},
          {"gamma_coins_per_usd", greeks.gamma_coins_per_usd},
          {"vega_usd_per_point", greeks.vega_usd_per_point},
          {"theta_usd_per_day", greeks.theta_usd_per_day},
          {"rho_usd_per_percent", greeks.rho_usd_per_percent},
          {"vanna_usd_per_point_percent", greeks.vanna_usd_per_point_percent},
          {"volga_usd_per_point2", greeks.volga_usd_per_point2},
          {"charm_coins_per_day", greeks.charm_coins_per_day}};
}

Json positions_json(const MarginContext& context, const AccountReport& account) {
  Json list = Json::array();
  const MarginReport& report = account.report;
  const Recipe& recipe = context.recipe;
  for (std::size_t i = 0; i < account.book.positions.size(); ++i) {
    const Position& position = account.book.positions[i];
    const Instrument& instrument = context.market.registry[position.instrument];
    const auto size = to_size(instrument, position.lots);
    Json json{{"instrument", instrument.name},
              {"size", size ? size->to_string() : ""},
              {"value_usd", text(report.lines[i].value)},
              {"unrealised_pnl_usd", text(report.lines[i].unrealised_pnl)}};
    if (position.entry_price) json["entry_price"] = position.entry_price->to_string();
    if (position.accrued != 0) {
      const Asset& asset = context.market.registry[instrument.settlement];
      json["accrued_funding"] = Decimal{position.accrued, asset.decimals}.to_string();
    }
    json["entered_at_mark"] = report.lines[i].entered_at_mark;
    json["initial_contribution_usd"] = text(report.components[recipe.initial].by_line[i]);
    json["maintenance_contribution_usd"] = text(report.components[recipe.maintenance].by_line[i]);
    json["greeks"] =
        greeks_json(lot_greeks(context.market, position.instrument).times(static_cast<double>(position.lots.raw)));
    list.push_back(std::move(json));
  }
  return list;
}

Json orders_json(const MarginContext& context, const AccountReport& account) {
  Json list = Json::array();
  const OrderMargin& margin = *account.report.orders;
  for (std::size_t i = 0; i < account.book.orders.size(); ++i) {
    const Order& order = account.book.orders[i];
    const Instrument& instrument = context.market.registry[order.instrument];
    const auto size = to_size(instrument, order.lots);
    list.push_back({{"instrument", instrument.name},
                    {"size", size ? size->to_string() : ""},
                    {"limit_price", order.limit_price.to_string()},
                    {"fee", order.fee.to_string()},
                    {"reduce_only", order.reduce_only},
                    {"fills_in_worst_case", std::binary_search(margin.filled.begin(), margin.filled.end(), i)}});
  }
  return {{"amount_usd", text(margin.amount)},
          {"kind", margin.exact ? "exact" : "bound"},
          {"at_least_usd", text(margin.at_least)},
          {"orders", std::move(list)}};
}

Json balances_json(const MarginContext& context, const AccountReport& account) {
  Json list = Json::array();
  for (std::size_t b = 0; b < account.book.balances.size(); ++b) {
    const Balance& balance = account.book.balances[b];
    const Asset& asset = context.market.registry[balance.asset];
    const auto amount = [&](i128 units) { return Decimal{units, asset.decimals}.to_string(); };
    Json json{{"asset", asset.name},
              {"amount", amount(balance.units)},
              {"value_usd", text(account.report.balance_values[b])}};
    if (balance.unsettled != 0) json["unsettled"] = amount(balance.unsettled);
    if (balance.borrowed != 0) json["borrowed"] = amount(balance.borrowed);
    list.push_back(std::move(json));
  }
  return list;
}

/// Which accounts it belongs to, where it does.
Json links_json(const Book& book) {
  Json json = Json::object();
  if (!book.owner.empty()) json["owner"] = book.owner;
  if (!book.linked.empty()) json["linked"] = book.linked;
  return json;
}

Json account_json(const MarginContext& context, const AccountReport& account) {
  const MarginReport& report = account.report;
  const Recipe& recipe = context.recipe;
  Json greeks = Json::array();
  for (const GreeksLine& line : portfolio_greeks(context.market, account.book)) {
    Json json{{"underlying", line.underlying}};
    json["expiry"] = line.expiry.empty() ? Json() : Json(line.expiry);
    json.update(greeks_json(line.greeks));
    greeks.push_back(std::move(json));
  }
  Json json{{"account", report.account},
            {"book_digest", to_string(digest_of(context.market.registry, account.book))},
            {"equity_usd", text(report.equity)},
            {"levels", levels_json(recipe, report)},
            {"complete", report.complete()},
            {"omissions", omissions_json(report)},
            {"initial", component_json(context, report, recipe.initial)},
            {"maintenance", component_json(context, report, recipe.maintenance)},
            {"positions", positions_json(context, account)},
            {"balances", balances_json(context, account)},
            {"balances_initial_contribution_usd", text(report.components[recipe.initial].by_line.back())},
            {"balances_maintenance_contribution_usd", text(report.components[recipe.maintenance].by_line.back())},
            {"greeks", std::move(greeks)},
            {"row_rounding_usd", text(report.row_rounding)}};
  json.update(ratios_json(recipe, report));
  json.update(links_json(account.book));
  if (report.orders) json["open_orders"] = orders_json(context, account);
  if (account.diversification) json["diversification"] = diversified_json(*account.diversification);
  return json;
}

Json findings_json(const std::vector<Finding>& findings) {
  Json list = Json::array();
  for (const Finding& finding : findings) {
    list.push_back({{"kind", to_string(finding.kind)}, {"subject", finding.subject}, {"text", finding.text}});
  }
  return list;
}

Json recipe_head(const MarginContext& context) {
  Json sets = Json::array();
  for (const ScenarioSet& set : context.sets) {
    sets.push_back({{"name", set.name},
                    {"scenarios", set.size()},
                    {"horizon_seconds", set.horizon_seconds},
                    {"value_at", set.at_horizon ? "horizon" : "now"},
                    {"findings", findings_json(set.findings)}});
  }
  Json head{{"recipe", context.recipe.name},
            {"version", context.recipe.version},
            {"status", to_string(context.recipe.status)},
            {"reference", context.recipe.reference},
            {"recipe_digest", to_string(context.recipe.digest)},
            {"array_digest", to_string(context.array.digest())}};
  if (!context.money().is_usd()) head["numeraire"] = context.money().unit;
  head["scenario_sets"] = std::move(sets);
  return head;
}

Json brief_json(const MarginContext& context, const Book& book, const Result<MarginReport>& report) {
  const std::string digest = to_string(digest_of(context.market.registry, book));
  if (!report) return {{"account", book.account}, {"book_digest", digest}, {"error", report.error().message}};
  Json json{{"account", book.account},
            {"book_digest", digest},
            {"positions", book.positions.size()},
            {"equity_usd", text(report->equity)},
            {"levels", levels_json(context.recipe, *report)},
            {"complete", report->complete()},
            {"omissions", omissions_json(*report)}};
  json.update(ratios_json(context.recipe, *report));
  json.update(links_json(book));
  return json;
}

Json market_parts(const Market& market, const std::string& market_file) {
  return {{"file", market_file},
          {"version", market.state.version},
          {"digest", to_string(digest_of(market))},
          {"findings", findings_json(market.state.findings)}};
}

}  // namespace

std::string market_json(const Market& market, const std::string& market_file) {
  return market_parts(market, market_file).dump();
}

std::string diversification_json(const Result<Diversification>& diversification) {
  return diversified_json(diversification).dump();
}

std::string recipe_json(const MarginContext& context, const std::vector<AccountReport>& accounts) {
  Json json = recipe_head(context);
  json["accounts"] = Json::array();
  for (const AccountReport& account : accounts) json["accounts"].push_back(account_json(context, account));
  return in_numeraire(json.dump(), context.money());
}

std::string recipe_json_brief(const MarginContext& context, const std::vector<Book>& books,
                              const std::vector<Result<MarginReport>>& reports) {
  Json json = recipe_head(context);
  json["accounts"] = Json::array();
  for (const std::size_t i : by_distance_to_maintenance(context.recipe, reports)) {
    json["accounts"].push_back(brief_json(context, books[i], reports[i]));
  }
  return in_numeraire(json.dump(), context.money());
}

std::string margin_document(const Market& market, const std::string& market_file,
                            const std::vector<std::string>& recipes) {
  Json json{{"schema_version", schema_version},
            {"kind", "margin_report"},
            {"as_of", to_string(market.state.as_of)},
            {"market", market_parts(market, market_file)},
            {"recipes", Json::array()}};
  for (const std::string& recipe : recipes) json["recipes"].push_back(Json::parse(recipe));
  return json.dump(2) + "\n";
}

std::string error_document(const Error& error) {
  const Json json{{"schema_version", schema_version},
                  {"kind", "error"},
                  {"error",
                   {{"message", error.message},
                    {"file", error.place.file},
                    {"line", error.place.line},
                    {"column", error.place.column},
                    {"field", error.field},
                    {"remedy", error.remedy}}}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace margrave
