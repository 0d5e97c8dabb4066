#pragma once

namespace margrave {

/// P(chi-square > x) with one and with two degrees of freedom; 1 for x <= 0. Relative error about 1e-15.
/// For comparison with published numbers only: at the few breaches of a margin series these are wrong (goals, rule M5).
/// Source: 2 N(-sqrt(x)) and exp(-x/2).
double chi_square_one(double x);
double chi_square_two(double x);

}  // namespace margrave
