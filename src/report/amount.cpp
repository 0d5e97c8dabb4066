#include "report/amount.h"

#include <fmt/core.h>

#include <cmath>

namespace margrave {
namespace {

/// "1234567.5" to "1,234,567.5".
std::string group_digits(const std::string& text) {
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i > first && i < point && (point - i) % 3 == 0) out += ',';
    out += text[i];
  }
  return out;
}

}  // namespace

std::string grouped(Usd amount, int decimals) {
  const i128 rounded = divide(amount.raw, power_of_ten(Usd::decimals - decimals), Round::half_even);
  return group_digits(format_units(rounded, decimals));
}

std::string grouped(double value, int decimals) {
  if (!std::isfinite(value)) return "-";
  std::string text = fmt::format("{:.{}f}", value, decimals);
  if (text.find_first_not_of("-0.") == std::string::npos && text.starts_with('-')) text = text.substr(1);  // no "-0.00"
  return group_digits(text);
}

std::string counted(std::size_t count, const std::string& noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::string multiple(std::optional<Multiple> value, const std::string& without) {
  return value ? group_digits(to_string(*value)) : without;
}

}  // namespace margrave
