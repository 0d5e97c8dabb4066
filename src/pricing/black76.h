#pragma once

#include <span>

#include "base/isa.h"

/// Black (1976) prices. All functions are deterministic: the same bits from every instruction set and compiler,
/// whatever isa says; forms without an Isa take the widest of the machine. Formulas and errors:
/// docs/methods/black76.md.
namespace margrave {

/// Options of one expiry on one forward.
struct Black76Batch {
  double forward;                   ///< quote currency per unit of underlying, > 0, in [1e-150, 1e150]
  double expiry;                    ///< years, ACT/365, >= 0
  std::span<const double> strikes;  ///< quote per unit, > 0, in [1e-150, 1e150]
  std::span<const double> vols;     ///< annualised; 0.65 = 65 %; >= 0
};

/// Undiscounted prices of n calls or puts on one forward.
///
/// Shapes:  strikes[n], vols[n] -> out[n]; n >= 0.
/// Units:   out in quote currency per unit of underlying.
/// Edges:   expiry == 0 or vol == 0 gives intrinsic value, exactly; where phi(d1) < 1e-295 the time value is exactly 0.
/// Errors:  relative 1e-12 where the price exceeds 1e-7 of the forward, 1e-14 of the forward otherwise, for every total
///          vol; a broken precondition is ours and stops the process.
/// Source:  Black (1976), eq. (16). docs/methods/black76.md
void black76_calls(const Black76Batch& in, std::span<double> out);
void black76_puts(const Black76Batch& in, std::span<double> out);
void black76_calls(Isa isa, const Black76Batch& in, std::span<double> out);
void black76_puts(Isa isa, const Black76Batch& in, std::span<double> out);

/// The same with the logarithm and the root already taken, for grids that have them.
struct NormalisedBatch {
  double forward;                         ///< > 0
  std::span<const double> strikes;        ///< > 0
  std::span<const double> log_moneyness;  ///< ln(K/F)
  std::span<const double> total_vols;     ///< s = vol * sqrt(expiry), >= 0
};
void black76_calls(Isa isa, const NormalisedBatch& in, std::span<double> out);
void black76_puts(Isa isa, const NormalisedBatch& in, std::span<double> out);

/// One option.
struct Black76Option {
  double forward;  ///< > 0
  double strike;   ///< > 0
  double expiry;   ///< years, >= 0
  double vol;      ///< annualised, >= 0
  bool is_call;
};

/// Undiscounted price with a relative error of 1e-12 wherever it exceeds 1e-300, however far out of the money.
double black76_accurate(const Black76Option& option);

/// C/F of a call with ln(F/K) = x <= 0 and total vol s >= 0, to the same accuracy.
double black76_accurate_normalised(double x, double s);

}  // namespace margrave
