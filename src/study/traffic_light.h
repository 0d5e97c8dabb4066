#pragma once

#include <cstddef>
#include <cstdint>

#include "study/breaches.h"

namespace margrave {

/// Basel's zones of a back-test.
enum class Zone : std::uint8_t { green, yellow, red };

struct TrafficLight {
  Zone zone{Zone::green};
  double at_most{1};  ///< P(X <= x) of an accurate model: the zone is yellow from 95 %, red from 99.99 %
};

/// Edges:  n == 0 has seen nothing and is green.
/// Errors: p outside (0, 1); more breaches than observations.
/// Source: Basel Committee, "Supervisory framework for the use of backtesting" (1996), section III and table 2.
Result<TrafficLight> traffic_light(const BreachCount& count, double p);

/// What Basel adds to the multiplier 3 after x breaches in 250 days at 99 %; only for that length and level.
double basel_plus_factor(std::size_t breaches);

}  // namespace margrave
