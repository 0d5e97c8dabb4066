#include "dialect/function_vectors.h"

#include <algorithm>
#include <array>

#include "dialect/function_vector.h"
#include "document/word.h"

namespace margrave {
namespace {

namespace bounds = vector_bounds;
using Vector = FunctionVector;

Number millionths(const Number& whole) {
  Number share;
  CHECK(Number::multiply(whole, Number::from_units(1, 6), share));  // bounded: a whole number below 10^20
  return share;
}

// dYdX v4: everything in whole millionths of a dollar or of one.

/// Checks a component, in millionths, against a whole number.
Result<void> check_millionths(Vector& vector, const char* key, const char* component, Tally& tally) {
  const Cursor expected = TRY(vector.cursor().get("expected"));
  const Cursor at = TRY(expected.get(key));
  const Decimal wanted = TRY(at.decimal(Cursor::BareNumber::allowed));
  const Number value = TRY(vector.value(component));
  tally.check(key, Number::from_decimal(wanted), TRY(times_power(at, value, 6)), Number{});
  return {};
}

Result<void> set_ramp(Vector& vector, const Cursor& input) {
  vector.set("base_imf", millionths(TRY(Vector::whole(input, "base_imf_ppm", bounds::ppm))));
  if (input.find("oi_lower_cap")) {
    vector.set("oi_lower", millionths(TRY(Vector::whole(input, "oi_lower_cap", bounds::count))));
    vector.set("oi_upper", millionths(TRY(Vector::whole(input, "oi_upper_cap", bounds::count))));
  }
  return {};
}

Result<Number> scaled(const Cursor& input, const char* key, const char* exponent, const Bounds& limits) {
  const Number value = TRY(Vector::whole(input, key, limits));
  const Cursor at = TRY(input.get(exponent));
  const std::int64_t power = TRY(at.integer(-18, 18));
  return times_power(at, value, static_cast<int>(power));
}

Result<bool> check_ramped_perpetual(const Cursor& /*root*/, const Cursor& at, Tally& tally) {
  Vector vector(at, "dydx-v4");
  const Cursor input = TRY(at.get("input"));
  const Cursor named = TRY(input.get("kind"));
  const std::string_view kind = TRY(named.text());
  if (kind == "initial_margin_from_notional") {
    TRY_VOID(set_ramp(vector, input));
    vector.bind("position_notional", millionths(TRY(Vector::whole(input, "notional_quote_quantums", bounds::count))));
    vector.bind("open_notional", millionths(TRY(Vector::whole(input, "open_interest_notional", bounds::count))));
    TRY_VOID(check_millionths(vector, "initial_margin", "perpetuals_im", tally));
  } else if (kind == "effective_imf_ppm") {
    TRY_VOID(set_ramp(vector, input));
    vector.bind("open_notional", millionths(TRY(Vector::whole(input, "open_interest_notional", bounds::count))));
    TRY_VOID(check_millionths(vector, "imf_ppm", "effective_imf", tally));
  } else if (kind == "maintenance_margin_ppm") {
    TRY_VOID(set_ramp(vector, input));
    vector.set("maintenance_fraction", millionths(TRY(Vector::whole(input, "maintenance_fraction_ppm", bounds::ppm))));
    TRY_VOID(check_millionths(vector, "mmf_ppm", "maintenance_rate", tally));
  } else if (kind == "margin_requirements") {
    TRY_VOID(set_ramp(vector, input));
    vector.set("maintenance_fraction", millionths(TRY(Vector::whole(input, "maintenance_fraction_ppm", bounds::ppm))));
    vector.bind("oracle_price", TRY(scaled(input, "price", "price_exponent", bounds::count)));
    vector.bind("size", TRY(scaled(input, "base_quantums", "atomic_resolution", bounds::whole)));
    vector.bind("open_interest", TRY(scaled(input, "open_interest_base_quantums", "atomic_resolution", bounds::count)));
    TRY_VOID(check_millionths(vector, "initial_margin", "perpetuals_im", tally));
    TRY_VOID(check_millionths(vector, "maintenance_margin", "perpetuals_mm", tally));
  } else if (kind == "funding_settlement_ppm") {
    vector.set("funding_index", TRY(Vector::whole(input, "funding_index", bounds::whole)));
    vector.set("funding_entry", TRY(Vector::whole(input, "entry_index", bounds::whole)));
    vector.bind("size", millionths(TRY(Vector::whole(input, "base_quantums", bounds::whole))));
    TRY_VOID(check_millionths(vector, "settlement_ppm", "funding_settlement", tally));
  } else {
    return false;
  }
  return true;
}

// Drift v2: weights in whole ten-thousandths.

Result<bool> check_size_scaled_weight(const Cursor& /*root*/, const Cursor& at, Tally& tally) {
  Vector vector(at, "drift-v2");
  const Cursor input = TRY(at.get("input"));
  const Cursor named = TRY(input.get("fn"));
  const std::string_view function = TRY(named.text());
  const Number factor = TRY(Vector::whole(input, "imf_factor_1e6", bounds::count));
  vector.set("imf_factor", millionths(factor));
  const auto weight = [&](const char* key) -> Result<Number> {
    const Number whole = TRY(Vector::whole(input, key, bounds::ppm));
    return times_power(input, whole, -4);
  };
  const char* component = nullptr;
  if (function == "fill_asset_weight") {
    vector.set("asset_initial", TRY(weight("initial_1e4")));
    vector.set("asset_maintenance", TRY(weight("maintenance_1e4")));
    component = "fill_asset_weight";
  } else {
    const Number base = TRY(weight("base_weight_1e4"));
    for (const char* parameter : {"asset_initial", "asset_maintenance", "liability_initial", "liability_maintenance"})
      vector.set(parameter, base);
    if (function == "initial_asset_weight") component = "initial_asset_weight";
    if (function == "maintenance_asset_weight") component = "maintenance_asset_weight";
    if (function == "liability_weight") component = "initial_liability_weight";
  }
  if (component == nullptr) return false;
  // Without a factor the size does not matter, and a vector may leave it out.
  const bool sized = input.find("tokens").has_value() || !factor.is_zero();
  vector.bind("size", sized ? TRY(Vector::number(input, "tokens", bounds::amount)) : Number{});
  const Number expected = TRY(Vector::whole(at, "expected", bounds::count));
  const Number computed = TRY(vector.value(component));
  tally.check(function, expected, TRY(times_power(at, computed, 4)), Number{});
  return true;
}

// Opyn Gamma

Result<bool> check_naked_option(const Cursor& /*root*/, const Cursor& at, Tally& tally) {
  Vector vector(at, "opyn-naked");
  const Cursor put = TRY(at.get("is_put"));
  const bool is_put = TRY(put.boolean());
  vector.bind("is_call", Number(is_put ? 0 : 1));
  vector.bind("size", -TRY(Vector::number(at, "amount", bounds::positive)));
  vector.bind("strike", TRY(Vector::number(at, "strike", bounds::positive)));
  vector.bind("index", TRY(Vector::number(at, "underlying_price", bounds::positive)));
  vector.bind("seconds", TRY(Vector::number(at, "seconds_to_expiry", bounds::amount)));
  vector.set("spot_shock", TRY(Vector::number(at, "spot_shock", bounds::rate)));
  std::vector<std::pair<Number, Number>> rows;
  for (const Cursor& row : TRY(list_at(at, "upper_bound_table"))) {
    const std::vector<Cursor> cells = TRY(row.list());
    if (cells.size() != 2) return fail(row.error("a row has two numbers", "write [seconds, fraction]"));
    const Decimal x = TRY(cells[0].decimal(Cursor::BareNumber::allowed)),
                  y = TRY(cells[1].decimal(Cursor::BareNumber::allowed));
    rows.emplace_back(Number::from_decimal(x), Number::from_decimal(y));
  }
  vector.set_rows("upper_bound", rows);
  const Cursor wanted = TRY(at.get("expected"));
  const Number expected = TRY(Vector::number(wanted, "margin", bounds::amount));
  const Number computed = TRY(vector.value(is_put ? "put_margin" : "call_margin"));
  // One unit of the collateral, or what the double that was written down leaves open.
  const Number written = TRY(product_at(at, expected.abs(), Number::from_units(2, 16)));
  const Number unit = Number::from_units(1, is_put ? 6 : 18);
  tally.check("margin", expected, computed, std::max(unit, written));
  return true;
}

// Deribit, Bit.com

Result<bool> check_sloped_perpetual(const Cursor& root, const Cursor& at, Tally& tally) {
  constexpr std::array<std::pair<std::string_view, bool>, 2> levels{{{"IM", true}, {"MM", false}}};
  Vector vector(at, "deribit-sm");
  const Cursor requirement = TRY(at.get("requirement"));
  const bool initial = TRY(read_word(requirement, levels));
  vector.bind("size", TRY(Vector::number(at, "position_coins", bounds::signed_amount)));
  vector.bind("index", TRY(Vector::number(at, "index_price", bounds::positive)));
  vector.set(initial ? "im_rate" : "mm_rate", TRY(Vector::number(at, "base_rate", bounds::rate)));
  vector.set("rate_per_coin", TRY(Vector::number(at, "rate_per_coin", bounds::rate)));
  const Cursor expected = TRY(at.get("expected"));
  tally.check("margin_usdc", TRY(Vector::number(expected, "margin_usdc", bounds::amount)),
              TRY(vector.value(initial ? "forwards_im" : "forwards_mm")), TRY(tolerance_at(root, at, "abs")));
  return true;
}

Result<bool> check_short_option(const Cursor& /*root*/, const Cursor& at, Tally& tally) {
  Vector vector(at, "bitcom-sm");
  const Cursor named = TRY(at.get("instrument"));
  const std::string_view name = TRY(named.text());
  if (!name.ends_with("-P") && !name.ends_with("-C"))
    return fail(named.error("'" + std::string(name) + "' is no option", "end it with -P or -C"));
  vector.bind("is_call", Number(name.ends_with("-C") ? 1 : 0));
  const Number size = TRY(Vector::number(at, "position", bounds::signed_amount));
  if (size.sign() >= 0) {
    const Cursor position = TRY(at.get("position"));
    return fail(position.error("the position is not short", "only short options have a margin"));
  }
  vector.bind("size", size);
  vector.bind("forward", TRY(Vector::number(at, "underlying", bounds::positive)));
  vector.bind("strike", TRY(Vector::number(at, "strike", bounds::positive)));
  vector.bind("mark", TRY(Vector::number(at, "mark", bounds::amount)));
  const Cursor params = TRY(at.get("params"));
  vector.set("short_max", TRY(Vector::number(params, "a", bounds::rate)));
  vector.set("short_min", TRY(Vector::number(params, "b", bounds::rate)));
  vector.set("short_mm", TRY(Vector::number(params, "c", bounds::rate)));
  const Cursor expected = TRY(at.get("expected")), tolerance = TRY(at.get("tolerance_abs"));
  const Number per_coin = TRY(Vector::number(tolerance, "per_coin", bounds::amount)),
               position = TRY(Vector::number(tolerance, "position", bounds::amount));
  const auto check = [&](const char* key, const char* component, const Number& allowed) -> Result<void> {
    tally.check(key, TRY(Vector::number(expected, key, bounds::amount)), TRY(vector.value(component)), allowed);
    return {};
  };
  TRY_VOID(check("initial_margin_per_coin", "short_im_per_coin", per_coin));
  TRY_VOID(check("maintenance_margin_per_coin", "short_mm_per_coin", per_coin));
  TRY_VOID(check("initial_margin", "shorts_im", position));
  TRY_VOID(check("maintenance_margin", "shorts_mm", position));
  return true;
}

// Liquidation prices

/// The size with the sign of its side.
Result<Number> sided(const Cursor& at) {
  constexpr std::array<std::pair<std::string_view, bool>, 2> sides{{{"long", true}, {"short", false}}};
  const Cursor side = TRY(at.get("side"));
  const bool is_long = TRY(read_word(side, sides));
  const Number size = TRY(Vector::number(at, "size", bounds::positive));
  return is_long ? size : -size;
}

Result<bool> check_bracket_liquidation(const Cursor& root, const Cursor& at, Tally& tally) {
  Vector vector(at, "binance-tiers");
  const Cursor named = TRY(at.get("kind"));
  const std::string_view kind = TRY(named.text());
  if (kind != "liquidation_price_linear") return false;
  vector.bind("size", TRY(sided(at)));
  vector.bind("mark", TRY(Vector::number(at, "entry_price", bounds::positive)));
  const Number wallet = TRY(Vector::number(at, "wallet_balance", bounds::signed_amount));
  const Number others = TRY(Vector::number(at, "other_positions_unrealized_pnl", bounds::signed_amount));
  vector.bind("equity", TRY(sum_at(at, wallet, others)));
  vector.bind("rest_of_maintenance", TRY(Vector::number(at, "other_positions_maintenance_margin", bounds::amount)));
  vector.bind("bracket_amount", TRY(Vector::number(at, "maintenance_amount", bounds::amount)));
  vector.bind("bracket_rate", TRY(Vector::number(at, "maintenance_rate", {{0, 0}, {9, 1}})));
  const Cursor expected = TRY(at.get("expected"));
  tally.check("liquidation_price", TRY(Vector::number(expected, "liquidation_price", bounds::amount)),
              TRY(vector.value("liquidation_price")), TRY(tolerance_at(root, at, "abs")));
  return true;
}

Result<bool> check_tier_liquidation(const Cursor& root, const Cursor& at, Tally& tally) {
  Vector vector(at, "hyperliquid-tiers");
  vector.bind("size", TRY(sided(at)));
  vector.bind("mark", TRY(Vector::number(at, "entry_price", bounds::positive)));
  vector.bind("equity", TRY(Vector::number(at, "collateral", bounds::signed_amount)));
  vector.bind("rest_of_maintenance", Number{});
  vector.bind("tier_deduction", Number{});
  vector.bind("tier_rate", TRY(Vector::number(at, "maintenance_rate", {{0, 0}, {9, 1}})));
  const Cursor wanted = TRY(at.get("expected"));
  const Number expected = TRY(Vector::number(wanted, "liquidation_price", bounds::amount));
  const Number relative = TRY(tolerance_at(root, at, "rel"));
  const Number allowed = TRY(product_at(at, expected, relative));
  tally.check("liquidation_price", expected, TRY(vector.value("liquidation_price")), allowed);
  return true;
}

// All

using Check = Result<bool> (*)(const Cursor& root, const Cursor& vector, Tally& tally);

constexpr std::array<std::pair<std::string_view, Check>, 8> checks{{
    {"dYdX v4 perpetual margin", check_ramped_perpetual},
    {"Drift v2 size-scaled weights", check_size_scaled_weight},
    {"Opyn Gamma naked margin", check_naked_option},
    {"Deribit standard margin, linear perpetual", check_sloped_perpetual},
    {"Deribit-style option standard margin", check_short_option},
    {"Binance USD-M tiered maintenance", check_bracket_liquidation},
    {"Hyperliquid liquidation price", check_tier_liquidation},
    {"Mango v4 health", check_health},
}};
constexpr std::string_view risk_arrays = "CME SPAN risk arrays", portfolio_future = "Dederi portfolio margin";

Check find_check(std::string_view model) {
  for (const auto& [begin, check] : checks) {
    if (model.starts_with(begin)) return check;
  }
  return nullptr;
}

}  // namespace

bool is_function_vectors(std::string_view model) {
  return model.starts_with(risk_arrays) || model.starts_with(portfolio_future) || find_check(model) != nullptr;
}

Result<void> check_function_vectors(const Cursor& root, std::string_view model, const std::vector<Cursor>& vectors,
                                    Isa isa, Tally& tally) {
  const Check check = find_check(model);
  for (const Cursor& vector : vectors) {
    const Cursor id = TRY(vector.get("id"));
    tally.begin(std::string(TRY(id.text())));
    const bool known = TRY(check != nullptr                 ? check(root, vector, tally)
                           : model.starts_with(risk_arrays) ? check_risk_arrays(root, vector, isa, tally)
                                                            : check_portfolio_future(vector, isa, tally));
    known ? tally.end() : tally.skip();
  }
  return {};
}

}  // namespace margrave
