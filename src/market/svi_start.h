#pragma once

#include <array>
#include <span>

#include "market/svi_solver.h"

namespace margrave {

/// A rough slice through the targets: the best of a small grid of (m, sigma), for each the weighted linear least
/// squares for the rest, its solution pushed into the admissible set. years > 0, at least one target.
SviSlice quasi_explicit_start(std::span<const SviTarget> targets, double years);

}  // namespace margrave
