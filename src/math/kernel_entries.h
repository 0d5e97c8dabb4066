#pragma once

#include "math/elementary_kernel.h"
#include "math/kernel_table.h"

/// Loops over arrays around the templates of elementary_kernel.h, for kernel_*.cpp.
namespace margrave {
namespace {

template <class Function>
[[gnu::always_inline]] inline void map(const double* in, double* out, std::size_t n, Function function) {
  for_lanes<Lanes>(
      n, [&](auto access, std::size_t i)
             __attribute__((always_inline)) { access.store(out + i, function(access.load(in + i))); });
}

template <class Function>
[[gnu::always_inline]] inline void map(const double* first, const double* second, double* out, std::size_t n,
                                       Function function) {
  for_lanes<Lanes>(
      n, [&](auto access, std::size_t i) __attribute__((always_inline)) {
        access.store(out + i, function(access.load(first + i), access.load(second + i)));
      });
}

void exp_entry(const double* in, double* out, std::size_t n) {
  map(in, out, n, [](Lanes x) { return exponential(x); });
}
void log_entry(const double* in, double* out, std::size_t n) {
  map(in, out, n, [](Lanes x) { return logarithm(x); });
}
void cdf_entry(const double* in, double* out, std::size_t n) {
  map(in, out, n, [](Lanes x) { return normal_cdf_of(x); });
}
void density_entry(const double* in, double* out, std::size_t n) {
  map(in, out, n, [](Lanes x) { return normal_density_of(x); });
}
void quantile_entry(const double* in, double* out, std::size_t n) {
  map(in, out, n, [](Lanes x) { return normal_quantile_of(x); });
}
void pow_entry(const double* x, const double* y, double* out, std::size_t n) {
  map(x, y, out, n, [](Lanes a, Lanes b) { return power(a, b); });
}
void log_ratio_entry(const double* a, const double* b, double* out, std::size_t n) {
  map(a, b, out, n, [](Lanes x, Lanes y) { return log_of_ratio(x, y); });
}

constexpr MathKernels math_entries = {exp_entry,      log_entry, cdf_entry,      density_entry,
                                      quantile_entry, pow_entry, log_ratio_entry};

}  // namespace
}  // namespace margrave
