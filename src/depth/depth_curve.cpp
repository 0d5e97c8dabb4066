#include "depth/depth_curve.h"

#include <algorithm>

#include "base/mul_div.h"

namespace margrave {
namespace {

constexpr Ratio one{power_of_ten(Ratio::decimals)};

tl::unexpected<Error> wrong(std::string message, std::string remedy) {
  return fail({.message = std::move(message), .field = "depth", .remedy = std::move(remedy)});
}

/// The sizes of one side within each distance; `is_within(price, i)` never turns false again farther out.
template <class Side, class Within>
Result<std::vector<BookSize>> cumulate(const Side& side, std::size_t distances, Within&& is_within) {
  std::vector<BookSize> sizes;
  BookSize sum;
  auto level = side.begin();
  for (std::size_t i = 0; i < distances; ++i) {
    for (; level != side.end() && is_within(level->first, i); ++level) sum += level->second;
    if (sum > largest_book_size) return wrong("the sizes of a book sum beyond their limit", "check their unit");
    sizes.push_back(sum);
  }
  return sizes;
}

/// mid (1 + sign * distance) of the sum of bid and ask, rounded as named.
Result<BookPrice> price_at(i128 twice_mid, i128 factor, Round round) {
  BookPrice price;
  if (!mul_div(twice_mid, factor, 2 * one.raw, round, price.raw)) return wrong("a price is too large", "check it");
  return price;
}

Result<void> check_side(const DepthCurve& curve, const std::vector<BookSize>& sizes) {
  if (sizes.size() != curve.distances.size()) {
    return wrong("a side of the depth has another length than its distances", "give a size for each distance");
  }
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i].raw < 0 || sizes[i] > largest_book_size) {
      return wrong("a depth of " + to_string(sizes[i]) + " is out of range", "give the size within the distance");
    }
    if (i > 0 && sizes[i] < sizes[i - 1]) {
      return wrong("the depth within " + to_string(curve.distances[i]) + " is below that nearer to the mid",
                   "sizes are cumulative: they do not fall outward");
    }
  }
  return {};
}

}  // namespace

std::vector<Ratio> usual_distances() {
  std::vector<Ratio> distances;
  const i128 basis_point = one.raw / 10'000;
  for (const int points : {1, 2, 5, 10, 20, 50, 100, 200, 300, 400, 500}) distances.push_back({points * basis_point});
  return distances;
}

Result<void> check_distances(std::span<const Ratio> distances) {
  if (distances.empty() || distances.size() > most_distances) {
    return wrong("a depth has 1 to " + std::to_string(most_distances) + " distances", "leave some out");
  }
  for (std::size_t i = 0; i < distances.size(); ++i) {
    if (distances[i].raw <= 0 || distances[i] > one) {
      return wrong("a distance of " + to_string(distances[i]) + " is not above 0 and at most 1", "0.01 is 1 %");
    }
    if (i > 0 && distances[i] <= distances[i - 1]) return wrong("the distances do not rise", "sort them, each once");
  }
  return {};
}

Result<void> check_curve(const DepthCurve& curve) {
  if (!curve.is_empty() || !curve.bid.empty() || !curve.ask.empty()) TRY_VOID(check_distances(curve.distances));
  TRY_VOID(check_side(curve, curve.bid));
  return check_side(curve, curve.ask);
}

Result<DepthCurve> depth_of(const OrderBook& book, std::span<const Ratio> distances) {
  TRY_VOID(check_distances(distances));
  const auto top = book.top();
  if (!top) return wrong("a side of the book has no orders", "wait for both, or use the fall-back");
  if (book.is_crossed()) return wrong("the book is crossed", "start again from a snapshot");
  const i128 twice_mid = top->bid.raw + top->ask.raw;
  std::vector<BookPrice> lowest, highest;
  for (const Ratio distance : distances) {
    lowest.push_back(TRY(price_at(twice_mid, one.raw - distance.raw, Round::up)));
    highest.push_back(TRY(price_at(twice_mid, one.raw + distance.raw, Round::down)));
  }
  DepthCurve curve{.distances = {distances.begin(), distances.end()}, .bid = {}, .ask = {}};
  curve.bid = TRY(cumulate(book.bids(), lowest.size(), [&](BookPrice p, std::size_t i) { return p >= lowest[i]; }));
  curve.ask = TRY(cumulate(book.asks(), highest.size(), [&](BookPrice p, std::size_t i) { return p <= highest[i]; }));
  return curve;
}

Ratio known_distance(const OrderBook& book) {
  const auto top = book.top();
  if (!top) return {};
  const i128 twice_mid = top->bid.raw + top->ask.raw;
  const i128 room = std::min(twice_mid - 2 * book.lowest_known().raw, 2 * book.highest_known().raw - twice_mid);
  Ratio distance;
  if (room <= 0 || !mul_div(room, one.raw, twice_mid, Round::down, distance.raw)) return {};
  return std::min(distance, one);
}

BookSize depth_within(const DepthCurve& curve, BookSide side, Ratio distance) {
  const auto after = std::upper_bound(curve.distances.begin(), curve.distances.end(), distance);
  if (after == curve.distances.begin()) return {};
  return curve.side(side)[static_cast<std::size_t>(after - curve.distances.begin()) - 1];
}

}  // namespace margrave
