#pragma once

#include "math/elementary_kernel.h"
#include "pricing/black76_kernel.h"
#include "pricing/kernel_table.h"

/// Greeks of a discounted option on a forward; only kernel_*.cpp files include it. docs/methods/black76.md
namespace margrave {
namespace {

template <class Access>
[[gnu::always_inline]] inline void greeks_step(const GreekArguments& in, Access access, std::size_t i) {
  using L = typename Access::Lane;
  const L zero = L::all(0.0), forward = L::all(in.forward), discount = L::all(in.discount);
  const L strike = access.load(in.strikes + i), vol = access.load(in.vols + i);
  const L x = log_of_ratio(forward, strike);
  const L s = vol * L::all(in.root_expiry);
  const typename L::Mask has_vol = L::less(zero, s);
  const L h = L::min(L::max(x / (s + L::all(1e-300)), L::all(-45.0)), L::all(45.0));
  const L d1 = L::min(L::fma(s, L::all(0.5), h), L::all(45.0));
  const L d2 = d1 - s;
  const L price = discount * black76_price(forward, strike, Standardised<L>(negative(absolute(x)), s), in.is_call);
  const L delta = discount * (in.is_call ? normal_cdf_of(d1) : negative(normal_cdf_of(negative(d1))));
  // Without vol every derivative of the density is taken as 0, also at the kink.
  const L density_of_d1 = L::select(has_vol, discount * normal_density_of(d1), zero);
  const L root = L::all(in.root_expiry), rate = L::all(in.rate);
  const L safe_s = L::select(has_vol, s, L::all(1.0));
  const L safe_vol = L::select(has_vol, vol, L::all(1.0));
  const double half_per_year = in.expiry > 0 ? 0.5 / in.expiry : 0.0;
  const L vega = forward * density_of_d1 * root;
  access.store(in.price + i, price);
  access.store(in.delta + i, delta);
  access.store(in.gamma + i, density_of_d1 / (forward * safe_s));
  access.store(in.vega + i, vega);
  access.store(in.theta + i, L::fma(rate, price, negative(vega * vol * L::all(half_per_year))));
  access.store(in.rho + i, L::all(-in.expiry) * price);
  access.store(in.vanna + i, negative(density_of_d1 * d2) / safe_vol);
  access.store(in.volga + i, vega * (d1 * d2) / safe_vol);
  access.store(in.charm + i, L::fma(rate, delta, density_of_d1 * d2 * L::all(half_per_year)));
}

}  // namespace
}  // namespace margrave
