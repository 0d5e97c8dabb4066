#include "pricing/greeks.h"

#include <cmath>

#include "base/check.h"
#include "math/elementary.h"
#include "pricing/kernel_table.h"

namespace margrave {
namespace {

void greeks(Isa isa, const Black76Batch& in, double rate, const GreekArrays& out, bool is_call) {
  const std::size_t n = in.strikes.size();
  CHECK(in.vols.size() == n && in.forward > 0 && in.expiry >= 0);
  for (const auto& array :
       {out.price, out.delta, out.gamma, out.vega, out.theta, out.rho, out.vanna, out.volga, out.charm}) {
    CHECK(array.size() == n);
  }
  pricing_kernels(isa).greeks({.forward = in.forward,
                               .expiry = in.expiry,
                               .root_expiry = std::sqrt(in.expiry),
                               .rate = rate,
                               .discount = stable_exp(-rate * in.expiry),
                               .strikes = in.strikes.data(),
                               .vols = in.vols.data(),
                               .price = out.price.data(),
                               .delta = out.delta.data(),
                               .gamma = out.gamma.data(),
                               .vega = out.vega.data(),
                               .theta = out.theta.data(),
                               .rho = out.rho.data(),
                               .vanna = out.vanna.data(),
                               .volga = out.volga.data(),
                               .charm = out.charm.data(),
                               .n = n,
                               .is_call = is_call});
}

}  // namespace

void black76_call_greeks(Isa isa, const Black76Batch& in, double rate, const GreekArrays& out) {
  greeks(isa, in, rate, out, true);
}
void black76_put_greeks(Isa isa, const Black76Batch& in, double rate, const GreekArrays& out) {
  greeks(isa, in, rate, out, false);
}

Greeks black76_greeks(const Black76Option& option, double rate) {
  Greeks g{};
  const Isa isa = supported_isas().size() > 1 ? Isa::scalar : Isa::portable;
  const auto one = [](double& x) { return std::span<double>(&x, 1); };
  greeks(isa,
         {.forward = option.forward, .expiry = option.expiry, .strikes = {&option.strike, 1}, .vols = {&option.vol, 1}},
         rate,
         {.price = one(g.price),
          .delta = one(g.delta),
          .gamma = one(g.gamma),
          .vega = one(g.vega),
          .theta = one(g.theta),
          .rho = one(g.rho),
          .vanna = one(g.vanna),
          .volga = one(g.volga),
          .charm = one(g.charm)},
         option.is_call);
  return g;
}

InverseGreeks inverse_greeks(const Greeks& linear, double forward) {
  CHECK(forward > 0);
  const double price = linear.price / forward;
  const double delta = (linear.delta - price) / forward;
  return {.price = price,
          .delta = delta,
          .gamma = (linear.gamma - 2 * delta) / forward,
          .vega = linear.vega / forward,
          .theta = linear.theta / forward,
          .rho = linear.rho / forward,
          .vanna = (linear.vanna - linear.vega / forward) / forward,
          .volga = linear.volga / forward,
          .charm = (linear.charm - linear.theta / forward) / forward,
          .net_delta = linear.delta - price};
}

}  // namespace margrave
