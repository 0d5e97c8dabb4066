#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "haircut/asset_facts.h"
#include "haircut/depeg.h"
#include "haircut/haircut_tiers.h"
#include "haircut/price_steps.h"
#include "haircut/speed_limit.h"

namespace margrave {

/// The numbers of the rules. Counts are steps of eight hours.
struct HaircutSpec {
  double fast{0.94}, slow{0.99};       ///< decays of the exponentially weighted variance, as in dynamic margin
  double least{1.0 / 3.0}, most{3.0};  ///< bounds of volatility now over volatility then
  std::size_t window{3000};            ///< falls over 24 hours that are scenarios
  std::size_t first{180};              ///< of them before the first haircut; until then nothing counts
  double tail{0.01};                   ///< share of scenarios whose mean is taken
  std::size_t enough{1000};            ///< scenarios; with fewer also a t distribution
  double degrees{4};                   ///< of freedom of that
  std::size_t drawdown_window{540};    ///< half a year
  double drawdown_share{0.25};         ///< of the deepest fall from a peak; the deepest of 24 hours counts whole
  std::size_t volume_window{90};       ///< of which the
  double volume_quantile{0.1};         ///< is what a day's volume can be counted on for
  ExitCost exit{};                     ///< half spread, coefficient and participation
  DepegRules depeg{};
  SpeedLimit limit{};
  std::vector<std::int64_t> tiers_usd{usual_tiers().begin(), usual_tiers().end()};
};

/// A haircut at one moment and what it was made of.
struct HaircutNow {
  HaircutInputs inputs;
  double volatility_fast{0}, volatility_slow{0};
  double deepest_day{0}, deepest_fall{0};  ///< within half a year: over 24 hours; from a peak
  Deviation deviation;
  std::size_t history{0};          ///< falls known of this asset
  std::vector<HaircutTier> tiers;  ///< without speed limits: for new holdings, at once
  std::vector<double> announced;   ///< rates by tier under the limits
  std::vector<double> existing;    ///< what binds existing holdings: the same, after notice
};

/// Haircuts of one asset, step by step: each from what was known at the step, so nothing later can change it.
///
/// A fall of 24 hours is from the close at its start to the least price in it. Volatility is known at its start.
/// Source: docs/methods/haircuts.md.
class HaircutEstimator {
 public:
  /// Errors: numbers of the spec or facts outside their ranges.
  static Result<HaircutEstimator> start(const HaircutSpec& spec, const AssetFacts& facts);

  /// Takes in step t of steps (peg: of the same length, or empty); call it for 0, 1, 2, ... None where the price is not
  /// known or too little history is.
  Result<std::optional<HaircutNow>> add(const PriceSteps& steps, const PegSteps& peg, std::size_t t);

 private:
  HaircutEstimator(const HaircutSpec& spec, const AssetFacts& facts);
  struct Fall {
    double log_fall{0}, fast{0}, slow{0};  ///< and volatilities of a step, known at its start
  };
  struct Level {
    double close, low;
    bool whole;  ///< all but few bars of its 24 hours are there
  };
  void restart();
  void add_variance(double variance);
  void add_fall(const PriceSteps& steps, std::size_t t);
  double volatility_part(double Fall::*then, double now, std::size_t day) const;
  void measure_falls(std::size_t day, HaircutNow& now) const;
  double volume() const;

  HaircutSpec spec_;
  AssetFacts facts_;
  LimitedRates limited_;
  double t_shortfall_{0};  ///< of a t of variance 1
  std::size_t asset_{0};
  std::vector<double> first_variances_;
  double fast_{0}, slow_{0};  ///< variances of the next step
  std::deque<Fall> pending_;  ///< volatilities of the last day's steps
  std::vector<Fall> falls_;
  std::deque<Level> levels_;    ///< of half a year
  std::deque<double> volumes_;  ///< known ones
};

}  // namespace margrave
