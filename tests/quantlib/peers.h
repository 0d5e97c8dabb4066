#pragma once

#include <cstddef>

/// QuantLib behind plain functions: QuantLib 1.29 with Boost 1.74 needs C++17, the rest of the tree is C++20.
namespace margrave::quantlib {

/// Undiscounted Black-76 prices of calls, total vols given: QuantLib::blackFormula().
void black_calls(double forward, const double* strikes, const double* total_vols, double* out, std::size_t n);

/// Total vols of calls by the rational solver of Li and Lee, QuantLib::blackFormulaImpliedStdDevLiRS(); NaN
/// where it does not settle.
void implied_total_vols(double forward, const double* strikes, const double* prices, double accuracy, double* out,
                        std::size_t n);

struct Greeks {
  double price, delta, gamma, vega;  ///< with respect to the forward; vega per 1.00 of vol
};
/// One discounted option by QuantLib::BlackCalculator.
Greeks greeks(bool is_call, double forward, double strike, double expiry, double vol, double discount);

/// n revaluations of one European call by QuantLib::AnalyticEuropeanEngine, the spot moved before each.
void engine_bumps(double strike, double expiry_days, double vol, const double* spots, double* out, std::size_t n);

}  // namespace margrave::quantlib
