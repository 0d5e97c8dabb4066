#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// How many of a series' losses its margins did not cover.
struct BreachCount {
  std::size_t observations{0};
  std::size_t breaches{0};  ///< <= observations
};

/// The order of covered and uncovered observations, as far as the coverage tests look at it.
struct BreachPath {
  BreachCount count{};
  std::size_t runs{0};  ///< of breaches without a covered observation between them
  bool first{false};    ///< the first observation is a breach
  bool last{false};     ///< the last observation is a breach
};

/// A loss above its margin is a breach; a loss equal to it is covered.
struct Breaches {
  std::size_t observations{0};
  std::vector<std::size_t> at{};  ///< indices, ascending
  double uncovered{0};            ///< mean over all observations of max(loss - margin, 0), unit of the losses
  double mean_excess{0};          ///< mean of loss - margin over the breaches; 0 without any
  double worst_excess{0};         ///< largest of them; 0 without any
};

/// The breaches of one series of margins, each known before its loss.
///
/// Shapes:  losses[n], margins[n]; n >= 0.
/// Units:   both in one currency, or both per unit of entry notional; losses > 0 are against the account.
/// Edges:   n == 0 gives zeros.
/// Errors:  different lengths; a number that is not finite.
/// Source:  measurement rule M3. docs/methods/coverage_tests.md
Result<Breaches> find_breaches(std::span<const double> losses, std::span<const double> margins);

/// Breaches per observation; 0 without observations.
double breach_rate(const BreachCount& count);
BreachCount count_of(const Breaches& breaches);
BreachPath path_of(const Breaches& breaches);

}  // namespace margrave
