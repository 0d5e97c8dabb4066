#pragma once

#include "array/depth_ladder.h"

namespace margrave {

/// How far on average, weighed with lots, the orders lie that closing a position takes: sum of lots x distance, in
/// units of 10^-18 (10^-6 lots x 10^-12). A long sells into the bids, a short buys from the asks, of which a share
/// `stress` is there, rounded down:
///
/// * what lies between two distances of the ladder is taken at the farther one;
/// * beyond its last distance d the ladder is taken to begin again: each further book of the same whole size lies
///   another d away. Nothing is farther than the price itself: from there on, and where nothing rests at all, the
///   distance is 1.
///
/// So the result is convex in the lots, 0 only for none, never falls with them, and never rises with the depth. stress
/// in 0 to 1. False where it leaves 128 bits. Source: docs/methods/depth.md
[[nodiscard]] bool walk(const DepthLadder& ladder, std::int64_t lots, Ratio stress, i128& out);

}  // namespace margrave
