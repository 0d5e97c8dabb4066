#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "dialect/derive_account.h"

namespace margrave {
namespace {

/// The scenarios' profits in the vector's order, each times its weight.
Result<std::vector<double>> profits_of(const AssessedVector& assessed, const std::vector<ScenarioPlace>& places,
                                       bool second) {
  const std::vector<Usd> scan = TRY(assessed.profits("scan_loss"));
  std::vector<Usd> skew;
  if (second) skew = TRY(assessed.profits("skew_loss"));
  std::vector<double> profits;
  for (const ScenarioPlace& place : places) {
    const Usd profit = (place.in_skew ? skew : scan)[place.index];
    profits.push_back(place.weight * Number::from_units(profit.raw, Usd::decimals).to_double());
  }
  return profits;
}

/// The basis contingency that a vector expects, a loss below 0; some files have it as text of the contract only.
Result<double> expected_basis(const Cursor& expected) {
  if (expected.find("basis_contingency")) return real_at(expected, "basis_contingency");
  const Cursor contract = TRY(expected.get("contract"));
  return real_at(contract, "basis_contingency");
}

/// The scenario that the engine found worst in one of its sets, as the vector counts them; none where nothing is lost.
std::optional<std::size_t> worst_of(const AssessedVector& assessed, const std::vector<ScenarioPlace>& places,
                                    bool in_skew) {
  const ComponentAmount& charge = assessed.report.components[assessed.component(in_skew ? "skew_loss" : "scan_loss")];
  if (charge.amount.raw == 0 || charge.groups.empty() || charge.groups[0].tail.empty()) return std::nullopt;
  for (const ScenarioRange& range : assessed.revalued.revaluation.array.ranges()) {
    if (range.name != (in_skew ? "skew" : "scan")) continue;
    for (std::size_t i = 0; i < places.size(); ++i) {
      if (places[i].in_skew == in_skew && range.begin + places[i].index == charge.groups[0].tail[0]) return i;
    }
  }
  return std::nullopt;
}

/// The loss that counts, and what the vector expects of the scenario that the engine took it from: no more than of its
/// own choice. Near ties may differ.
Result<void> add_worst(const Cursor& expected, const AssessedVector& assessed, const std::vector<ScenarioPlace>& places,
                       double gross, Quantities& all) {
  if (!expected.find("worst_scenario_index")) return {};
  const Cursor index = TRY(expected.get("worst_scenario_index")), basis = TRY(expected.get("worst_is_basis"));
  const bool is_basis = TRY(basis.boolean());
  const std::vector<Cursor> pnl = TRY(list_at(expected, "scenario_pnl"));
  const auto at = static_cast<std::size_t>(TRY(index.integer(0, static_cast<std::int64_t>(places.size()))));
  if (pnl.size() != places.size() || (!is_basis && at >= pnl.size()))
    return fail(index.error("there is no such scenario", "give as many of scenario_pnl as of scenarios"));
  const double worst = is_basis ? TRY(expected_basis(expected)) : TRY(pnl[at].real());
  all.push_back({"worst loss", -worst, assessed.amount("worst_loss").to_double(), gross});
  const double by_scan = assessed.amount("scan_loss").to_double();
  const double by_basis = assessed.amount("basis_contingency").to_double();
  const double loss = assessed.amount("worst_loss").to_double();
  std::optional<std::size_t> chosen;
  if (by_basis < loss) chosen = worst_of(assessed, places, by_scan < loss);
  double of_chosen = -loss;
  if (chosen) of_chosen = TRY(pnl[*chosen].real());
  all.push_back({"worst scenario", worst, of_chosen, gross});
  return {};
}

Result<void> add_scenarios(const Cursor& expected, const AssessedVector& assessed,
                           const std::vector<ScenarioPlace>& places, double gross, bool second, Quantities& all) {
  if (!expected.find("scenario_pnl")) return {};
  const std::vector<Cursor> pnl = TRY(list_at(expected, "scenario_pnl"));
  const std::vector<double> profits = TRY(profits_of(assessed, places, second));
  if (pnl.size() != profits.size()) {
    const Cursor at = TRY(expected.get("scenario_pnl"));
    return fail(at.error("there are more or fewer than scenarios", "give one for each scenario"));
  }
  for (std::size_t i = 0; i < pnl.size(); ++i) {
    const double wanted = TRY(pnl[i].real());
    all.push_back({fmt::format("scenario_pnl[{}]", i), wanted, profits[i], gross});
  }
  return {};
}

/// What a component came to for one expiry.
std::optional<double> at_expiry(const AssessedVector& assessed, std::string_view component, Timestamp expiry) {
  for (const GroupValue& group : assessed.report.components[assessed.component(component)].values) {
    if (group.key[2] == expiry.ns) return group.value.to_double();
  }
  return std::nullopt;
}

double value_at(const AssessedVector& assessed, Timestamp expiry) {
  double value = 0;
  for (std::size_t i = 0; i < assessed.portfolio.lines.size(); ++i) {
    const Instrument& instrument = assessed.registry[assessed.portfolio.lines[i].instrument];
    if (instrument.kind == Kind::option && instrument.expiry == expiry)
      value += Number::from_units(assessed.report.lines[i].value.raw, Usd::decimals).to_double();
  }
  return value;
}

const GridSpec& scan_spec(const AssessedVector& assessed) {
  const auto& specs = assessed.revalued.loaded.scenarios;
  const auto at = std::find_if(specs.begin(), specs.end(), [](const ScenarioSpec& s) { return s.name == "scan"; });
  return std::get<GridSpec>(at->kind);
}

Result<void> add_vol_shocks(const Cursor& at, const Cursor& params, const AssessedVector& assessed,
                            std::int64_t seconds, Quantities& all) {
  const Cursor shock = TRY(params.get("vol_shock"));
  const double scale = vol_term_scale(scan_spec(assessed).vol_term, seconds);
  const double up = 1 + TRY(real_at(shock, "vol_range_up")) * scale;
  const double down = std::max(0.0, 1 - TRY(real_at(shock, "vol_range_down")) * scale);
  TRY_VOID(expect(at, "vol_shock_up", up, std::max(1.0, up), all));
  return expect(at, "vol_shock_down", down, 1, all);
}

Result<void> add_per_expiry(const Cursor& expected, const Cursor& params, const Prepared& prepared,
                            const AssessedVector& assessed, Quantities& all) {
  if (!expected.find("per_expiry")) return {};
  for (const Cursor& at : TRY(list_at(expected, "per_expiry"))) {
    const std::int64_t seconds = TRY(seconds_at(at, "seconds"));
    const Timestamp expiry = prepared.account.expiry_in(seconds);
    const std::size_t before = all.size();
    TRY_VOID(expect(at, "mtm", value_at(assessed, expiry), prepared.gross, all));
    TRY_VOID(add_vol_shocks(at, params, assessed, seconds, all));
    for (const auto& [key, component] :
         {std::pair("static_discount_pos", "long_discount"), std::pair("static_discount_neg", "short_discount"),
          std::pair("min_confidence", "expiry_trust")}) {
      const std::optional<double> value = at_expiry(assessed, component, expiry);
      if (!value) return fail(at.error("no option of the account expires then", "give expiries of options only"));
      TRY_VOID(expect(at, key, *value, std::max(1.0, std::fabs(*value)), all));
    }
    for (std::size_t i = before; i < all.size(); ++i) all[i].name += fmt::format(" in {} s", seconds);
  }
  return {};
}

Result<void> add_contingencies(const Cursor& expected, const AssessedVector& assessed, double gross, bool second,
                               Quantities& all) {
  const double basis = assessed.amount("basis_contingency").to_double();
  TRY_VOID(expect(expected, "basis_contingency", -basis, gross, all));
  const auto components = second ? std::array{"mm_contingency", "im_contingency"}
                                 : std::array{"static_contingency", "confidence_contingency"};
  for (const char* name : components) TRY_VOID(expect(expected, name, assessed.amount(name).to_double(), gross, all));
  return {};
}

}  // namespace

Result<Quantities> portfolio_quantities(const Cursor& vector, const PreparedPortfolio& prepared,
                                        const AssessedVector& assessed, bool second) {
  const Cursor expected = TRY(vector.get("expected")), params = TRY(vector.get("params"));
  const double gross = prepared.gross;
  Quantities all;
  TRY_VOID(add_levels(expected, assessed, gross, all));
  TRY_VOID(add_contingencies(expected, assessed, gross, second, all));
  if (const auto contract = expected.find("contract")) {
    TRY_VOID(add_contingencies(*contract, assessed, gross, second, all));
  }
  const double trusted = balance_of(assessed, "trusted_requirement").to_double();
  TRY_VOID(expect(expected, "trusted_assessor_maintenance_balance", trusted, gross, all));
  TRY_VOID(add_scenarios(expected, assessed, prepared.places, gross, second, all));
  TRY_VOID(add_worst(expected, assessed, prepared.places, gross, all));
  if (second) TRY_VOID(add_per_expiry(expected, params, prepared, assessed, all));
  return all;
}

}  // namespace margrave
