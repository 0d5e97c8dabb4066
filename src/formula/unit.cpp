#include "formula/unit.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace margrave {
namespace {

constexpr std::array<std::string_view, Unit::bases> names{"usd", "coin", "year", "second", "settlement"};
constexpr int largest_power = 16;

bool combine(const Unit& a, const Unit& b, int sign, Unit& out) {
  for (std::size_t i = 0; i < Unit::bases; ++i) {
    const int power = a.powers[i] + sign * b.powers[i];
    if (power > largest_power || power < -largest_power) return false;
    out.powers[i] = static_cast<std::int8_t>(power);
  }
  return true;
}

/// "coin" or "coin^2", times sign, into the unit.
bool parse_factor(std::string_view text, int sign, Unit& unit) {
  int power = 1;
  if (const std::size_t caret = text.find('^'); caret != std::string_view::npos) {
    const std::string_view digits = text.substr(caret + 1);
    const auto [stop, code] = std::from_chars(digits.data(), digits.data() + digits.size(), power);
    if (code != std::errc{} || stop != digits.data() + digits.size() || power < 1 || power > largest_power)
      return false;
    text = text.substr(0, caret);
  }
  const auto name = std::find(names.begin(), names.end(), text);
  if (name == names.end()) return false;
  Unit factor;
  factor.powers[static_cast<std::size_t>(name - names.begin())] = static_cast<std::int8_t>(power);
  return combine(unit, factor, sign, unit);
}

}  // namespace

bool Unit::product(const Unit& a, const Unit& b, Unit& out) { return combine(a, b, 1, out); }
bool Unit::quotient(const Unit& a, const Unit& b, Unit& out) { return combine(a, b, -1, out); }

std::string to_string(const Unit& unit) {
  std::string above, below;
  for (std::size_t i = 0; i < Unit::bases; ++i) {
    const std::int8_t power = unit.powers[i];
    if (power == 0) continue;
    std::string& side = power > 0 ? above : below;
    side += (power > 0 ? (side.empty() ? "" : "*") : "/") + std::string(names[i]);
    if (power > 1 || power < -1) side += "^" + std::to_string(power > 0 ? power : -power);
  }
  return (above.empty() ? "1" : above) + below;
}

std::optional<Unit> parse_unit(std::string_view text) {
  Unit unit;
  int sign = 1;
  if (text == "1") return unit;
  if (text.starts_with("1/")) {
    sign = -1;
    text.remove_prefix(2);
  }
  while (true) {
    const std::size_t end = std::min(text.find_first_of("*/"), text.size());
    if (!parse_factor(text.substr(0, end), sign, unit)) return std::nullopt;
    if (end == text.size()) return unit;
    sign = text[end] == '*' ? 1 : -1;
    text.remove_prefix(end + 1);
  }
}

}  // namespace margrave
