#include "study/chi_square.h"

#include <cmath>

#include "math/elementary.h"

namespace margrave {

double chi_square_one(double x) { return x > 0 ? 2 * normal_cdf(-std::sqrt(x)) : 1; }
double chi_square_two(double x) { return x > 0 ? stable_exp(-0.5 * x) : 1; }

}  // namespace margrave
