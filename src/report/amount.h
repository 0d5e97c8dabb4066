#pragma once

#include <cstddef>
#include <string>

#include "margin/health.h"

namespace margrave {

/// "-1,234,567.89": for people. Rounded to the nearest at `decimals` places (0..9); JSON has the whole number.
std::string grouped(Usd amount, int decimals = 2);
/// What amounts are counted in, for people: dollars to the cent, other assets to the billionth.
struct Money {
  std::string unit{"USD"};

  bool is_usd() const { return unit == "USD"; }
  std::string operator()(Usd amount) const { return grouped(amount, is_usd() ? 2 : Usd::decimals); }
};
/// A double in the same form, for Greeks and prices; "-" when it is not a number.
std::string grouped(double value, int decimals);
/// "1 account", "2 accounts".
std::string counted(std::size_t count, const std::string& noun);
/// All six decimals, so that text and JSON say the same; `without` where there is none.
std::string multiple(std::optional<Multiple> value, const std::string& without);

}  // namespace margrave
