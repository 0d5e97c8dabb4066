#include "haircut/haircut_estimator.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/elementary.h"
#include "study/quantile.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

constexpr std::size_t start_steps = 30;
constexpr double covered = 20.0 / 24;

Result<void> check(const HaircutSpec& spec, const AssetFacts& facts) {
  const auto wrong = [](std::string message) {
    return fail({.kind = ErrorKind::config, .message = std::move(message)});
  };
  for (const double share :
       {spec.fast, spec.slow, spec.tail, spec.drawdown_share, spec.volume_quantile, facts.confidence}) {
    if (!(share >= 0 && share <= 1)) return wrong("a share in the rules of haircuts lies outside 0 to 1");
  }
  if (!(spec.least > 0 && spec.least <= spec.most)) return wrong("the bounds of the volatility filter are reversed");
  if (spec.window == 0 || spec.first <= start_steps || !(spec.tail > 0) || !(spec.degrees > 2))
    return wrong("haircuts need more than 30 falls, a tail, and more than two degrees of freedom");
  if (spec.drawdown_window == 0 || spec.volume_window == 0) return wrong("a window of haircuts has no steps");
  const SpeedLimit& limit = spec.limit;
  if (!(limit.up >= 0 && limit.least_rise >= 0 && limit.down >= 0 && limit.down <= 1))
    return wrong("the speed limits of haircuts are no shares");
  if (facts.peg && facts.peg->ratio && !(*facts.peg->ratio > 0)) return wrong("a promised ratio is above 0");
  HaircutInputs given;
  given.exit = spec.exit;
  given.concentration = facts.concentration;
  given.sold_first_usd = facts.sold_first_usd;
  given.custody = facts.custody;
  given.chain = facts.chain;
  given.bridge = facts.bridge;
  given.issuer = facts.issuer;
  return given.check();
}

}  // namespace

HaircutEstimator::HaircutEstimator(const HaircutSpec& spec, const AssetFacts& facts)
    : spec_(spec), facts_(facts), limited_(spec.limit), t_shortfall_(unit_t_tail(spec.tail, spec.degrees).es) {}

Result<HaircutEstimator> HaircutEstimator::start(const HaircutSpec& spec, const AssetFacts& facts) {
  TRY_VOID(check(spec, facts));
  return HaircutEstimator(spec, facts);
}

void HaircutEstimator::restart() {
  limited_.reset();
  first_variances_.clear();
  pending_.clear();
  falls_.clear();
  levels_.clear();
  volumes_.clear();
  fast_ = slow_ = 0;
}

/// Both averages start from the mean of the first thirty steps; until then it is that of those so far.
void HaircutEstimator::add_variance(double variance) {
  if (std::isnan(variance)) return;
  if (first_variances_.size() < start_steps) {
    first_variances_.push_back(variance);
    double sum = 0;
    for (const double one : first_variances_) sum += one;
    fast_ = slow_ = sum / static_cast<double>(first_variances_.size());
    return;
  }
  fast_ = spec_.fast * fast_ + (1 - spec_.fast) * variance;
  slow_ = spec_.slow * slow_ + (1 - spec_.slow) * variance;
}

/// The fall of the 24 hours to t, if its price at the start is known.
void HaircutEstimator::add_fall(const PriceSteps& steps, std::size_t t) {
  if (pending_.size() < steps.day() || steps.covered[t] < covered - 1e-12) return;
  const double start = levels_[levels_.size() - 1 - steps.day()].close;
  if (std::isnan(start) || std::isnan(steps.capped_low[t])) return;
  Fall fall = pending_.front();
  fall.log_fall = std::min(0.0, stable_log_ratio(steps.capped_low[t], start));
  falls_.push_back(fall);
  if (falls_.size() > spec_.window) falls_.erase(falls_.begin());
}

/// Mean of the worst share of past falls at the volatility of now, in parts of the price.
double HaircutEstimator::volatility_part(double Fall::*then, double now, std::size_t day) const {
  std::vector<double> moves;
  moves.reserve(falls_.size());
  for (const Fall& fall : falls_) {
    const double ratio = fall.*then > 0 ? now / fall.*then : 1.0;
    moves.push_back(fall.log_fall * std::clamp(ratio, spec_.least, spec_.most));
  }
  const auto k = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::ceil(spec_.tail * static_cast<double>(moves.size()) - 1e-9)));
  const auto end = moves.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(moves.begin(), end - 1, moves.end());
  std::sort(moves.begin(), end);
  double sum = 0;
  for (auto move = moves.begin(); move != end; ++move) sum += 1 - stable_exp(*move);
  const double measured = sum / static_cast<double>(k);
  if (falls_.size() >= spec_.enough) return measured;
  const double sigma = now * std::sqrt(static_cast<double>(day));
  return std::max(measured, 1 - stable_exp(-t_shortfall_ * sigma));
}

