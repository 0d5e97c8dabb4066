#include <algorithm>
#include <array>
#include <cmath>

#include "dialect/derive_account.h"

namespace margrave {
namespace {

constexpr std::array<const char*, 16> standard_parameters{"perp_mm",           "perp_im",
                                                          "max_spot_req",      "min_spot_req",
                                                          "mm_call_spot_req",  "mm_put_spot_req",
                                                          "mm_put_mtm_req",    "unpaired_im_scale",
                                                          "unpaired_mm_scale", "mm_offset_scale",
                                                          "oc_perp_threshold", "oc_option_threshold",
                                                          "oc_base_threshold", "base_margin_factor",
                                                          "base_im_scale",     "oc_factor"};

/// Parameters that differ by market, and those of the whole account.
Result<Node> standard_parameters_of(const Cursor& whole, const std::vector<Cursor>& markets) {
  const NodeMaker make(whole);
  NodeMaker::Keyed parameters;
  for (const char* name : standard_parameters) {
    NodeMaker::Keyed by;
    for (const Cursor& market : markets) {
      const Cursor named = TRY(market.get("name")), params = TRY(market.get("params"));
      const Decimal value = TRY(decimal_at(params, name, not_negative));
      const std::string_view key = TRY(named.text());
      by.emplace_back(std::string(key), make.text(value.to_string()));
    }
    parameters.emplace_back(name, make.map({{"by", make.map(std::move(by))}}));
  }
  const Cursor depeg = TRY(whole.get("depeg"));
  for (const auto& [name, key] : {std::pair("depeg_threshold", "threshold"), std::pair("depeg_factor", "factor")}) {
    const Decimal value = TRY(decimal_at(depeg, key, not_negative));
    parameters.emplace_back(name, make.map({{"value", make.text(value.to_string())}}));
  }
  return make.map(std::move(parameters));
}

/// One market of the account.
Result<void> add_market(const Cursor& market, double stable, VectorAccount& account) {
  const Cursor named = TRY(market.get("name")), perp = TRY(market.get("perp"));
  const std::string name(TRY(named.text()));
  const Decimal base = TRY(decimal_at(market, "base_amount", Bounds::size()));
  const AssetId coin = TRY(add_coin(market, name, base, stable, account));
  const double spot = TRY(price_at(market, "spot")), trust = TRY(share_at(market, "spot_confidence"));
  const auto underlying = account.add_underlying(name, coin, spot, trust);
  if (!underlying) return fail(market.located(underlying.error()));
  TRY_VOID(add_perpetual(market, perp, *underlying, account));
  for (const Cursor& at : TRY(list_at(market, "expiries"))) {
    ExpiryState state;
    state.forward = TRY(price_at(at, "forward"));
    state.confidence = TRY(least_share(at, {"forward_confidence", "vol_confidence"}));
    TRY_VOID(add_expiry(at, *underlying, state, account));
  }
  return add_options(market, *underlying, account);
}

/// Cash and what all perpetuals have earned and not been paid.
Result<Number> standard_dollars(const Cursor& whole, const std::vector<Cursor>& markets) {
  Number dollars = Number::from_decimal(TRY(decimal_at(whole, "cash", Bounds::money())));
  for (const Cursor& market : markets) {
    const Cursor perp = TRY(market.get("perp"));
    const Decimal pnl = TRY(decimal_at(perp, "unrealized_pnl", Bounds::money()));
    if (!Number::add(dollars, Number::from_decimal(pnl), dollars))
      return fail(perp.error("it is too large", "split it"));
  }
  return dollars;
}

}  // namespace

Result<Prepared> prepare_standard(const Cursor& vector) {
  const Cursor whole = TRY(vector.get("market_and_portfolio"));
  const std::vector<Cursor> markets = TRY(list_at(whole, "markets"));
  const double stable = TRY(price_at(whole, "stable_price"));
  Size size{.gross = TRY(magnitude_at(whole, "cash", Bounds::money())), .most = 1};
  for (const Cursor& market : markets) TRY_VOID(add_size(market, market, size));
  size.gross = std::max(1.0, size.gross);
  size.most += size.gross / std::min(1.0, stable);
  VectorAccount account(TRY(standard_dollars(whole, markets)), size.most);
  account.set_peg(stable);
  for (const Cursor& market : markets) TRY_VOID(add_market(market, stable, account));
  Node parameters = TRY(standard_parameters_of(whole, markets));
  LoadedRecipe recipe = TRY(recipe_of_vector(vector, "derive-srm", {{"parameters", std::move(parameters)}}));
  return Prepared{std::move(account), std::move(recipe), size.gross};
}

Result<Quantities> standard_quantities(const Cursor& vector, const Prepared& prepared, const AssessedVector& assessed) {
  const Cursor expected = TRY(vector.get("expected"));
  Quantities all;
  TRY_VOID(add_levels(expected, assessed, prepared.gross, all));
  return all;
}

}  // namespace margrave
