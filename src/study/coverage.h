#pragma once

#include "study/breaches.h"

namespace margrave {

/// Does the share of breaches agree with the probability the margin claims?
struct Coverage {
  double ratio{0};         ///< Kupiec's likelihood ratio, >= 0
  double chi_square_p{1};  ///< its asymptotic p-value, for comparison with published numbers only
  double exact_p{1};       ///< P(ratio >= this one) at this n; orders the outcomes otherwise than binomial_test does
};

/// Kupiec's unconditional coverage. LR = 2 [x ln(x / (n p)) + (n - x) ln((n - x) / (n (1 - p)))], 0 ln 0 = 0.
/// The p-value that measurement rule M5 decides by is binomial_test's; the two differ where the tails are uneven, as at
/// n = 250, p = 1 %, x = 0: .0948 here, .1889 there.
///
/// Edges:  n == 0 gives ratio 0 and p 1.
/// Errors: p outside (0, 1); more breaches than observations.
/// Source: Kupiec (1995), Journal of Derivatives 3(2). docs/methods/coverage_tests.md
Result<Coverage> unconditional_coverage(const BreachCount& count, double p);

/// The ratio alone; p in (0, 1), breaches <= observations.
double kupiec_ratio(const BreachCount& count, double p);

}  // namespace margrave