/// The deepest falls of half a year: of the low of 24 hours below the close before them, and below any close before.
void HaircutEstimator::measure_falls(std::size_t day, HaircutNow& now) const {
  double peak = 0;
  for (std::size_t i = day; i < levels_.size(); ++i) {
    const double start = levels_[i - day].close, low = levels_[i].low;
    if (!std::isnan(start)) peak = std::max(peak, start);
    if (std::isnan(low)) continue;
    if (peak > 0) now.deepest_fall = std::max(now.deepest_fall, 1 - low / peak);
    if (!std::isnan(start) && levels_[i].whole) now.deepest_day = std::max(now.deepest_day, 1 - low / start);
  }
}

/// What can be counted on: a low quantile of the days so far, or the last day where that is less. 0 if none is known.
double HaircutEstimator::volume() const {
  if (volumes_.empty()) return 0;
  std::vector<double> sorted(volumes_.begin(), volumes_.end());
  std::sort(sorted.begin(), sorted.end());
  return std::min(volumes_.back(), sorted_quantile(sorted, spec_.volume_quantile));
}

Result<std::optional<HaircutNow>> HaircutEstimator::add(const PriceSteps& steps, const PegSteps& peg, std::size_t t) {
  if (steps.asset[t] != asset_) restart();
  asset_ = steps.asset[t];
  const std::size_t day = steps.day();
  add_variance(steps.variance[t]);
  levels_.push_back({steps.close[t], steps.capped_low[t], steps.covered[t] >= covered - 1e-12});
  if (levels_.size() > spec_.drawdown_window + day) levels_.pop_front();
  if (levels_.size() > day) add_fall(steps, t);
  pending_.push_back({0, std::sqrt(fast_), std::sqrt(slow_)});
  if (pending_.size() > day) pending_.pop_front();
  if (!std::isnan(steps.volume_usd[t])) volumes_.push_back(steps.volume_usd[t]);
  if (volumes_.size() > spec_.volume_window) volumes_.pop_front();
  if (falls_.size() < spec_.first || std::isnan(steps.close[t])) return std::nullopt;

  HaircutNow now;
  now.history = falls_.size();
  now.volatility_fast = volatility_part(&Fall::fast, std::sqrt(fast_), day);
  now.volatility_slow = volatility_part(&Fall::slow, std::sqrt(slow_), day);
  measure_falls(day, now);
  HaircutInputs& inputs = now.inputs;
  inputs.volatility = std::max(now.volatility_fast, now.volatility_slow);
  inputs.drawdown = std::max(now.deepest_day, spec_.drawdown_share * now.deepest_fall);
  inputs.exit = spec_.exit;
  inputs.exit.sigma = std::sqrt(std::max(fast_, slow_) * static_cast<double>(day));
  inputs.exit.volume_usd = volume();
  inputs.sold_first_usd = facts_.sold_first_usd;
  inputs.concentration = facts_.concentration;
  if (facts_.peg && t < peg.least.size()) {
    const std::optional<double> ratio = facts_.peg->ratio              ? facts_.peg->ratio
                                        : facts_.peg->follows == "USD" ? std::optional<double>(1.0)
                                                                       : std::nullopt;
    now.deviation =
        deviation_of(spec_.depeg, std::span(peg.least).first(t + 1), std::span(peg.last).first(t + 1), ratio);
  }
  inputs.depeg = depeg_part(spec_.depeg, now.deviation, facts_.confidence);
  inputs.custody = facts_.custody;
  inputs.chain = facts_.chain;
  inputs.bridge = facts_.bridge;
  inputs.issuer = facts_.issuer;
  now.tiers = TRY(haircut_tiers(inputs, spec_.tiers_usd));
  std::vector<double> wanted;
  for (const HaircutTier& tier : now.tiers) wanted.push_back(tier.rate);
  limited_.update(wanted);
  now.announced = limited_.announced();
  now.existing = limited_.existing();
  return now;
}

}  // namespace margrave
