#pragma once

#include <span>
#include <vector>

#include "base/result.h"
#include "volatility/garch_fit.h"

namespace margrave {

/// r_t = mean + sum ar_i (r_(t-i) - mean) + e_t + sum ma_j e_(t-j): the conditional mean before a variance model.
struct ArmaParameters {
  double mean{0};
  std::vector<double> ar{}, ma{};
};

/// returns[n] -> n residuals e; the first max(orders) of them are 0, as in rugarch and the benchmarks it quotes.
/// Same bits on every machine.
/// Errors: check_series; a parameter that is not a number.
/// Source: Box and Jenkins (1976), conditional sum of squares.
Result<std::vector<double>> arma_residuals(const ArmaParameters& parameters, std::span<const double> returns);

struct ArmaGarchFit {
  ArmaParameters mean;
  GarchParameters variance;  ///< its own mean is 0
  double log_likelihood{0};
  int iterations{0};
  bool converged{false};
};

/// Maximum likelihood of mean and variance together, the presample variance being the residuals' mean square.
/// `start` says the orders (at most 5 each) and where the search for ar and ma starts: the likelihood of an ARMA model
/// may have several hills. returns[n], n >= 100, in any unit. Errors: check_series; orders; no variation.
Result<ArmaGarchFit> fit_arma_garch(GarchModel model, const ArmaParameters& start, std::span<const double> returns);

}  // namespace margrave
