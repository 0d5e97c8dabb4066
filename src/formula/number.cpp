#include "formula/number.h"

#include <gmp.h>

#include <algorithm>
#include <charconv>

#include "base/check.h"
#include "formula/narrow_limbs.h"

namespace margrave {
namespace {

static_assert(sizeof(mp_limb_t) == 8 && GMP_NUMB_BITS == 64, "the numbers of expressions have limbs of 64 bits");

constexpr std::size_t narrow = std::tuple_size_v<Narrow>, wide = 12;  ///< limbs of a result, and on the way to it
using Wide = std::array<std::uint64_t, wide>;

std::size_t used(const std::uint64_t* limbs, std::size_t count) {
  while (count > 0 && limbs[count - 1] == 0) --count;
  return count;
}

/// 10^n as limbs, n in 0 .. 72: 10^72 < 2^240.
const Wide& power_of_ten_limbs(int n) {
  static const std::array<Wide, 73> powers = [] {
    std::array<Wide, 73> all{};
    all[0][0] = 1;
    for (std::size_t i = 1; i < all.size(); ++i) mpn_mul_1(all[i].data(), all[i - 1].data(), wide, 10);
    return all;
  }();
  CHECK(n >= 0 && n <= 72);
  return powers[static_cast<std::size_t>(n)];
}

/// a * b, of which the sizes in limbs are na and nb, into out. False when it has more limbs than out.
bool multiply_limbs(const std::uint64_t* a, std::size_t na, const std::uint64_t* b, std::size_t nb, Wide& out) {
  out.fill(0);
  if (na == 0 || nb == 0) return true;
  if (na < nb) {
    std::swap(a, b);
    std::swap(na, nb);
  }
  if (na + nb <= wide) {
    mpn_mul(out.data(), a, static_cast<mp_size_t>(na), b, static_cast<mp_size_t>(nb));
    return true;
  }
  std::array<std::uint64_t, 2 * wide> product{};
  mpn_mul(product.data(), a, static_cast<mp_size_t>(na), b, static_cast<mp_size_t>(nb));
  if (used(product.data(), product.size()) > wide) return false;
  std::copy_n(product.begin(), wide, out.begin());
  return true;
}

/// a / b rounded half to even, or down, or up: of magnitudes. b is not zero.
void divide_limbs(const Wide& a, const Wide& b, Round round, Wide& quotient) {
  const std::size_t na = used(a.data(), wide), nb = used(b.data(), wide);
  quotient.fill(0);
  Wide rest{};
  if (na < nb) {
    rest = a;
  } else {
    mpn_tdiv_qr(quotient.data(), rest.data(), 0, a.data(), static_cast<mp_size_t>(na), b.data(),
                static_cast<mp_size_t>(nb));
  }
  if (used(rest.data(), wide) == 0 || round == Round::down) return;
  bool up = true;
  if (round == Round::half_even) {
    Wide left{};  // b - rest: the distance to the next multiple
    mpn_sub_n(left.data(), b.data(), rest.data(), wide);
    const int side = mpn_cmp(rest.data(), left.data(), wide);
    up = side > 0 || (side == 0 && (quotient[0] & 1) != 0);
  }
  if (up) mpn_add_1(quotient.data(), quotient.data(), wide, 1);
}

/// a / 10^n, n in 1 .. 38, rounded as named.
Narrow divide_narrow(const Narrow& a, int n, Round round) {
  // By 10^first, then by 10^second: the rest of a / 10^n has two limbs at most.
  const int first = std::min(n, short_power), second = n - first;
  const std::uint64_t first_power = short_powers[static_cast<std::size_t>(first)];
  const std::uint64_t second_power = short_powers[static_cast<std::size_t>(second)];
  Narrow quotient = a;
  u128 rest = divide_by_short_power(quotient, first);
  if (second > 0) rest += static_cast<u128>(divide_by_short_power(quotient, second)) * first_power;
  const u128 left = static_cast<u128>(first_power) * second_power - rest;
  const bool half_up = rest > left || (rest == left && (quotient[0] & 1) != 0);
  const bool up = round == Round::up ? rest != 0 : round == Round::half_even && half_up;
  if (up) mpn_add_1(quotient.data(), quotient.data(), narrow, 1);
  return quotient;
}

/// Rounding of a magnitude that rounds the signed number as named.
Round of_magnitude(Round round, bool negative) {
  if (!negative || round == Round::half_even) return round;
  return round == Round::down ? Round::up : Round::down;
}

}  // namespace

/// What needs the limbs of a Number.
struct NumberLimbs {
  /// Both in units of 10^-decimals, their own or more, of two limbs each. False when they have more.
  static bool in_two_limbs(const Number& a, const Number& b, int decimals, u128& left, u128& right) {
    return scale_two_limbs(a.magnitude_, decimals - a.decimals_, left) &&
           scale_two_limbs(b.magnitude_, decimals - b.decimals_, right);
  }

