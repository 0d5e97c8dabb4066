#pragma once

#include <span>
#include <vector>

#include "base/fixed.h"
#include "base/result.h"
#include "depth/order_book.h"

namespace margrave {

/// What rests on each side of a market within fixed distances from the mid: bid[i] is the whole size at prices of at
/// least mid (1 - distances[i]), ask[i] at prices of at most mid (1 + distances[i]). Distances rise, within 0 to 1;
/// sizes do not fall outward. Exact. Empty: nothing is known.
struct DepthCurve {
  std::vector<Ratio> distances;
  std::vector<BookSize> bid, ask;

  bool is_empty() const { return distances.empty(); }
  const std::vector<BookSize>& side(BookSide which) const { return which == BookSide::bid ? bid : ask; }
  friend bool operator==(const DepthCurve&, const DepthCurve&) = default;
};

/// 1, 2, 5, 10, 20, 50 basis points and 1, 2, 3, 4, 5 %.
std::vector<Ratio> usual_distances();

inline constexpr std::size_t most_distances = 64;

/// Errors: none or more than 64 distances, one that is not above 0 or above 1, distances that do not rise.
Result<void> check_distances(std::span<const Ratio> distances);
/// Errors: those of check_distances, a side of another length, a size that is negative, beyond its limit, or falls
/// outward. An empty curve is fine.
Result<void> check_curve(const DepthCurve& curve);

/// The curve of a book around the middle of its best bid and ask, exact. Errors: those of check_distances; a side
/// without orders or a crossed book, which have no mid; sizes that sum beyond their limit.
Result<DepthCurve> depth_of(const OrderBook& book, std::span<const Ratio> distances);

/// How far from the mid a book is known whole, on both sides, rounded down; 0 where its mid has left the snapshot. At
/// larger distances its curve has only the levels that changed since: a lower bound.
Ratio known_distance(const OrderBook& book);

/// The size within a distance: that of the largest distance of the curve at or below it, 0 below the first.
BookSize depth_within(const DepthCurve& curve, BookSide side, Ratio distance);

}  // namespace margrave
