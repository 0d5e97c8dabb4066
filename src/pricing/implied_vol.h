#pragma once

#include <span>

#include "base/isa.h"

namespace margrave {

/// Undiscounted prices of options of one expiry on one forward.
struct ImpliedVolBatch {
  double forward;                   ///< > 0, in [1e-150, 1e150]
  double expiry;                    ///< years, > 0
  std::span<const double> strikes;  ///< > 0, in [1e-150, 1e150]
  std::span<const double> prices;   ///< quote currency per unit of underlying
};

/// Black-76 implied vols of n calls or puts.
///
/// Shapes:  strikes[n], prices[n] -> out[n].
/// Units:   out annualised, 0.65 = 65 %.
/// Edges:   a price equal to intrinsic value gives 0. A price below intrinsic value, or at or above its bound (the
/// forward
///          for a call, the strike for a put), has no vol: NaN in that element, the others are not touched by it.
/// Errors:  relative 1e-12 in vol * sqrt(expiry) where the price determines it that well; in general the error is that
/// of
///          moving the time value by a few units in the last place of the price.
/// Source:  docs/methods/implied_vol.md
void implied_call_vols(Isa isa, const ImpliedVolBatch& in, std::span<double> out);
void implied_put_vols(Isa isa, const ImpliedVolBatch& in, std::span<double> out);
void implied_call_vols(const ImpliedVolBatch& in, std::span<double> out);
void implied_put_vols(const ImpliedVolBatch& in, std::span<double> out);

}  // namespace margrave
