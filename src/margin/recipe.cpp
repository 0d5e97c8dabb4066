#include "margin/recipe.h"

namespace margrave {

std::string_view to_string(Source source) {
  switch (source) {
    case Source::published:
      return "published";
    case Source::inferred:
      return "inferred";
    case Source::assumed:
      return "assumed";
  }
  return "unknown";
}

std::string_view to_string(Grouping grouping) {
  switch (grouping) {
    case Grouping::position:
      return "position";
    case Grouping::instrument:
      return "instrument";
    case Grouping::strike:
      return "strike";
    case Grouping::expiry:
      return "expiry";
    case Grouping::pair:
      return "pair";
    case Grouping::underlying:
      return "underlying";
    case Grouping::all:
      return "all";
    case Grouping::asset:
      return "asset";
  }
  return "unknown";
}

std::string_view to_string(Claim claim) {
  switch (claim) {
    case Claim::collateral_helps:
      return "collateral helps";
    case Claim::homogeneous:
      return "homogeneous";
    case Claim::subadditive:
      break;
  }
  return "subadditive";
}

std::vector<Level> Recipe::levels() const {
  std::vector<Level> levels{{"initial", initial}};
  if (warning) levels.push_back({"warning", *warning});
  levels.push_back({"maintenance", maintenance});
  if (backstop) levels.push_back({"backstop", *backstop});
  return levels;
}

bool holds(Grouping coarse, Grouping fine) {
  if (coarse == fine || coarse == Grouping::all) return true;
  if (coarse == Grouping::asset || fine == Grouping::asset || fine == Grouping::all) return false;
  if (coarse == Grouping::pair) return fine == Grouping::instrument || fine == Grouping::position;
  if (fine == Grouping::pair) return coarse == Grouping::underlying;
  return coarse > fine;  // position, instrument, strike, expiry, underlying: each lies in the next
}

Grouping grouping_of(const Rule& rule) {
  if (const auto* measure = std::get_if<ScenarioMeasure>(&rule)) return measure->group;
  if (const auto* rate = std::get_if<RateOnBase>(&rule)) return rate->group;
  if (const auto* formula = std::get_if<Formula>(&rule)) return formula->each;
  if (const auto* payoff = std::get_if<Payoff>(&rule)) return payoff->each;
  if (std::holds_alternative<Liquidity>(rule)) return Grouping::instrument;
  return Grouping::all;
}

std::vector<std::size_t> read_by(const Rule& rule) {
  if (const auto* formula = std::get_if<Formula>(&rule)) return formula->of;
  if (const auto* liquidity = std::get_if<Liquidity>(&rule)) {
    return liquidity->close_out ? std::vector{liquidity->close_out->shortfall} : std::vector<std::size_t>{};
  }
  const auto* measure = std::get_if<ScenarioMeasure>(&rule);
  std::vector<std::size_t> of;
  if (measure == nullptr || !measure->transform) return of;
  if (measure->transform->gains) of.push_back(*measure->transform->gains);
  if (measure->transform->losses) of.push_back(*measure->transform->losses);
  return of;
}

Unit Recipe::numeraire() const {
  Unit unit;
  unit.powers[per_settlement ? Unit::settlement : Unit::usd] = 1;
  return unit;
}

bool Recipe::is_charge(const Component& component) const {
  const auto* formula = std::get_if<Formula>(&component.rule);
  return formula == nullptr || formula->value.unit == numeraire();
}

}  // namespace margrave
