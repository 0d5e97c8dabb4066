#include "report/margin_context.h"

#include <fmt/core.h>

#include <map>

namespace margrave {
namespace {

std::string percent_of(Ratio ratio) {
  const Decimal hundredfold{ratio.raw * 100, Ratio::decimals};
  return hundredfold.to_string() + " %";
}

std::string names_of(const Recipe& recipe, const std::vector<std::size_t>& of) {
  std::string names;
  for (const std::size_t i : of) names += (names.empty() ? "" : ", ") + recipe.components[i].name;
  return names;
}

std::string text_of(const Recipe& recipe, const Transform& transform) {
  std::string text = fmt::format("after {} per {}", transform.of_value ? "factors on values" : "factors on changes",
                                 to_string(transform.each));
  if (!transform.gains && !transform.losses) text = fmt::format("per {}", to_string(transform.each));
  if (transform.gains) text += ", gains times " + recipe.components[*transform.gains].name;
  if (transform.losses) text += ", losses times " + recipe.components[*transform.losses].name;
  return text + (transform.worst_sign ? ", every change a loss" : "");
}

std::string text_of(const Recipe& recipe, const ScenarioMeasure& rule) {
  const char* kind = rule.kind == ScenarioMeasure::Kind::worst            ? "worst loss"
                     : rule.kind == ScenarioMeasure::Kind::weighted_worst ? "worst weighted loss"
                     : rule.kind == ScenarioMeasure::Kind::var            ? "value at risk"
                                                                          : "expected shortfall";
  std::string text = kind;
  if (rule.confidence.raw != 0) text += " " + percent_of(rule.confidence);
  text += " of " + rule.set;
  text += rule.group == Grouping::all ? ", whole account" : fmt::format(", per {}", to_string(rule.group));
  if (rule.with_balances) text += " with balances";
  if (rule.transform) text += fmt::format(", {}", text_of(recipe, *rule.transform));
  return text;
}

std::string text_of(const Recipe&, const RateOnBase& rule) {
  const char* base = rule.base == RateOnBase::Base::notional     ? "notional"
                     : rule.base == RateOnBase::Base::mark_value ? "mark value"
                                                                 : "unrealised gains";
  std::string kinds;
  for (const Kind kind : rule.kinds) kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", to_string(kind));
  std::string text = percent_of(rule.rate);
  for (const auto& [underlying, rate] : rule.rates) text += fmt::format(", {} {}", underlying, percent_of(rate));
  text += fmt::format(" of {}, per {}", base, to_string(rule.group));
  if (rule.side != Side::both) text += rule.side == Side::longs ? ", longs" : ", shorts";
  return text + (kinds.empty() ? "" : " (" + kinds + ")");
}

std::string text_of(const Recipe& recipe, const Sum& rule) { return "sum of " + names_of(recipe, rule.of); }
std::string text_of(const Recipe& recipe, const Max& rule) { return "larger of " + names_of(recipe, rule.of); }
std::string text_of(const Recipe& recipe, const Scale& rule) {
  return fmt::format("{} of {}", percent_of(rule.by), recipe.components[rule.of].name);
}

std::string text_of(const Recipe&, const Formula& rule) {
  std::string kinds;
  for (const Kind kind : rule.kinds) kinds += fmt::format("{}{}", kinds.empty() ? "" : ", ", to_string(kind));
  if (rule.side != Side::both) kinds += rule.side == Side::longs ? " long" : " short";
  if (rule.is_call) kinds += *rule.is_call ? " calls" : " puts";
  std::string text = rule.value.text;
  if (rule.each != Grouping::all) text += fmt::format(", per {}", to_string(rule.each));
  return text + (kinds.empty() ? "" : " (" + kinds + ")");
}

std::string text_of(const Recipe& recipe, const Liquidity& rule) {
  std::string text = fmt::format("walk of {} of the depth", percent_of(rule.stress));
  if (rule.close_out) {
    text +=
        fmt::format(", {} extended beyond {} of {} hours' volume", recipe.components[rule.close_out->shortfall].name,
                    percent_of(rule.close_out->participation), rule.close_out->hours);
  }
  return text + fmt::format("; {} of notional where it is not known", percent_of(rule.without));
}

std::string text_of(const Recipe&, const Payoff& rule) {
  return fmt::format("largest loss at expiry over 0 and the strikes, per {}", to_string(rule.each));
}

}  // namespace

Result<AccountReport> full_report(const MarginInputs& inputs, const Book& book, unsigned threads) {
  AccountReport account{book, TRY(assess(inputs, book))};
  account.diversification = diversification(inputs, book, account.report, threads);
  return account;
}

std::string describe(const Recipe& recipe, const Component& component) {
  return std::visit([&](const auto& rule) { return text_of(recipe, rule); }, component.rule);
}

std::vector<GreeksLine> portfolio_greeks(const Market& market, const Book& book) {
  std::map<std::pair<std::uint32_t, std::int64_t>, LotGreeks> sums;
  for (const Position& position : book.positions) {
    const Instrument& instrument = market.registry[position.instrument];
    const LotGreeks one = lot_greeks(market, position.instrument);
    sums[{instrument.underlying.value, instrument.expiry.ns}] += one.times(static_cast<double>(position.lots.raw));
  }
  std::vector<GreeksLine> lines;
  for (const auto& [key, greeks] : sums) {
    const std::string& name = market.registry[UnderlyingId{key.first}].name;
    lines.push_back({name, key.second == 0 ? "" : to_date(Timestamp{key.second}), greeks});
  }
  return lines;
}

}  // namespace margrave
