#include "depth/fallback_depth.h"

#include <cmath>

#include "math/elementary.h"

namespace margrave {
namespace {

constexpr double four_ln_2 = 2.772588722239781;

tl::unexpected<Error> wrong(std::string message, std::string remedy) {
  return fail({.message = std::move(message), .field = "depth", .remedy = std::move(remedy)});
}

Result<void> check(const TradedRange& period) {
  if (!(period.low >= 1e-15) || !(period.high >= period.low) || !(period.high <= 1e15)) {
    return wrong("a range is not 0 < low <= high", "leave out periods without trades");
  }
  if (!(period.volume >= 0) || !std::isfinite(period.volume)) return wrong("a volume is below 0", "check the column");
  return {};
}

/// Rounded down, within 0 and the limit.
BookSize size_of(double contracts) {
  constexpr double unit = 1e12;
  const double units = contracts * unit;
  if (!(units < static_cast<double>(largest_book_size.raw))) return largest_book_size;
  return BookSize{static_cast<i128>(units)};
}

}  // namespace

Result<DepthCurve> fallback_depth(std::span<const TradedRange> periods, double impact,
                                  std::span<const Ratio> distances) {
  TRY_VOID(check_distances(distances));
  if (periods.empty()) return wrong("there is no period", "give one at least");
  if (!(impact > 0) || !(impact <= 1e6)) return wrong("the impact factor is above 0", "1 is usual");
  double squares = 0, volume = 0;
  for (const TradedRange& period : periods) {
    TRY_VOID(check(period));
    const double range = stable_log_ratio(period.high, period.low);
    squares += range * range;
    volume += period.volume;
  }
  const auto count = static_cast<double>(periods.size());
  const double variance = squares / four_ln_2 / count;
  volume /= count;
  DepthCurve curve{.distances = {distances.begin(), distances.end()}, .bid = {}, .ask = {}};
  for (const Ratio distance : distances) {
    const double d = static_cast<double>(distance.raw) / 1e12;
    const double scaled = 2 * d / (3 * impact);
    curve.bid.push_back(size_of(volume == 0 ? 0 : volume * (scaled * scaled / variance)));
  }
  curve.ask = curve.bid;
  return curve;
}

}  // namespace margrave
