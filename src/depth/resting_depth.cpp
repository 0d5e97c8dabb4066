#include "depth/resting_depth.h"

#include <algorithm>

namespace margrave {
namespace {

constexpr Ratio one{power_of_ten(Ratio::decimals)};

tl::unexpected<Error> wrong(std::string message, std::string remedy) {
  return fail({.message = std::move(message), .field = "depth", .remedy = std::move(remedy)});
}

Result<void> check(std::span<const TimedDepth> depths, std::int64_t begin_us, std::int64_t end_us, Ratio share) {
  if (begin_us >= end_us) return wrong("the window is empty", "end it after it begins");
  if (share.raw <= 0 || share > one) return wrong("a share of time is above 0 and at most 1", "0.95 is 95 %");
  if (depths.empty() || depths.front().time_us > begin_us) {
    return wrong("the depth at the window's begin is not known", "begin the window later");
  }
  for (std::size_t i = 0; i < depths.size(); ++i) {
    TRY_VOID(check_curve(depths[i].curve));
    if (depths[i].curve.distances != depths.front().curve.distances || depths[i].curve.is_empty()) {
      return wrong("the curves have different distances", "take all at the same ones");
    }
    if (i > 0 && depths[i].time_us < depths[i - 1].time_us) return wrong("the times fall", "sort the curves");
  }
  return {};
}

struct Held {
  BookSize size{};
  std::int64_t us{0};
};

/// The largest size that was there for the share of the time; takes the sizes in any order.
BookSize held_for(std::vector<Held>& sizes, std::int64_t window_us, Ratio share) {
  std::sort(sizes.begin(), sizes.end(), [](const Held& a, const Held& b) { return a.size > b.size; });
  const i128 needed = i128{window_us} * share.raw;
  i128 held = 0;
  for (const Held& each : sizes) {
    held += i128{each.us} * one.raw;
    if (held >= needed) return each.size;
  }
  return {};  // not reached: together they last the whole window
}

}  // namespace

Result<DepthCurve> resting_depth(std::span<const TimedDepth> depths, std::int64_t begin_us, std::int64_t end_us,
                                 Ratio share) {
  TRY_VOID(check(depths, begin_us, end_us, share));
  const std::size_t distances = depths.front().curve.distances.size();
  std::vector<std::int64_t> lasts;  // how long each curve holds within the window
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const std::int64_t from = std::max(begin_us, depths[i].time_us);
    const std::int64_t to = i + 1 < depths.size() ? std::min(end_us, depths[i + 1].time_us) : end_us;
    lasts.push_back(std::max<std::int64_t>(0, to - from));
  }
  DepthCurve resting{.distances = depths.front().curve.distances, .bid = {}, .ask = {}};
  std::vector<Held> sizes;
  for (const BookSide side : {BookSide::bid, BookSide::ask}) {
    for (std::size_t d = 0; d < distances; ++d) {
      sizes.clear();
      for (std::size_t i = 0; i < depths.size(); ++i) {
        if (lasts[i] > 0) sizes.push_back({depths[i].curve.side(side)[d], lasts[i]});
      }
      const BookSize size = held_for(sizes, end_us - begin_us, share);
      (side == BookSide::bid ? resting.bid : resting.ask).push_back(size);
    }
  }
  return resting;
}

}  // namespace margrave
