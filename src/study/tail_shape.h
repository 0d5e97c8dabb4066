#pragma once

#include <limits>

#include "base/result.h"

namespace margrave {

/// The lower tail of probability `tail` of Student's t with nu degrees of freedom (not scaled to unit variance), or of
/// the standard normal where nu is infinite. Losses, so above zero.
struct TailShape {
  double nu{std::numeric_limits<double>::infinity()};
  double tail{0.025};
  double var{0}, es{0};
};

/// VaR and ES of the tail; relative error about 1e-12. ES = f(VaR)/tail (nu + VaR^2)/(nu - 1), normal f(VaR)/tail.
/// Errors: tail outside (0, 0.25]; nu not above 1 (no ES), or finite and above 200.
/// Source: McNeil, Frey and Embrechts (2015), examples 2.14 and 2.15.
Result<TailShape> tail_shape(double nu, double tail);

}  // namespace margrave
