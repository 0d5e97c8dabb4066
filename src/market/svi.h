#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "base/result.h"
#include "pricing/svi_slice.h"

namespace margrave {

/// Total variance and its first two derivatives in log-moneyness at one k.
struct SviPoint {
  double variance{0}, slope{0}, curvature{0};
};

/// w(k), w'(k), w''(k) of a slice; k = ln(K / F). Only + - * / sqrt: the same bits everywhere. sigma > 0.
SviPoint svi_point(const SviSlice& slice, double k);
/// w(k) alone.
double total_variance(const SviSlice& slice, double k);

/// Gatheral's g(k): the density of the underlying is positive exactly where g is, so g < 0 is a butterfly arbitrage.
/// Source: Gatheral and Jacquier (2014), "Arbitrage-free SVI volatility surfaces", eq. 2.1. Where w <= 0 it is -inf.
double butterfly_g(const SviPoint& at, double k);
double butterfly_g(const SviSlice& slice, double k);

/// The jump-wings parameters of a slice: what traders read from a smile. Same source, eq. 3.5.
struct SviJumpWings {
  double variance{0};      ///< v: at-the-money variance per year
  double skew{0};          ///< psi: at-the-money slope of vol in k / sqrt(w)
  double put_wing{0};      ///< p: slope of the left wing
  double call_wing{0};     ///< c: slope of the right wing
  double min_variance{0};  ///< v~: smallest variance per year
};
/// years > 0 and w(0) > 0.
SviJumpWings to_jump_wings(const SviSlice& slice, double years);
/// The raw slice of jump-wings parameters; an error when they describe none (|beta| > 1 in lemma 3.2 of the source, or
/// a wing that is negative). years > 0.
Result<SviSlice> from_jump_wings(const SviJumpWings& wings, double years);

/// Lee (2004): a wing of total variance may not rise faster than 2 per unit of log-moneyness. The wings of a slice rise
/// with b (1 - rho) and b (1 + rho), so the bound is b (1 + |rho|) <= 2. (Written for variance per year it carries 1/T;
/// the 4/T of some texts is the weaker form for the sum of both wings.)
bool within_lee_bound(const SviSlice& slice);

/// The grid on which a surface is checked: k = -1.5 .. 1.5 by 0.01.
inline constexpr std::size_t arbitrage_grid_points = 301;
constexpr double arbitrage_grid_k(std::size_t i) { return (static_cast<double>(i) - 150.0) / 100.0; }

/// Smallest g over the grid; negative: butterfly arbitrage.
double min_butterfly(const SviSlice& slice);
/// Smallest w_later(k) - w_earlier(k) over the grid; negative: calendar arbitrage.
double calendar_margin(const SviSlice& earlier, const SviSlice& later);

}  // namespace margrave
