#include "depth/pooled_depth.h"

#include <algorithm>

#include "base/mul_div.h"

namespace margrave {
namespace {

constexpr Ratio one{power_of_ten(Ratio::decimals)};

tl::unexpected<Error> wrong(std::string message, std::string remedy) {
  return fail({.message = std::move(message), .field = "depth", .remedy = std::move(remedy)});
}

Result<void> check(const VenueDepth& venue) {
  TRY_VOID(check_curve(venue.curve));
  if (venue.curve.is_empty()) return wrong("a venue has no depth", "leave it out");
  if (venue.reachable.raw < 0 || venue.reachable > one) return wrong("a reachable share is 0 to 1", "0.5 is half");
  if (venue.unit.raw <= 0) return wrong("a venue's unit is above 0", "give contracts of the pool in one of the venue");
  return {};
}

Result<BookSize> counted(const VenueDepth& venue, BookSide side, Ratio distance) {
  BookSize size = depth_within(venue.curve, side, distance);
  if (mul_div(size.raw, venue.unit.raw, one.raw, Round::down, size.raw) &&
      mul_div(size.raw, venue.reachable.raw, one.raw, Round::down, size.raw) && size <= largest_book_size) {
    return size;
  }
  return wrong("a venue's depth in the pool's unit is out of range", "check its unit");
}

}  // namespace

Result<DepthCurve> pooled_depth(std::span<const VenueDepth> venues) {
  if (venues.empty()) return wrong("there is no venue", "give one, or use the fall-back");
  DepthCurve pool;
  for (const VenueDepth& venue : venues) {
    TRY_VOID(check(venue));
    pool.distances.insert(pool.distances.end(), venue.curve.distances.begin(), venue.curve.distances.end());
  }
  std::sort(pool.distances.begin(), pool.distances.end());
  pool.distances.erase(std::unique(pool.distances.begin(), pool.distances.end()), pool.distances.end());
  for (const Ratio distance : pool.distances) {
    BookSize bid, ask;
    for (const VenueDepth& venue : venues) {
      bid += TRY(counted(venue, BookSide::bid, distance));
      ask += TRY(counted(venue, BookSide::ask, distance));
    }
    pool.bid.push_back(bid);
    pool.ask.push_back(ask);
  }
  TRY_VOID(check_curve(pool));
  return pool;
}

}  // namespace margrave
