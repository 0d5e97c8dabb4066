#pragma once

#include <cstddef>

#include "base/isa.h"

namespace margrave {

/// Arguments of the kernels as plain pointers: a kernel file must not use std::span (math/lanes.h says why).
struct GarchArguments {
  const double* returns;
  std::size_t n;
  /// By set, `sets` of each.
  const double *mean, *omega, *alpha, *leverage, *beta, *first_variance;
  std::size_t sets;
  double* out;  ///< by set: sum of ln h + (r - mean)^2 / h, NaN where a variance leaves 1e-100 to 1e150
};

/// The entry points of one instruction set.
struct VolatilityKernels {
  void (*garch)(const GarchArguments&);
};

extern const VolatilityKernels volatility_kernels_portable, volatility_kernels_scalar, volatility_kernels_avx2,
    volatility_kernels_avx512;

/// Those of an instruction set that this machine has (CHECK).
const VolatilityKernels& volatility_kernels(Isa isa);

}  // namespace margrave
