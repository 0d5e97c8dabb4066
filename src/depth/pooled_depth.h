#pragma once

#include <span>

#include "depth/depth_curve.h"

namespace margrave {

/// A venue's depth and how much of it counts.
struct VenueDepth {
  DepthCurve curve;
  Ratio unit{power_of_ten(Ratio::decimals)};       ///< of the pool's units in one of the venue's, > 0
  Ratio reachable{power_of_ten(Ratio::decimals)};  ///< the share of it that could be traded on when needed, 0 to 1
};

/// The depth of several venues together, at all of their distances: sum over venues of reachable x unit x their depth
/// within the distance, each rounded down; between the distances of a venue its depth is that of the nearer one, beyond
/// them that of its last. Errors: no venue, an empty curve, a share outside 0 to 1, a unit not above 0, overflow, more
/// than 64 distances.
Result<DepthCurve> pooled_depth(std::span<const VenueDepth> venues);

}  // namespace margrave
