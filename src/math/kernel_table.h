#pragma once

#include <cstddef>

#include "base/isa.h"

namespace margrave {

/// The entry points of one instruction set. in[n] -> out[n]; out may be in itself.
struct MathKernels {
  using Unary = void (*)(const double* in, double* out, std::size_t n);
  using Binary = void (*)(const double* first, const double* second, double* out, std::size_t n);
  Unary exp, log, cdf, density, quantile;
  Binary pow, log_ratio;
};

extern const MathKernels math_kernels_portable, math_kernels_scalar, math_kernels_avx2, math_kernels_avx512;

}  // namespace margrave
