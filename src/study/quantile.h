#pragma once

#include <span>

namespace margrave {

/// Quantile of n >= 1 ascending numbers, share in [0, 1]: linear between the order statistics at (n - 1) share, as in
/// numpy and definition 7 of Hyndman and Fan (1996).
double sorted_quantile(std::span<const double> sorted, double share);

}  // namespace margrave
