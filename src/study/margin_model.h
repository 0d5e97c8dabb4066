#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <vector>

#include "study/linear_tails.h"

namespace margrave {

/// How far a factor may be from 1 and how far it may move in a step: at most to before x (1 + up), at least to
/// before x (1 - down).
struct FactorBounds {
  double low{1.0}, high{1.5};
  double up{0.25}, down{0.02};
};
/// Up to any height at once, and back at once; never below 1.
inline constexpr FactorBounds no_bounds{1.0, std::numeric_limits<double>::infinity(),
                                        std::numeric_limits<double>::infinity(), 1.0};

/// The factor after one step: clipped to its bounds, then moved towards at most by the step's limits. Without a signal
/// (not a finite number) it goes back to 1.
double next_factor(const FactorBounds& bounds, double before, double signal);

/// A margin made of tails: base = (1 - weight) x shortfall at a decay + weight x that of the worst times, times a
/// factor where there is one, and not below its floors.
struct MarginModel {
  std::size_t base{0};     ///< index of the base's decay in the tails
  double weight{0.25};     ///< of the worst times, 0 to 1
  double floor_share{0};   ///< of the shortfall of all history
  double least_margin{0};  ///< in parts of the entry notional
  std::optional<FactorBounds> factor{};
  std::size_t signal{0};  ///< index of the decay whose shortfall over the base is the factor's signal
};

/// One side's margins by tested step. Indices are within tails.at_decay. The factor starts at 1.
/// Source: docs/methods/dynamic_margin.md.
std::vector<double> model_margins(const MarginModel& model, const SideTails& tails);

}  // namespace margrave
