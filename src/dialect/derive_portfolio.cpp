#include <algorithm>
#include <cmath>
#include <span>

#include "dialect/derive_account.h"

namespace margrave {
namespace {

constexpr const char* coin_name = "COIN";

/// The dollars of an account: its cash, and what its perpetual has earned and not been paid.
Result<Number> dollars_of(const Cursor& portfolio) {
  const Cursor perp = TRY(portfolio.get("perp"));
  const Decimal pnl = TRY(decimal_at(perp, "unrealized_pnl", Bounds::money()));
  Decimal funding;
  if (perp.find("unrealized_funding")) funding = TRY(decimal_at(perp, "unrealized_funding", Bounds::money()));
  const Decimal cash = TRY(decimal_at(portfolio, "cash", Bounds::money()));
  Number dollars;
  CHECK(Number::add(sum_of(pnl, funding), Number::from_decimal(cash), dollars));
  return dollars;
}

/// One number of a recipe and where the vector has it.
struct Given {
  const char* parameter;
  const char* section;
  const char* key;
};

Result<void> add_parameters(const Cursor& params, std::span<const Given> all, NodeMaker::Keyed& parameters) {
  const NodeMaker make(params);
  for (const Given& given : all) {
    const Cursor section = TRY(params.get(given.section));
    const Decimal value = TRY(decimal_at(section, given.key, not_negative));
    parameters.emplace_back(given.parameter, make.map({{"value", make.text(value.to_string())}}));
  }
  return {};
}

/// What both portfolio margins have.
constexpr Given shared_parameters[] = {
    {"im_factor", "margin", "im_factor"},
    {"basis_add", "basis_contingency", "add_factor"},
    {"basis_mult", "basis_contingency", "mult_factor"},
    {"peg_threshold", "other_contingency", "peg_loss_threshold"},
    {"peg_factor", "other_contingency", "peg_loss_factor"},
    {"conf_threshold", "other_contingency", "conf_threshold"},
    {"conf_margin", "other_contingency", "conf_margin"},
};

constexpr Given second_parameters[] = {
    {"mm_factor", "margin", "mm_factor"},
    {"short_rate_mult", "margin", "short_rate_mult_scale"},
    {"long_rate_mult", "margin", "long_rate_mult_scale"},
    {"short_rate_add", "margin", "short_rate_add_scale"},
    {"long_rate_add", "margin", "long_rate_add_scale"},
    {"short_base", "margin", "short_base_static_discount"},
    {"long_base", "margin", "long_base_static_discount"},
    {"mm_perp", "other_contingency", "mm_perp_percent"},
    {"im_perp", "other_contingency", "im_perp_percent"},
    {"mm_option", "other_contingency", "mm_option_percent"},
    {"im_option", "other_contingency", "im_option_percent"},
};

constexpr Given first_parameters[] = {
    {"rate_mult", "margin", "rate_mult_scale"},          {"rate_add", "margin", "rate_add_scale"},
    {"base_discount", "margin", "base_static_discount"}, {"perp_rate", "other_contingency", "perp_percent"},
    {"base_rate", "other_contingency", "base_percent"},  {"option_rate", "other_contingency", "option_percent"},
};

Result<NodeMaker::Keyed> parameters_of(const Cursor& params, bool second) {
  NodeMaker::Keyed parameters;
  TRY_VOID(add_parameters(params, shared_parameters, parameters));
  const std::span<const Given> own = second ? std::span<const Given>(second_parameters) : first_parameters;
  TRY_VOID(add_parameters(params, own, parameters));
  return parameters;
}

struct Scenarios {
  std::vector<ScenarioPlace> places;  ///< by scenario of the vector
  std::vector<Node> scan, skew;
};

/// A spot multiplier as a move.
Result<Node> move_at(const Cursor& map, std::string_view key) {
  const Decimal multiplier = TRY(decimal_at(map, key, {Decimal{1, 12}, {100, 0}}));
  return NodeMaker(map).number(difference_of(multiplier, {1, 0}));
}

/// "Up", "None", "Down" as a relative move. A raise of nothing is still a raise: its vols are not below the floor.
Result<std::string> vol_move(const Cursor& scenario, const Cursor& vol_shock) {
  const Cursor mode = TRY(scenario.get("vol_shock"));
  const std::string_view text = TRY(mode.text());
  const Bounds range{{0, 0}, {100, 0}};
  if (text == "None") return "0";
  if (text == "Up") {
    const Decimal up = TRY(decimal_at(vol_shock, "vol_range_up", range));
    return up.is_zero() ? "1e-18" : up.to_string();
  }
  if (text == "Down") return (-Number::from_decimal(TRY(decimal_at(vol_shock, "vol_range_down", range)))).to_string();
  return fail(mode.error("'" + std::string(text) + "' is no move of vol", "use Up, None, Down, Linear or Abs"));
}

Result<Node> skew_of(const Cursor& scenario, const Cursor& params, bool linear, const std::string& weight) {
  const Decimal multiplier = TRY(decimal_at(scenario, "spot_shock", {Decimal{1, 12}, {100, 0}}));
  if (multiplier != Decimal{1, 0}) return fail(scenario.error("a skew moves the spot", "use a spot_shock of 1"));
  const Cursor skew = TRY(params.get("skew_shock"));
  const NodeMaker make(scenario);
  const Decimal cap = TRY(decimal_at(skew, linear ? "linear_base_cap" : "abs_base_cap", Bounds::factor()));
  const Decimal slope = TRY(decimal_at(skew, linear ? "linear_c_base" : "abs_c_base", Bounds::factor()));
  return make.map({{"shape", make.text(linear ? "linear" : "absolute")},
                   {"cap", make.text(cap.to_string())},
                   {"cap_per_root_year", make.text(slope.to_string())},
                   {"weight", make.text(weight)}});
}

/// A weight, which has 12 decimals.
Result<Decimal> weight_of(const Cursor& scenario) {
  if (!scenario.find("dampening")) return Decimal{1, 0};
  const Decimal dampening = TRY(decimal_at(scenario, "dampening", {{0, 0}, {10, 0}}));
  return Decimal{TRY(dampening.scaled(Ratio::decimals, Round::half_even)), Ratio::decimals};
}

Result<Scenarios> scenarios_of(const Cursor& vector, const Cursor& params) {
  Scenarios scenarios;
  const Cursor vol_shock = TRY(params.get("vol_shock"));
  for (const Cursor& scenario : TRY(list_at(vector, "scenarios"))) {
    const NodeMaker make(scenario);
    const Cursor mode = TRY(scenario.get("vol_shock"));
    const std::string_view text = TRY(mode.text());
    const Decimal counted = TRY(weight_of(scenario));
    const std::string weight = counted.to_string();
    ScenarioPlace place{.in_skew = text == "Linear" || text == "Abs", .weight = counted.to_double()};
    std::vector<Node>& set = place.in_skew ? scenarios.skew : scenarios.scan;
    place.index = set.size();
    if (place.in_skew) {
      set.push_back(TRY(skew_of(scenario, params, text == "Linear", weight)));
    } else {
      const std::string vol = TRY(vol_move(scenario, vol_shock));
      Node spot = TRY(move_at(scenario, "spot_shock"));
      set.push_back(make.map({{"spot", std::move(spot)}, {"vol", make.text(vol)}, {"weight", make.text(weight)}}));
    }
    scenarios.places.push_back(place);
  }
  return scenarios;
}

/// Sets need a scenario: one that counts for nothing.
void fill_sets(const NodeMaker& make, Scenarios& scenarios) {
  if (scenarios.scan.empty())
    scenarios.scan.push_back(make.map({{"spot", make.text("0")}, {"weight", make.text("0")}}));
  if (scenarios.skew.empty()) {
    scenarios.skew.push_back(
        make.map({{"shape", make.text("linear")}, {"cap", make.text("0")}, {"weight", make.text("0")}}));
  }
}

Result<Node> vol_term_of(const Cursor& vol_shock) {
  const NodeMaker make(vol_shock);
  const Decimal floor = TRY(decimal_at(vol_shock, "dte_floor_seconds", {{1, 0}, {1'000'000'000, 0}}));
  const Decimal short_term = TRY(decimal_at(vol_shock, "short_term_power", Bounds::factor()));
  const Decimal long_term = TRY(decimal_at(vol_shock, "long_term_power", Bounds::factor()));
  Number days;
  CHECK(Number::divide(Number::from_decimal(floor), Number(seconds_per_day), days));
  return make.map({{"reference_days", make.text("30")},
                   {"power_short", make.text(short_term.to_string())},
                   {"power_long", make.text(long_term.to_string())},
                   {"floor_days", make.number(days)}});
}

Result<Node> scan_of(const Cursor& params, Scenarios& scenarios) {
  const Cursor vol_shock = TRY(params.get("vol_shock"));
  const NodeMaker make(vol_shock);
  NodeMaker::Keyed set{{"vol_term", TRY(vol_term_of(vol_shock))}, {"extra", make.list(std::move(scenarios.scan))}};
  if (vol_shock.find("min_vol_up_shock")) {
    const Decimal floor = TRY(decimal_at(vol_shock, "min_vol_up_shock", {{0, 0}, {100, 0}}));
    set.emplace_back("vol_floor", make.text(floor.to_string()));
  }
  return make.map(std::move(set));
}

/// A width of nothing divides by nothing: the least that a recipe may have is far below any that counts.
Result<Node> skew_set_of(const Cursor& params, Scenarios& scenarios) {
  const Cursor skew = TRY(params.get("skew_shock"));
  const NodeMaker make(skew);
  const Decimal least = std::max(TRY(decimal_at(skew, "min_k_star", {{0, 0}, {100, 0}})), Decimal{1, 6});
  NodeMaker::Keyed set{{"scenarios", make.list(std::move(scenarios.skew))},
                       {"min_width", make.text(least.to_string())}};
  for (const auto& [key, given] :
       {std::pair("width_scale", "width_scale"), std::pair("width_static", "vol_param_static"),
        std::pair("width_per_root_year", "vol_param_scale")}) {
    set.emplace_back(key, make.text(TRY(decimal_at(skew, given, Bounds::factor())).to_string()));
  }
  return make.map(std::move(set));
}

Result<Node> sets_of(const Cursor& params, Scenarios& scenarios, bool second) {
  const NodeMaker make(params);
  fill_sets(make, scenarios);
  const Cursor basis = TRY(params.get("basis_contingency"));
  const Node up = TRY(move_at(basis, "scenario_spot_up")), down = TRY(move_at(basis, "scenario_spot_down"));
  NodeMaker::Keyed sets{{"scan", TRY(scan_of(params, scenarios))},
                        {"basis", make.map({{"spot", make.list({up, down})}})},
                        {"flat", make.map({{"spot", make.list({up, down, make.text("0")})}})}};
  if (second) sets.emplace_back("skew", TRY(skew_set_of(params, scenarios)));
  return make.map(std::move(sets));
}

/// The market's expiries of the one underlying.
Result<void> add_expiries(const Cursor& market, UnderlyingId underlying, VectorAccount& account) {
  const Bounds part{{0, 0}, Bounds::price().high};
  for (const Cursor& at : TRY(list_at(market, "expiries"))) {
    const Decimal variable = TRY(decimal_at(at, "forward_variable", part));
    const Decimal fixed = TRY(decimal_at(at, "forward_fixed", part));
    ExpiryState state;
    state.forward = sum_of(variable, fixed).to_double();
    if (state.forward < Bounds::price().low.to_double())
      return fail(at.error("the forward is 0", "correct forward_variable or forward_fixed"));
    state.fixed = std::min(fixed.to_double(), state.forward);
    state.rate = std::max(0.0, TRY(decimal_at(at, "rate", {{-100, 0}, {100, 0}})).to_double());
    state.confidence = TRY(least_share(at, {"forward_confidence", "rate_confidence", "vol_confidence"}));
    TRY_VOID(add_expiry(at, underlying, state, account));
  }
  return {};
}

/// Names of collaterals, with what the recipe takes off each.
struct Haircuts {
  NodeMaker::Keyed mm, im;
};

/// Collaterals; what cancels risk moves with the coin.
Result<void> add_collaterals(const Cursor& portfolio, const Cursor& market, AssetId coin, VectorAccount& account,
                             Haircuts& haircuts) {
  const double stable = TRY(price_at(market, "stable_price")), trust = TRY(share_at(market, "spot_confidence"));
  for (const Cursor& at : TRY(list_at(portfolio, "collaterals"))) {
    const NodeMaker make(at);
    const std::string name = "C" + std::to_string(haircuts.mm.size() + 1);
    const Decimal amount = TRY(decimal_at(at, "amount", Bounds::size()));
    const double usd = TRY(price_at(at, "price")) / stable;
    const Cursor cancels = TRY(at.get("risk_cancelling"));
    const auto follows = TRY(cancels.boolean()) ? std::optional(coin) : std::nullopt;
    const double confidence = std::min(trust, TRY(share_at(at, "confidence")));
    const auto added = account.add_asset(name, amount, usd, confidence, follows);
    if (!added) return fail(at.located(added.error()));
    for (const auto& [key, of] : {std::pair("mm_haircut", &haircuts.mm), std::pair("im_haircut", &haircuts.im)})
      of->emplace_back(name, make.text(TRY(decimal_at(at, key, Bounds::factor())).to_string()));
  }
  return {};
}

Result<Size> portfolio_size(const Cursor& market, const Cursor& portfolio) {
  Size size{.gross = TRY(magnitude_at(portfolio, "cash", Bounds::money())), .most = 1};
  const double stable = TRY(price_at(market, "stable_price"));
  TRY_VOID(add_size(market, portfolio, size));
  if (portfolio.find("collaterals")) {
    for (const Cursor& at : TRY(list_at(portfolio, "collaterals")))
      size.gross += TRY(magnitude_at(at, "amount", Bounds::size())) * TRY(price_at(at, "price")) / stable;
  }
  size.gross = std::max(1.0, size.gross);
  size.most += largest_move * size.gross / std::min(1.0, stable);
  return size;
}

}  // namespace

Result<PreparedPortfolio> prepare_portfolio(const Cursor& vector, bool second) {
  const Cursor market = TRY(vector.get("market")), portfolio = TRY(vector.get("portfolio"));
  const Cursor params = TRY(vector.get("params")), perp = TRY(portfolio.get("perp"));
  const Size size = TRY(portfolio_size(market, portfolio));
  VectorAccount account(TRY(dollars_of(portfolio)), size.most);
  const double stable = TRY(price_at(market, "stable_price")), spot = TRY(price_at(market, "spot"));
  account.set_peg(stable);
  const Decimal base = second ? Decimal{} : TRY(decimal_at(portfolio, "base_amount", Bounds::size()));
  const AssetId coin = TRY(add_coin(market, coin_name, base, stable, account));
  const double trust = TRY(share_at(market, "spot_confidence"));
  const auto underlying = account.add_underlying(coin_name, coin, spot, trust);
  if (!underlying) return fail(market.located(underlying.error()));
  TRY_VOID(add_perpetual(market, perp, *underlying, account));
  TRY_VOID(add_expiries(market, *underlying, account));
  TRY_VOID(add_options(portfolio, *underlying, account));
  Haircuts haircuts;
  if (second) TRY_VOID(add_collaterals(portfolio, market, coin, account, haircuts));

  Scenarios scenarios = TRY(scenarios_of(vector, params));
  const NodeMaker make(params);
  NodeMaker::Keyed parameters = TRY(parameters_of(params, second));
  if (!haircuts.mm.empty()) {
    parameters.emplace_back("mm_haircut", make.map({{"by", make.map(std::move(haircuts.mm))}}));
    parameters.emplace_back("im_haircut", make.map({{"by", make.map(std::move(haircuts.im))}}));
  }
  const std::vector<ScenarioPlace> places = scenarios.places;
  Node sets = TRY(sets_of(params, scenarios, second));
  LoadedRecipe recipe =
      TRY(recipe_of_vector(vector, second ? "derive-pm2" : "derive-pm1",
                           {{"parameters", make.map(std::move(parameters))}, {"scenarios", std::move(sets)}}));
  return PreparedPortfolio{{std::move(account), std::move(recipe), size.gross}, places};
}

}  // namespace margrave
