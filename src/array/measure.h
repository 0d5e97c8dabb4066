#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "array/scenario_vector.h"

namespace margrave {

/// What a measure is taken of: values in some scenarios against the value now. The loss in scenario s is now -
/// value(s).
///
/// `values` is one of two widths, the other is empty; value i belongs to column first + i. A vector of profits that is
/// no account's value (a component's own) has now = 0.
struct Outcomes {
  std::span<const std::int64_t> narrow{};
  std::span<const i128> wide{};
  i128 now{0};
  int exponent{0};  ///< of now and of every value
  std::uint32_t first{0};

  std::size_t size() const { return narrow.size() + wide.size(); }
  i128 value(std::size_t i) const { return narrow.empty() ? wide[i] : i128{narrow[i]}; }
};
/// An account's values in a set of scenarios.
Outcomes outcomes_of(const ScenarioVector& vector, const ScenarioRange& range);

/// A measure, exactly: amount * 2^exponent / divisor USD, positive = a loss (it may be negative: no scenario loses).
struct Measured {
  i128 amount{0};
  i128 divisor{1};
  int exponent{0};
  std::vector<std::uint32_t> tail{};  ///< columns that make it up, worst first; equal losses by lowest column
};

/// k = ceil((1 - confidence) * count), the number of scenarios in a tail; at least 1, since confidence < 1.
/// Error: a confidence outside [0, 1).
Result<std::size_t> tail_count(Ratio confidence, std::size_t count);

/// The largest loss; among equals the lowest column.
/// Errors, of all measures: an empty set of scenarios, a k outside 1 .. size, a result beyond 128 bits.
Result<Measured> worst(const Outcomes& outcomes);

/// The largest loss * weight, weights by column of the array (RiskArray::weight); divisor = 10^12.
Result<Measured> weighted_worst(const Outcomes& outcomes, const RiskArray& weights);

/// The k-th worst loss. tail holds its one column. Source: the empirical quantile of McNeil, Frey, Embrechts,
/// Quantitative Risk Management (2015), section 9.2.6, taken at a scenario: nothing is interpolated.
Result<Measured> value_at_risk(const Outcomes& outcomes, std::size_t k);

/// The mean of the k worst losses: amount is their sum, divisor is k, and to_usd(.., Round::up) goes against the
/// account. Source: Acerbi, Tasche, "On the coherence of expected shortfall" (2002), eq. 4.12, for k = (1 - c) * S
/// whole.
Result<Measured> expected_shortfall(const Outcomes& outcomes, std::size_t k);

/// value * 2^exponent / divisor in USD of 10^-9, exact in 256 bits until the one rounding that is named.
/// divisor > 0. Error: the result leaves 128 bits.
Result<Usd> to_usd(i128 value, int exponent, i128 divisor, Round round);
Result<Usd> to_usd(const Measured& measured, Round round);

}  // namespace margrave
