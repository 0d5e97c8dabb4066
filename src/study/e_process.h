#pragma once

#include <array>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

struct ShortfallForecasts;

/// Wealth of a gambler who bets on breaches at the odds the forecasts claim. If the forecasts are right, or too
/// careful, it exceeds 20 at any time with probability at most 1/20, however often one looks: an alarm that needs no
/// sample size. Equal mixture of five constant bets. Start: 1. Kept as logarithms, so neither long calm nor disaster
/// leaves the range. Source: Wang, Wang and Ziegel (2022), "E-backtesting", eq. 7; measurement rule M6.
struct EProcess {
  static constexpr std::array bets{0.001, 0.0025, 0.005, 0.01, 0.02};
  std::array<double, bets.size()> log_wealth{};
  double largest{1};  ///< running maximum of value(), >= 1

  /// The mixture's wealth now; infinite above 1e308.
  double value() const;
  /// One observation's e-value: mean at most 1 if the forecast is right. Errors: negative or not finite; unchanged
  /// then.
  Result<void> update(double e_value);
};

/// The process after all of e_values. Edges: none gives the start. Errors: "e_values[3] is -1, not a number from 0".
Result<EProcess> e_process(std::span<const double> e_values);

/// e-values of VaR forecasts: 1{loss > var} / tail.
///
/// Shapes:  losses[n], var[n] -> n values; tail in (0, 1).
/// Errors:  different lengths; a number that is not finite; tail outside (0, 1).
Result<std::vector<double>> var_e_values(std::span<const double> losses, std::span<const double> var, double tail);

/// e-values of ES forecasts given the VaR beside them: max(loss - var, 0) / (tail (es - var)).
/// Errors:  as var_e_values; an es that is not above its var.
Result<std::vector<double>> shortfall_e_values(const ShortfallForecasts& forecasts);

}  // namespace margrave
