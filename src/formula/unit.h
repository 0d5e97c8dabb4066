#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace margrave {

/// What a number of an expression counts: powers of dollars, coins, years, seconds and units of the settlement asset.
/// Sums and comparisons need equal units, products add the powers, a level must come out in the recipe's numeraire.
struct Unit {
  enum Base : std::uint8_t { usd, coin, year, second, settlement };
  static constexpr std::size_t bases = 5;
  std::array<std::int8_t, bases> powers{};

  bool is_plain() const { return *this == Unit{}; }
  /// False when a power leaves -16 .. 16.
  [[nodiscard]] static bool product(const Unit& a, const Unit& b, Unit& out);
  [[nodiscard]] static bool quotient(const Unit& a, const Unit& b, Unit& out);

  friend auto operator<=>(const Unit&, const Unit&) = default;
};

/// "usd/coin", "1/year", "coin^2"; "1" for a plain number.
std::string to_string(const Unit& unit);
/// Reads what to_string() writes. None if it is not a unit.
std::optional<Unit> parse_unit(std::string_view text);

}  // namespace margrave