  static void set(const Narrow& magnitude, int decimals, bool negative, Number& out) {
    out.magnitude_ = magnitude;
    out.decimals_ = static_cast<std::uint8_t>(decimals);
    out.negative_ = negative && !out.magnitude_is_zero();
  }

  static Wide widened(const Number& a) {
    Wide all{};
    std::copy(a.magnitude_.begin(), a.magnitude_.end(), all.begin());
    return all;
  }

  /// The limbs of a in units of 10^-decimals, decimals >= a's own. False when it leaves 12 limbs.
  static bool aligned(const Number& a, int decimals, Wide& out) {
    if (decimals == a.decimals_) {
      out = widened(a);
      return true;
    }
    const Wide& power = power_of_ten_limbs(decimals - a.decimals_);
    const std::size_t na = used(a.magnitude_.data(), narrow);
    return multiply_limbs(a.magnitude_.data(), na, power.data(), used(power.data(), wide), out);
  }

  /// Rounds units of 10^-decimals to at most 36 decimals. False when it leaves 256 bits.
  static bool make(Wide units, int decimals, bool negative, Number& out) {
    if (decimals > Number::most_decimals) {
      Wide rounded{};
      divide_limbs(units, power_of_ten_limbs(decimals - Number::most_decimals), Round::half_even, rounded);
      units = rounded;
      decimals = Number::most_decimals;
    }
    if (used(units.data(), wide) > narrow) return false;
    std::copy_n(units.begin(), narrow, out.magnitude_.begin());
    out.decimals_ = static_cast<std::uint8_t>(decimals);
    out.negative_ = negative && used(units.data(), wide) > 0;
    return true;
  }
};

Number Number::from_units(i128 units, int decimals) {
  CHECK(decimals >= 0 && decimals <= most_decimals);
  Number out;
  const auto size = units < 0 ? ~static_cast<u128>(units) + 1 : static_cast<u128>(units);
  out.magnitude_[0] = static_cast<std::uint64_t>(size);
  out.magnitude_[1] = static_cast<std::uint64_t>(size >> 64);
  out.negative_ = units < 0;
  out.decimals_ = static_cast<std::uint8_t>(decimals);
  return out;
}

Number Number::operator-() const {
  Number out = *this;
  out.negative_ = !negative_ && !magnitude_is_zero();
  return out;
}

bool Number::to_units(int decimals, Round round, i128& units) const {
  u128 size = 0;
  if (decimals < decimals_) {
    const Narrow rounded = divide_narrow(magnitude_, decimals_ - decimals, of_magnitude(round, negative_));
    if (!has_two_limbs(rounded)) return false;
    size = two_limbs(rounded);
  } else if (!scale_two_limbs(magnitude_, decimals - decimals_, size)) {
    Wide scaled{};
    if (!NumberLimbs::aligned(*this, decimals, scaled) || used(scaled.data(), wide) > 2) return false;
    size = static_cast<u128>(scaled[1]) << 64 | scaled[0];
  }
  if (size >> 127 != 0) return false;
  units = negative_ ? -static_cast<i128>(size) : static_cast<i128>(size);
  return true;
}

std::string Number::to_string() const {
  std::array<std::uint64_t, narrow + 1> limbs_left{};
  std::copy(magnitude_.begin(), magnitude_.end(), limbs_left.begin());
  std::string digits;
  for (std::size_t n = used(limbs_left.data(), narrow); n > 0; n = used(limbs_left.data(), narrow)) {
    digits +=
        static_cast<char>('0' + mpn_divrem_1(limbs_left.data(), 0, limbs_left.data(), static_cast<mp_size_t>(n), 10));
  }
  while (digits.size() <= decimals_) digits += '0';
  std::reverse(digits.begin(), digits.end());
  if (decimals_ > 0) {
    digits.insert(digits.size() - decimals_, 1, '.');
    digits.erase(digits.find_last_not_of('0') + 1);
    if (digits.back() == '.') digits.pop_back();
  }
  if (sign() < 0) digits.insert(digits.begin(), '-');
  return digits;
}

double Number::to_double() const {
  const std::string text = to_string();
  double value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(code == std::errc{} && stop == text.data() + text.size());
  return value;
}

std::strong_ordering Number::compare(const Number& a, const Number& b) {
  if (a.sign() != b.sign()) return a.sign() <=> b.sign();
  const int decimals = std::max(a.decimals_, b.decimals_);
  u128 size_a = 0, size_b = 0;
  if (NumberLimbs::in_two_limbs(a, b, decimals, size_a, size_b)) {
    return a.negative_ ? size_b <=> size_a : size_a <=> size_b;
  }
  Narrow narrow_a, narrow_b;
  if (scale_narrow(a.magnitude_, decimals - a.decimals_, narrow_a) &&
      scale_narrow(b.magnitude_, decimals - b.decimals_, narrow_b)) {
    return a.sign() < 0 ? compare_narrow(narrow_b, narrow_a) : compare_narrow(narrow_a, narrow_b);
  }
  Wide left{}, right{};
  CHECK(NumberLimbs::aligned(a, decimals, left) && NumberLimbs::aligned(b, decimals, right));  // 2^256 * 10^36 fits
  const int size = mpn_cmp(left.data(), right.data(), wide);
  return (a.sign() < 0 ? -size : size) <=> 0;
}

bool Number::add(const Number& a, const Number& b, Number& out) {
  const int decimals = std::max(a.decimals_, b.decimals_);
  u128 size_a = 0, size_b = 0;
  if (NumberLimbs::in_two_limbs(a, b, decimals, size_a, size_b)) {
    if (a.negative_ != b.negative_) {
      const bool less = size_a < size_b;
      NumberLimbs::set(narrow_of(less ? size_b - size_a : size_a - size_b), decimals, less ? b.negative_ : a.negative_,
                       out);
      return true;
    }
    if (u128 sum = 0; !__builtin_add_overflow(size_a, size_b, &sum)) {
      NumberLimbs::set(narrow_of(sum), decimals, a.negative_, out);
      return true;
    }
  }
  Narrow narrow_a, narrow_b;
  if (scale_narrow(a.magnitude_, decimals - a.decimals_, narrow_a) &&
      scale_narrow(b.magnitude_, decimals - b.decimals_, narrow_b)) {
    bool negative = a.negative_;
    if (a.negative_ == b.negative_) {
      if (!add_narrow(narrow_a, narrow_b, narrow_a)) return false;
    } else if (compare_narrow(narrow_a, narrow_b) >= 0) {
      subtract_narrow(narrow_a, narrow_b, narrow_a);
    } else {
      subtract_narrow(narrow_b, narrow_a, narrow_a);
      negative = b.negative_;
    }
    NumberLimbs::set(narrow_a, decimals, negative, out);
    return true;
  }
  Wide left{}, right{};
  if (!NumberLimbs::aligned(a, decimals, left) || !NumberLimbs::aligned(b, decimals, right)) return false;
  if (a.negative_ == b.negative_) {
    mpn_add_n(left.data(), left.data(), right.data(), wide);  // each is below 2^376
    return NumberLimbs::make(left, decimals, a.negative_, out);
  }
  const bool swap = mpn_cmp(left.data(), right.data(), wide) < 0;
  if (swap) std::swap(left, right);
  mpn_sub_n(left.data(), left.data(), right.data(), wide);
  return NumberLimbs::make(left, decimals, swap ? b.negative_ : a.negative_, out);
}

bool Number::multiply(const Number& a, const Number& b, Number& out) {
  if (has_two_limbs(a.magnitude_) && has_two_limbs(b.magnitude_)) {
    const int decimals = a.decimals_ + b.decimals_, more = decimals - most_decimals;
    Narrow product;
    multiply_narrow(a.magnitude_, b.magnitude_, product);
    if (more > 0) product = divide_narrow(product, more, Round::half_even);
    NumberLimbs::set(product, std::min(decimals, most_decimals), a.negative_ != b.negative_, out);
    return true;
  }
  Wide product{};
  if (!multiply_limbs(a.magnitude_.data(), used(a.magnitude_.data(), narrow), b.magnitude_.data(),
                      used(b.magnitude_.data(), narrow), product)) {
    return false;
  }
  return NumberLimbs::make(product, a.decimals_ + b.decimals_, a.negative_ != b.negative_, out);
}

bool Number::divide(const Number& a, const Number& b, Number& out) {
  if (b.magnitude_is_zero()) return false;
  // a / b in units of 10^-36: a * 10^(36 - da + db) / b, of which the power lies in 0 .. 72.
  const int power = most_decimals - a.decimals_ + b.decimals_;
  const Wide& ten = power_of_ten_limbs(power);
  Wide numerator{}, quotient{};
  if (!multiply_limbs(a.magnitude_.data(), used(a.magnitude_.data(), narrow), ten.data(), used(ten.data(), wide),
                      numerator)) {
    return false;
  }
  divide_limbs(numerator, NumberLimbs::widened(b), Round::half_even, quotient);
  return NumberLimbs::make(quotient, most_decimals, a.negative_ != b.negative_, out);
}

bool Number::to_multiple(const Number& a, const Number& step, Round round, Number& out) {
  if (step.sign() <= 0) return false;
  const int decimals = std::max(a.decimals_, step.decimals_);
  Wide value{}, unit{}, count{};
  if (!NumberLimbs::aligned(a, decimals, value) || !NumberLimbs::aligned(step, decimals, unit)) return false;
  divide_limbs(value, unit, of_magnitude(round, a.negative_), count);
  if (used(count.data(), wide) > narrow) return false;
  Wide rounded{};
  if (!multiply_limbs(count.data(), used(count.data(), wide), step.magnitude_.data(),
                      used(step.magnitude_.data(), narrow), rounded)) {
    return false;
  }
  return NumberLimbs::make(rounded, step.decimals_, a.negative_, out);
}

bool Number::square_root(const Number& a, Number& out) {
  if (a.sign() < 0) return false;
  // The root of a in units of 10^-36 is the whole root of a in units of 10^-72; the rest decides the last unit.
  Wide units{}, root{}, rest{};
  if (!NumberLimbs::aligned(a, 2 * most_decimals, units)) return false;
  const std::size_t n = used(units.data(), wide);
  if (n > 0) {
    const mp_size_t more = mpn_sqrtrem(root.data(), rest.data(), units.data(), static_cast<mp_size_t>(n));
    std::fill(rest.begin() + more, rest.end(), 0);  // GMP leaves scratch above the rest
    // (root + 1/2)^2 = root^2 + root + 1/4, so it rounds up exactly when the rest is above the root.
    if (mpn_cmp(rest.data(), root.data(), wide) > 0) mpn_add_1(root.data(), root.data(), wide, 1);
  }
  return NumberLimbs::make(root, most_decimals, false, out);
}

bool Number::whole_root(const Number& a, Number& out) {
  if (a.sign() < 0) return false;
  Wide whole{}, root{};
  divide_limbs(NumberLimbs::widened(a), power_of_ten_limbs(a.decimals_), Round::down, whole);
  const std::size_t n = used(whole.data(), wide);
  if (n > 0) mpn_sqrtrem(root.data(), nullptr, whole.data(), static_cast<mp_size_t>(n));
  return NumberLimbs::make(root, 0, false, out);
}

namespace {

/// The series of e^x for |x| <= 80 / 2^16 in fixed point with 256 bits behind the point: the 24th term is below 2^-300.
/// e^80 is below 2^116, so that six limbs hold every value.
constexpr int fraction_bits = 256, halvings = 16, terms = 24;
constexpr std::size_t fixed_limbs = 6;
using FixedPoint = std::array<std::uint64_t, fixed_limbs>;

/// x * y / 2^256 of values below 2^372.
FixedPoint multiply_fixed(const FixedPoint& x, const FixedPoint& y) {
  const std::size_t nx = used(x.data(), fixed_limbs), ny = used(y.data(), fixed_limbs);
  FixedPoint out{};
  if (nx == 0 || ny == 0) return out;
  std::array<std::uint64_t, 2 * fixed_limbs> product{};
  const bool first = nx >= ny;
  mpn_mul(product.data(), first ? x.data() : y.data(), static_cast<mp_size_t>(first ? nx : ny),
          first ? y.data() : x.data(), static_cast<mp_size_t>(first ? ny : nx));
  std::copy_n(product.begin() + fraction_bits / 64, fixed_limbs, out.begin());
  return out;
}

}  // namespace

bool Number::exponential(const Number& a, Number& out) {
  if (a.abs() > Number(80)) return false;
  // |a| * 2^256 / 10^decimals, then e^(a / 2^16) by its series and 16 squarings.
  Wide numerator{}, quotient{};
  std::copy(a.magnitude_.begin(), a.magnitude_.end(), numerator.begin() + fraction_bits / 64);
  divide_limbs(numerator, power_of_ten_limbs(a.decimals_), Round::down, quotient);
  mpn_rshift(quotient.data(), quotient.data(), wide, halvings);
  FixedPoint fixed{}, total{}, term{};
  std::copy_n(quotient.begin(), fixed_limbs, fixed.begin());
  total[fraction_bits / 64] = term[fraction_bits / 64] = 1;
  for (std::uint64_t n = 1; n <= terms; ++n) {
    term = multiply_fixed(term, fixed);
    if (used(term.data(), fixed_limbs) == 0) break;
    mpn_divrem_1(term.data(), 0, term.data(), fixed_limbs, n);
    mpn_add_n(total.data(), total.data(), term.data(), fixed_limbs);
  }
  for (int i = 0; i < halvings; ++i) total = multiply_fixed(total, total);
  Wide sum{};
  std::copy(total.begin(), total.end(), sum.begin());
  if (a.sign() < 0) {
    Wide square{};
    square[2 * (fraction_bits / 64)] = 1;  // 2^512 / (e^|a| 2^256) = e^-|a| 2^256
    divide_limbs(square, Wide(sum), Round::half_even, sum);
  }
  // Units of 10^-36: sum * 10^36 / 2^256.
  const Wide& ten = power_of_ten_limbs(most_decimals);
  Wide scaled{}, rounded{}, unit{};
  unit[fraction_bits / 64] = 1;
  if (!multiply_limbs(sum.data(), used(sum.data(), wide), ten.data(), used(ten.data(), wide), scaled)) return false;
  divide_limbs(scaled, unit, Round::half_even, rounded);
  return NumberLimbs::make(rounded, most_decimals, false, out);
}

}  // namespace margrave
