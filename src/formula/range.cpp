#include "formula/range.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

constexpr double slack = 1e-12;

/// Half a unit of the last decimal of a Number, and the least that one other than 0 can be.
constexpr double half_unit = 0.5e-36, unit = 1e-36;

/// Infinity minus infinity is not known at all.
double widen(double bound, double direction) {
  if (std::isnan(bound)) return direction * Range::infinity;
  return std::isfinite(bound) ? bound + direction * slack * std::fabs(bound) : bound;
}

/// Bounds of what lies in [low, high] and is then rounded to 36 decimals, which may take it to 0 but not beyond.
Range rounded(double low, double high, bool may_be_zero) {
  const double below = widen(low, -1) - half_unit, above = widen(high, 1) + half_unit;
  return {low >= 0 ? std::max(below, 0.0) : below, high <= 0 ? std::min(above, 0.0) : above, may_be_zero};
}

/// The least size of a number in the range: 0, or what keeps it from 0.
double least_size(const Range& a) { return a.excludes_zero() ? std::max({unit * (1 - slack), a.low, -a.high}) : 0; }

/// 0 * infinity is 0 here: a bound that is 0 stays 0.
double times(double a, double b) { return a == 0 || b == 0 ? 0 : a * b; }

}  // namespace

Range operator+(const Range& a, const Range& b) {
  const bool one_side = (a.low >= 0 && b.low >= 0) || (a.high <= 0 && b.high <= 0);
  return {widen(a.low + b.low, -1), widen(a.high + b.high, 1),
          one_side ? !a.excludes_zero() && !b.excludes_zero() : true};
}

Range operator-(const Range& a) { return {-a.high, -a.low, a.may_be_zero}; }

Range operator*(const Range& a, const Range& b) {
  const auto [low, high] =
      std::minmax({times(a.low, b.low), times(a.low, b.high), times(a.high, b.low), times(a.high, b.high)});
  // A product of two small numbers is rounded to 0.
  return rounded(low, high, times(least_size(a), least_size(b)) * (1 - slack) <= half_unit);
}

Range operator/(const Range& a, const Range& b) {
  // 1/b keeps b's sign; a bound at 0 that b never reaches becomes infinite.
  const bool positive = b.low >= 0;
  const double near = positive ? b.low : b.high, far = positive ? b.high : b.low;
  const double largest = near == 0 ? Range::infinity : 1 / std::fabs(near);
  const double smallest = std::isinf(far) ? 0 : 1 / std::fabs(far);
  if (b.low < 0 && b.high > 0) return {};
  const Range inverse = positive ? Range{smallest, largest, false} : Range{-largest, -smallest, false};
  const auto [low, high] = std::minmax(
      {times(a.low, inverse.low), times(a.low, inverse.high), times(a.high, inverse.low), times(a.high, inverse.high)});
  return rounded(low, high, times(least_size(a), smallest) * (1 - slack) <= half_unit);
}

Range smaller(const Range& a, const Range& b) { return -larger(-a, -b); }

Range larger(const Range& a, const Range& b) {
  const bool above = (a.low >= 0 && a.excludes_zero()) || (b.low >= 0 && b.excludes_zero());
  return {std::max(a.low, b.low), std::max(a.high, b.high), !above && !(a.excludes_zero() && b.excludes_zero())};
}

Range abs(const Range& a) {
  if (a.low >= 0) return a;
  if (a.high <= 0) return -a;
  return {0, std::max(-a.low, a.high), a.may_be_zero};
}

Range either(const Range& a, const Range& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high), !(a.excludes_zero() && b.excludes_zero())};
}

Range any_number_of(const Range& a) {
  return {a.low < 0 ? -Range::infinity : 0, a.high > 0 ? Range::infinity : 0, true};
}

}  // namespace margrave
