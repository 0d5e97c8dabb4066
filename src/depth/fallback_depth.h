#pragma once

#include <span>

#include "depth/depth_curve.h"

namespace margrave {

/// High, low and traded volume of one period, all periods of one length.
struct TradedRange {
  double high{0}, low{0};  ///< prices, 0 < low <= high
  double volume{0};        ///< contracts, >= 0
};

/// The depth assumed of a market whose book is not known, the same on both sides. Trading q of a volume V costs on
/// average Y sigma sqrt(q / V) of the price (the square-root law of impact), sigma the volatility of V's period. A walk
/// costs that when the size within the distance d is
///
///   D(d) = V (2 d / (3 Y sigma))^2,
///
/// since the last lot then trades at the distance 3/2 Y sigma sqrt(q / V). sigma^2 = mean of ln(high / low)^2 / (4 ln
/// 2) and V = mean volume, over the periods. Rounded down, capped at the limit of sizes (where there was no range at
/// all).
///
/// impact: Y, > 0; 1 is usual. Same bits on every machine: + - * / and stable_log_ratio.
/// Errors: no period, prices that are not 0 < low <= high, a volume below 0, what is not finite, check_distances.
/// Source: Almgren, Thum, Hauptmann, Li, "Direct estimation of equity market impact" (2005); Toth et al., "Anomalous
/// price impact and the critical nature of liquidity in financial markets", Phys. Rev. X 1, 021006 (2011); Parkinson,
/// "The extreme value method for estimating the variance of the rate of return", J. Business 53 (1980).
Result<DepthCurve> fallback_depth(std::span<const TradedRange> periods, double impact,
                                  std::span<const Ratio> distances);

}  // namespace margrave
