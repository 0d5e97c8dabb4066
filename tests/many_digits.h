#pragma once

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

/// Black-76 in 34 digits straight from the definition, as the reference for tests and benchmarks.
namespace margrave::many_digits {

using Real = boost::multiprecision::cpp_bin_float_quad;

inline Real normal_cdf(const Real& z) { return boost::math::erfc(Real(-z / sqrt(Real(2)))) / 2; }

/// C/F of a call with x = ln(F/K) and total vol s > 0. Loses the digits that the two terms have in common, so exact to
/// about 1e-34 divided by the result.
inline Real normalised_call(const Real& x, const Real& s) {
  const Real d1 = x / s + s / 2;
  return normal_cdf(d1) - exp(Real(-x)) * normal_cdf(Real(d1 - s));
}

/// Undiscounted price. An out-of-the-money option is priced directly, the other by parity.
inline Real price(const Real& forward, const Real& strike, const Real& expiry, const Real& vol, bool is_call) {
  const Real s = vol * sqrt(expiry), d1 = log(Real(forward / strike)) / s + s / 2, d2 = d1 - s;
  if (is_call) return forward * normal_cdf(d1) - strike * normal_cdf(d2);
  return strike * normal_cdf(Real(-d2)) - forward * normal_cdf(Real(-d1));
}

}  // namespace margrave::many_digits
