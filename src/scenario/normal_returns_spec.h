#pragma once

#include <optional>

#include "document/cursor.h"
#include "volatility/t_copula_sampler.h"

namespace margrave {

/// Joint normal returns with the covariance of a window. normal_returns.h
struct NormalSpec {
  std::int64_t window_days{1000};
  std::int64_t step_seconds{8 * 3600};
  Decimal least_share{5, 1};  ///< a coin with returns on a smaller share of the dates counts as uncovered
  double decay{1};            ///< of the weight of a date, per step back; 1: all count alike
  std::size_t count{8192};    ///< of scenarios, even
  std::uint64_t seed{1};
  Points points{Points::sobol};
};

/// The keys of a set of kind normal but horizon. Errors name file, line, field and remedy.
Result<NormalSpec> read_normal(const Cursor& at);

/// What sets of drawn returns have in common: `count`, even; `points`: philox or sobol, or what is given here.
Result<std::size_t> read_count(const Cursor& at, std::size_t otherwise);
Result<Points> read_points(const Cursor& at, Points otherwise);

}  // namespace margrave
