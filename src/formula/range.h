#pragma once

#include <limits>

namespace margrave {

/// What is known of a number before it is: it lies in [low, high], and it may or may not be 0. Bounds of bounds are
/// doubles, widened by a part in 10^12 where they are computed, so that they always hold.
struct Range {
  static constexpr double infinity = std::numeric_limits<double>::infinity();
  double low{-infinity}, high{infinity};
  bool may_be_zero{true};

  static Range any() { return {}; }
  static Range not_negative() { return {0, infinity, true}; }
  static Range positive() { return {0, infinity, false}; }
  static Range between(double low, double high) { return {low, high, low <= 0 && high >= 0}; }

  bool excludes_zero() const { return !may_be_zero || low > 0 || high < 0; }
  bool is_negative_possible() const { return low < 0; }
};

Range operator+(const Range& a, const Range& b);
Range operator-(const Range& a);
Range operator*(const Range& a, const Range& b);
/// a / b for a b that excludes zero.
Range operator/(const Range& a, const Range& b);
Range smaller(const Range& a, const Range& b);
Range larger(const Range& a, const Range& b);
Range abs(const Range& a);
/// The least range that holds both.
Range either(const Range& a, const Range& b);
/// A sum of any number, also none, of such numbers.
Range any_number_of(const Range& a);

}  // namespace margrave
