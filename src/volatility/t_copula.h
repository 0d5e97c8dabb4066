#pragma once

#include <span>

#include "base/result.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {

struct TCopulaFit {
  SymmetricMatrix correlation;
  double nu{0};        ///< degrees of freedom; nu_max when the data show no joint tails beyond the normal's
  double nu_error{0};  ///< standard error from the curvature of the profile likelihood; NaN at a bound
  double log_likelihood{0};
};

/// nu is searched between these.
inline constexpr double t_copula_nu_min = 2.05, t_copula_nu_max = 100;

/// Log-likelihood of the t copula on ranks / (n + 1). returns[rows * columns], row by row.
/// Errors: as fit_t_copula; a correlation that is not positive definite.
Result<double> t_copula_log_likelihood(std::span<const double> returns, const SymmetricMatrix& correlation, double nu);

/// Fits a t copula: the correlation by inversion of Kendall's tau, rho = sin(pi/2 tau), repaired to eigenvalues of at
/// least 1e-6 where needed; then nu by maximum likelihood on ranks / (n + 1), the correlation held fixed.
///
/// Shapes:  returns[rows * columns], row by row; rows >= 50, columns >= 2.
/// Errors:  a gap, too few rows, a series that does not vary.
/// Source:  Demarta and McNeil (2005), section 4.1 (method of Mashal and Zeevi 2002).
Result<TCopulaFit> fit_t_copula(std::span<const double> returns, std::size_t columns);

}  // namespace margrave
