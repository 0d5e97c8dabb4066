#pragma once

#include <cstddef>
#include <cstdint>

#include "base/isa.h"

namespace margrave {

/// Arguments of the kernels as plain pointers: a kernel file must not use std::span (math/lanes.h says why).
struct PriceArguments {
  double forward;
  double root_expiry;  ///< sqrt(T)
  const double* strikes;
  const double* log_moneyness;  ///< ln(K/F), or null: computed from forward and strike
  const double* vols;           ///< annualised, times root_expiry gives s
  double* out;
  std::size_t n;
  bool is_call;
};

struct GreekArguments {
  double forward, expiry, root_expiry, rate, discount;
  const double* strikes;
  const double* vols;
  double *price, *delta, *gamma, *vega, *theta, *rho, *vanna, *volga, *charm;
  std::size_t n;
  bool is_call;
};

struct ImpliedArguments {
  double forward;
  double inverse_root_expiry;  ///< 1/sqrt(T)
  const double* strikes;
  const double* prices;
  double* out;
  std::size_t n;
  bool is_call;
};

struct RowArguments {
  const double *log_forward, *forward, *vol_multiplier, *vol_floor, *unit, *dampening;
  std::size_t n;
  double strike, log_moneyness, expiry, variance_scale;
  double a, b, rho, m, sigma;  ///< the slice, or flat_vol when is_flat
  double flat_vol;
  bool is_flat, is_call;
  double base, scale;
};

/// The entry points of one instruction set.
struct PricingKernels {
  void (*price)(const PriceArguments&);
  void (*accurate)(const double* x, const double* s, double* out, std::size_t n);
  void (*greeks)(const GreekArguments&);
  void (*implied_vol)(const ImpliedArguments&);
  void (*row_values)(const RowArguments&, double* out);
  bool (*row_int32)(const RowArguments&, std::int32_t* out);
  bool (*row_rounded)(const RowArguments&, double* out);  ///< rounded, still double; true when all are below 2^63
};

extern const PricingKernels pricing_kernels_portable, pricing_kernels_scalar, pricing_kernels_avx2,
    pricing_kernels_avx512;

const PricingKernels& pricing_kernels(Isa isa);

}  // namespace margrave
