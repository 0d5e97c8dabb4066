#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "haircut/haircut_parts.h"

namespace margrave {

/// Published rates are whole ten-thousandths of a dollar's value, rounded up: against the account.
inline constexpr std::int64_t rate_unit = 10'000;
/// The least whole number of ten-thousandths not below a rate in [0, 1]; what floating point left over (1e-9 of one) is
/// none.
std::int64_t rounded_up(double rate);

/// One bracket of a marginal table: what does not count of each dollar from `from_usd` to the next bracket.
struct HaircutTier {
  std::int64_t from_usd{0};
  HaircutParts parts;  ///< at the bracket's upper end, where the amount weighs most
  double rate{0};      ///< their sum, not above 1; never below the bracket before
};

/// Upper ends of brackets for which tables are made; beyond the last nothing counts.
std::span<const std::int64_t> usual_tiers();

/// Brackets from 0 to each end, and a last one at rate 1. Rates are those of the brackets' upper ends, so the table
/// lies above the law it comes from. Errors: ends that do not rise from above 0; HaircutInputs::check().
Result<std::vector<HaircutTier>> haircut_tiers(const HaircutInputs& inputs, std::span<const std::int64_t> ends_usd);

/// The mean rate over an amount >= 0, of rates[n] by bracket; that of the first bracket for 0.
double mean_rate(std::span<const HaircutTier> tiers, std::span<const double> rates, double amount_usd);
/// The mean parts over an amount, each by itself, and what the largest of the first three and all of them come to.
struct MeanHaircut {
  HaircutParts parts;
  double base{0};  ///< mean of the brackets' largest of three; not below the largest mean
  double cut{0};   ///< what the parts add beyond 1
  double rate{0};  ///< base + other parts - cut
};
MeanHaircut mean_haircut(std::span<const HaircutTier> tiers, double amount_usd);

/// What does not count of an amount, by published rates[n], in the amount's own smallest unit, rounded up.
/// unit_per_usd: 1,000,000 for millionths of a dollar. An amount of 0 or less has none.
/// Errors: overflow, rates outside 0 to rate_unit or falling.
Result<std::int64_t> haircut_of(std::span<const HaircutTier> tiers, std::span<const std::int64_t> rates,
                                std::int64_t amount, std::int64_t unit_per_usd);

}  // namespace margrave
