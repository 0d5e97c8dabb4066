#pragma once

#include <span>
#include <vector>

#include "market/svi.h"

namespace margrave {

/// A vol that a slice should have at k, or (as a floor) at least have.
struct SviTarget {
  double k{0};
  double vol{0};     ///< annualised, > 0
  double weight{1};  ///< of the squared error in vol points; > 0
};

/// Fit one slice to targets, with the arbitrage conditions as penalties.
struct SviProblem {
  double years{0};                     ///< > 0
  std::span<const SviTarget> targets;  ///< at least 1
  std::span<const SviTarget> floors;   ///< soft: the vols of shorter expiries at this expiry's years; may be empty
  const SviSlice* ceiling{nullptr};    ///< hard: the next expiry's slice, nullptr when there is none
};

/// The slice that minimises the weighted squared vol error plus penalties for g(k) < 0, for variance above the ceiling
/// and below the floors, within Lee's bound, with positive variance everywhere.
///
/// Method: quasi-explicit start (de Marco and Martini 2009, "Quasi-explicit calibration of Gatheral's SVI model": for
/// fixed m and sigma the rest is a linear least squares), then Levenberg-Marquardt on the logs of minimal variance,
/// both wing slopes and sigma, and on m, with the penalties raised in stages. Deterministic; about 0.3 ms. The result
/// may still violate a condition by a little where conditions conflict: check it (svi_fit does).
SviSlice solve_svi(const SviProblem& problem);

}  // namespace margrave
