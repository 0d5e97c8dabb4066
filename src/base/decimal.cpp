#include "base/decimal.h"

#include <charconv>

namespace margrave {
namespace {

constexpr int max_decimals = 36;
constexpr i128 max_units = power_of_ten(37);

bool is_digit(char c) { return c >= '0' && c <= '9'; }

tl::unexpected<Error> bad(std::string_view text, const std::string& why, const std::string& remedy) {
  std::string shown(text.substr(0, 40));
  if (text.size() > 40) shown += "...";
  return fail({.message = "'" + shown + "' " + why, .remedy = remedy});
}

/// Multiplies by 10^n while the value stays in range.
bool raise(i128& units, int n) {
  for (; n > 0 && units != 0; --n) {
    if (abs128(units) > max_units / 10) return false;
    units *= 10;
  }
  return true;
}

void drop_trailing_zeros(i128& units, int& decimals, int keep) {
  while (decimals > keep && units % 10 == 0) {
    units /= 10;
    --decimals;
  }
}

}  // namespace

Result<Decimal> Decimal::parse(std::string_view text) {
  const std::string plain = "write a plain decimal such as 1234.5 or 1e-8";
  std::size_t at = 0;
  bool negative = false;
  if (at < text.size() && (text[at] == '-' || text[at] == '+')) negative = text[at++] == '-';

  i128 units = 0;
  int decimals = 0, digits = 0, fraction_digits = 0;
  bool point = false, too_many = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point) {
      if (digits == 0) return bad(text, "is not a number", plain);
      point = true;
    } else if (is_digit(text[at])) {
      ++digits;
      if (point) ++fraction_digits;
      if (units > max_units / 10) {
        too_many = too_many || text[at] != '0' || !point;
        continue;
      }
      units = units * 10 + (text[at] - '0');
      if (point) ++decimals;
    } else {
      break;
    }
  }
  if (digits == 0 || (point && fraction_digits == 0)) return bad(text, "is not a number", plain);

  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    int exponent = 0;
    const char* begin = text.data() + at + 1;
    const char* end = text.data() + text.size();
    if (begin < end && *begin == '+' && begin + 1 < end && is_digit(begin[1])) ++begin;
    const auto [stop, code] = std::from_chars(begin, end, exponent);
    if (code == std::errc::result_out_of_range) return bad(text, "is out of range", plain);
    if (code != std::errc{} || stop != end) return bad(text, "is not a number", plain);
    if (exponent < -2 * max_decimals || exponent > 2 * max_decimals) {
      if (units != 0) return bad(text, "is out of range", "numbers go from 1e-36 to 1e37");
      exponent = 0;
    }
    decimals -= exponent;
    at = text.size();
  }
  if (at != text.size()) return bad(text, "is not a number", plain);
  if (too_many) return bad(text, "has too many digits", "use at most 37 digits");

  if (decimals < 0) {
    if (!raise(units, -decimals)) return bad(text, "is out of range", "numbers go from 1e-36 to 1e37");
    decimals = 0;
  }
  drop_trailing_zeros(units, decimals, max_decimals);
  if (units == 0) decimals = decimals > max_decimals ? max_decimals : decimals;
  if (decimals > max_decimals) return bad(text, "has too many decimals", "use at most 36 decimals");
  return Decimal{negative ? -units : units, decimals};
}

Result<i128> Decimal::scaled(int to_decimals) const {
  if (to_decimals >= decimals) return scaled(to_decimals, Round::down);
  const i128 divisor = power_of_ten(decimals - to_decimals);
  if (units % divisor != 0) {
    return fail({.message = to_string() + " has more than " + std::to_string(to_decimals) + " decimals",
                 .remedy = "use at most " + std::to_string(to_decimals) + " decimals"});
  }
  return units / divisor;
}

Result<i128> Decimal::scaled(int to_decimals, Round round) const {
  CHECK(to_decimals >= 0 && to_decimals <= max_decimals);
  if (to_decimals < decimals) return divide(units, power_of_ten(decimals - to_decimals), round);
  i128 out = 0;
  if (!multiply(units, power_of_ten(to_decimals - decimals), out)) {
    return fail(
        {.kind = ErrorKind::overflow, .message = to_string() + " is too large", .remedy = "use a smaller number"});
  }
  return out;
}

double Decimal::to_double() const {
  const std::string text = margrave::to_string(units) + "e-" + std::to_string(decimals);
  double value = 0;
  const auto [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  CHECK(code == std::errc{} && stop == text.data() + text.size());
  return value;
}

std::string Decimal::to_string() const {
  i128 shown = units;
  int places = decimals;
  drop_trailing_zeros(shown, places, 0);
  return format_units(shown, places);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const int sign_a = (a.units > 0) - (a.units < 0);
  const int sign_b = (b.units > 0) - (b.units < 0);
  if (sign_a != sign_b || sign_a == 0) return sign_a <=> sign_b;
  // Bring the one with fewer decimals to the other's; if that overflows it is the larger in magnitude.
  i128 left = a.units, right = b.units;
  const int common = a.decimals > b.decimals ? a.decimals : b.decimals;
  if (!multiply(left, power_of_ten(common - a.decimals), left)) return sign_a <=> 0;
  if (!multiply(right, power_of_ten(common - b.decimals), right)) return 0 <=> sign_a;
  return left < right   ? std::strong_ordering::less
         : left > right ? std::strong_ordering::greater
                        : std::strong_ordering::equal;
}

std::string to_string(i128 value) {
  if (value == 0) return "0";
  u128 rest = value < 0 ? ~static_cast<u128>(value) + 1 : static_cast<u128>(value);
  char digits[40];
  int at = 40;
  for (; rest != 0; rest /= 10) digits[--at] = static_cast<char>('0' + static_cast<int>(rest % 10));
  std::string text(digits + at, digits + 40);
  return value < 0 ? "-" + text : text;
}

std::string format_units(i128 units, int decimals) {
  std::string digits = to_string(units < 0 ? -units : units);
  const auto places = static_cast<std::size_t>(decimals);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, ".");
  return units < 0 ? "-" + digits : digits;
}

}  // namespace margrave
