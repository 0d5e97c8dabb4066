#pragma once

#include <functional>
#include <span>
#include <vector>

#include "volatility/symmetric_matrix.h"

namespace margrave {

/// A function of `dimension` parameters at many points at once: points[m * dimension], row by row -> values[m]. Where
/// it is not defined the value is NaN. All the points of one step of minimise() come in one call, so a likelihood reads
/// its data once for all of them.
using ManyPoints = std::function<void(std::span<const double> points, std::span<double> values)>;

/// Where to search. `scale` is the size of a small change of each parameter, > 0, for the first differences.
struct SearchBox {
  std::vector<double> start{}, lower{}, upper{}, scale{};
};

/// Appends one parameter.
void add_parameter(SearchBox& box, double start, double lower, double upper, double scale);

struct Minimum {
  std::vector<double> point;
  double value{0};
  SymmetricMatrix hessian;    ///< of the function at the point, by central differences
  std::vector<bool> bounded;  ///< the parameter lies on a bound that holds it back
  int iterations{0};
  double promise{0};      ///< what a further Newton step would gain if the function were quadratic; infinite if none
  bool converged{false};  ///< promise below 1e-6
};

/// Minimises a smooth negative log-likelihood inside a box: damped Newton steps with gradient and Hessian from central
/// differences over about 1/50 of a conditional standard error; a parameter held by its bound is left out of the step.
/// Differences may reach a little outside the box. No random numbers, no threads, no clock.
/// Source: Levenberg (1944), Marquardt (1963) for the damping; Bertsekas (1982) for the bounds.
Minimum minimise(const ManyPoints& function, const SearchBox& box);

/// Roots of the diagonal of the inverse Hessian; NaN for a parameter on its bound, and for all of them where the
/// Hessian of the others is not positive definite.
std::vector<double> standard_errors(const Minimum& minimum);

/// The point of a grid with the smallest value; points[m * dimension] row by row, m >= 1.
std::vector<double> best_point(const ManyPoints& function, std::span<const double> points, std::size_t dimension);

}  // namespace margrave
