#include "math/elementary.h"

#include "base/check.h"
#include "math/kernel_table.h"

namespace margrave {
namespace {

const MathKernels& kernels(Isa isa) {
  CHECK(static_cast<std::size_t>(isa) < supported_isas().size());
  switch (isa) {
    case Isa::portable:
      return math_kernels_portable;
    case Isa::scalar:
      return math_kernels_scalar;
    case Isa::avx2:
      return math_kernels_avx2;
    case Isa::avx512:
      return math_kernels_avx512;
  }
  return math_kernels_portable;
}

/// One lane: wider registers would only warm up for nothing.
const MathKernels& one_lane() {
  return __builtin_cpu_supports("fma") && __builtin_cpu_supports("avx") ? math_kernels_scalar : math_kernels_portable;
}

double once(MathKernels::Unary function, double x) {
  function(&x, &x, 1);
  return x;
}

double once(MathKernels::Binary function, double x, double y) {
  function(&x, &y, &x, 1);
  return x;
}

void batch(MathKernels::Unary function, std::span<const double> in, std::span<double> out) {
  CHECK(in.size() == out.size());
  function(in.data(), out.data(), in.size());
}

void batch(MathKernels::Binary function, std::span<const double> a, std::span<const double> b, std::span<double> out) {
  CHECK(a.size() == out.size() && b.size() == out.size());
  function(a.data(), b.data(), out.data(), a.size());
}

}  // namespace

double stable_exp(double x) { return once(one_lane().exp, x); }
double stable_log(double x) { return once(one_lane().log, x); }
double stable_pow(double x, double y) { return once(one_lane().pow, x, y); }
double stable_log_ratio(double a, double b) { return once(one_lane().log_ratio, a, b); }
double normal_cdf(double z) { return once(one_lane().cdf, z); }
double normal_density(double z) { return once(one_lane().density, z); }
double normal_quantile(double p) { return once(one_lane().quantile, p); }

void stable_exp(Isa isa, std::span<const double> in, std::span<double> out) { batch(kernels(isa).exp, in, out); }
void stable_log(Isa isa, std::span<const double> in, std::span<double> out) { batch(kernels(isa).log, in, out); }
void stable_pow(Isa isa, std::span<const double> x, std::span<const double> y, std::span<double> out) {
  batch(kernels(isa).pow, x, y, out);
}
void stable_log_ratio(Isa isa, std::span<const double> a, std::span<const double> b, std::span<double> out) {
  batch(kernels(isa).log_ratio, a, b, out);
}
void normal_cdf(Isa isa, std::span<const double> in, std::span<double> out) { batch(kernels(isa).cdf, in, out); }
void normal_density(Isa isa, std::span<const double> in, std::span<double> out) {
  batch(kernels(isa).density, in, out);
}
void normal_quantile(Isa isa, std::span<const double> in, std::span<double> out) {
  batch(kernels(isa).quantile, in, out);
}

}  // namespace margrave
