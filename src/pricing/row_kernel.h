#pragma once

#include "pricing/black76_kernel.h"
#include "pricing/kernel_table.h"

/// From smile and scenarios to the values of one option; only kernel_*.cpp files include it. docs/methods/black76.md
namespace margrave {
namespace {

/// Total vol s of the scenarios at k = ln(K/F_s), aged, scaled and floored.
template <class L, bool Flat>
[[gnu::always_inline]] inline L scenario_total_vol(const RowArguments& in, L k, L multiplier, L floor,
                                                   double root_expiry) {
  const L lowest = floor * L::all(root_expiry);
  if constexpr (Flat) {
    return L::max(L::all(in.flat_vol * root_expiry) * multiplier, lowest);
  } else {
    const L y = k - L::all(in.m);
    const L root = L::sqrt(L::fma(y, y, L::all(in.sigma * in.sigma)));
    const L variance = L::fma(L::all(in.b), L::fma(L::all(in.rho), y, root), L::all(in.a));
    return L::max(L::sqrt(L::max(variance, L::all(0.0))) * multiplier, lowest);
  }
}

template <bool Flat, class Access>
[[gnu::always_inline]] inline auto row_standardised(const RowArguments& in, double root_expiry, Access access,
                                                    std::size_t i) {
  using L = typename Access::Lane;
  const L k = L::all(in.log_moneyness) - access.load(in.log_forward + i);
  const L s = scenario_total_vol<L, Flat>(in, k, access.load(in.vol_multiplier + i), access.load(in.vol_floor + i),
                                          root_expiry);
  return Standardised<L>(negative(absolute(k)), s);
}

/// Entry of the row before rounding: base + dampening (value - base).
template <class L, class Access>
[[gnu::always_inline]] inline L row_entry(const RowArguments& in, Access access, std::size_t i,
                                          const Standardised<L>& option) {
  const L price = black76_price(access.load(in.forward + i), L::all(in.strike), option, in.is_call);
  const L base = L::all(in.base);
  return L::fma(access.load(in.dampening + i), L::fma(price, access.load(in.unit + i), negative(base)), base);
}

/// value * scale rounded to an integer, half to even. |value * scale| from 2^51 on is kept as it is: it is beyond any
/// int32, and the wide row rounds such values elsewhere.
template <class L>
[[gnu::always_inline]] inline L rounded(L value, double scale) {
  const L scaled = value * L::all(scale);
  const L magic = L::all(integer_magic);
  return (scaled + magic) - magic;
}

/// rounded() for any size: doubles from 2^52 on are integers already, below that 2^52 with the sign rounds.
template <class L>
[[gnu::always_inline]] inline L rounded_wide(L value, double scale) {
  const L scaled = value * L::all(scale);
  const L magic = with_sign(L::all(0x1p52), scaled);
  const L near = (scaled + magic) - magic;
  return L::select(L::less(absolute(scaled), L::all(0x1p52)), near, scaled);
}

/// Options without time left settle at intrinsic value whatever the smile says.
inline RowArguments aged(const RowArguments& in) {
  RowArguments row = in;
  const double share = in.expiry > 0 ? in.variance_scale : 0.0;
  row.a *= share;
  row.b *= share;
  return row;
}

}  // namespace
}  // namespace margrave
