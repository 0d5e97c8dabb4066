#include "haircut/haircut_parts.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

Result<void> check_rate(const char* name, double rate) {
  if (rate >= 0 && rate <= 1) return {};
  return fail({.kind = ErrorKind::config,
               .message = "a part of a haircut lies outside 0 to 1",
               .field = name,
               .remedy = "give it as a share of the value: 0.02 is 2 %"});
}

Result<void> check_given(const char* name, const GivenPart& part) {
  TRY_VOID(check_rate(name, part.rate));
  if (part.cap.valid()) return {};
  return fail({.kind = ErrorKind::config,
               .message = "the cap is none",
               .field = name,
               .remedy = "give a cap above 0, what is held of it, and a start of the ramp below 1"});
}

double given_marginal(const GivenPart& part, double x_usd) {
  return std::min(1.0, part.rate + part.cap.marginal(x_usd));
}

}  // namespace

double HaircutParts::base() const { return std::max({volatility, exit, drawdown}); }

double HaircutParts::all() const {
  return std::min(1.0, base() + wrong_way + concentration + depeg + custody + chain + bridge + issuer);
}

Result<void> HaircutInputs::check() const {
  TRY_VOID(exit.check());
  TRY_VOID(check_rate("volatility", volatility));
  TRY_VOID(check_rate("drawdown", drawdown));
  TRY_VOID(check_rate("wrong_way", wrong_way));
  TRY_VOID(check_rate("depeg", depeg));
  TRY_VOID(check_given("concentration", {.name = {}, .rate = 0, .source = {}, .date = {}, .cap = concentration}));
  TRY_VOID(check_given("custody", custody));
  TRY_VOID(check_given("chain", chain));
  TRY_VOID(check_given("bridge", bridge));
  TRY_VOID(check_given("issuer", issuer));
  if (!(sold_first_usd >= 0) || !std::isfinite(sold_first_usd))
    return fail({.message = "what linked accounts sell first is an amount of at least 0"});
  return {};
}

HaircutParts marginal_parts(const HaircutInputs& inputs, double x_usd) {
  HaircutParts parts;
  parts.volatility = inputs.volatility;
  parts.exit = inputs.exit.marginal(inputs.sold_first_usd + x_usd);
  parts.drawdown = inputs.drawdown;
  parts.wrong_way = inputs.wrong_way;
  parts.concentration = inputs.concentration.marginal(x_usd);
  parts.depeg = inputs.depeg;
  parts.custody = given_marginal(inputs.custody, x_usd);
  parts.chain = given_marginal(inputs.chain, x_usd);
  parts.bridge = given_marginal(inputs.bridge, x_usd);
  parts.issuer = given_marginal(inputs.issuer, x_usd);
  return parts;
}

}  // namespace margrave
