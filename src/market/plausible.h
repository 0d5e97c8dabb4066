#pragma once

#include <optional>
#include <string>

#include "market/state.h"

namespace margrave {

/// Whether a number can be what it says, by the bounds of base/limits.h: beyond them it is a slip of the unit, 65 for
/// 0.65, and every number made from it would look as if it meant something. Absent numbers are plausible, and so is a
/// price of 0 where a price may be 0.
bool is_plausible_vol(double vol);
bool is_plausible_price(double price);

/// What is wrong with one that is not, for a message.
std::string implausible_vol(double vol);
std::string implausible_price(double price);

/// A finding when the forward is further from its index than a coin's basis goes.
std::optional<Finding> far_forward(const std::string& subject, double forward, double index);

}  // namespace margrave
