#pragma once

#include <cstdint>
#include <span>

#include "depth/depth_curve.h"

namespace margrave {

/// A curve that holds from its time until that of the next.
struct TimedDepth {
  std::int64_t time_us{0};
  DepthCurve curve;
};

/// The depth that was there for at least `share` of the time from begin_us to end_us: per side and distance
///
///   R(d) = the largest x with   time in [begin, end) with D(d) >= x   >=   share (end - begin).
///
/// share 1 is the least depth of any moment; 0.95 the depth exceeded 95 % of the time. Orders of any size that rest for
/// a share w of the window lift R at most to what it would be, without them, of share - w: so where the depth without
/// them was there for share - w too, they change nothing, and their own size never counts.
///
/// depths: at least one, in order of time, all of one set of distances, the first at or before begin_us; what lies
/// outside the window is passed over. share in (0, 1].
/// Errors: those, and a window that ends before it begins. Exact. Source: docs/methods/depth.md
Result<DepthCurve> resting_depth(std::span<const TimedDepth> depths, std::int64_t begin_us, std::int64_t end_us,
                                 Ratio share);

}  // namespace margrave
