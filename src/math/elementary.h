#pragma once

#include <span>

#include "base/isa.h"

/// Deterministic elementary functions: the same bits on every x86-64, from every instruction set, g++ and clang, batch
/// and scalar. Built from + - * / sqrt, fma and integer operations only; the C library's functions differ from machine
/// to machine. Errors below are measured maxima, relative to the exact value: docs/methods/deterministic_maths.md.
namespace margrave {

/// e^x, error 1.7e-16. exp(-inf) = 0, exp(inf) = inf, NaN gives NaN; subnormal results are rounded to their last bit.
double stable_exp(double x);
/// Natural logarithm, error 1.5e-16, subnormal arguments included. log(0) = -inf, log(inf) = inf, x < 0 gives NaN.
double stable_log(double x);
/// x^y for x >= 0, error 2e-16. As IEEE 754 pow on that domain (1^y = x^0 = 1 even for NaN); x < 0 gives NaN unless y =
/// 0.
double stable_pow(double x, double y);
/// ln(a/b) for a and b in [1e-150, 1e150], error 3.3e-16 of the result also where a is close to b.
double stable_log_ratio(double a, double b);
/// Standard normal distribution function, error 7e-16 down to z = -37.5; below -38.5 it is 0. NaN gives NaN.
double normal_cdf(double z);
/// Standard normal density, error 3.5e-16 while the result is not subnormal.
double normal_density(double z);
/// Inverse of normal_cdf, error 8e-16. 0 gives -inf, 1 gives inf, outside [0, 1] or NaN gives NaN.
double normal_quantile(double p);

/// Batch forms. Shapes: in[n] -> out[n], n >= 0; out may be the same array as an input. The bits are those of the
/// scalar form whatever isa says; an isa the machine lacks is our mistake (CHECK).
void stable_exp(Isa isa, std::span<const double> in, std::span<double> out);
void stable_log(Isa isa, std::span<const double> in, std::span<double> out);
void stable_pow(Isa isa, std::span<const double> x, std::span<const double> y, std::span<double> out);
void stable_log_ratio(Isa isa, std::span<const double> a, std::span<const double> b, std::span<double> out);
void normal_cdf(Isa isa, std::span<const double> in, std::span<double> out);
void normal_density(Isa isa, std::span<const double> in, std::span<double> out);
void normal_quantile(Isa isa, std::span<const double> in, std::span<double> out);

}  // namespace margrave
