#include "study/linear_walk.h"

#include <algorithm>
#include <cmath>

#include "math/elementary.h"
#include "volatility/ewma.h"

namespace margrave {
namespace {

constexpr std::size_t start_steps = 30;
constexpr double tail_of_shortfall = 0.025, tail_of_var = 0.01;

std::size_t tail_count(double share, std::size_t count) {
  return std::max<std::size_t>(1, static_cast<std::size_t>(std::ceil(share * static_cast<double>(count) - 1e-9)));
}

Result<void> check(const WalkSpec& spec, std::span<const double> returns, std::span<const double> variances) {
  const auto wrong = [](std::string message) { return fail({.message = std::move(message)}); };
  if (returns.size() != variances.size()) return wrong("returns and variances differ in number");
  if (spec.window == 0 || spec.first == 0 || spec.stress_count == 0 || spec.stress_trailing == 0)
    return wrong("a walk needs windows of at least one step");
  for (const double weight : {spec.reactive_weight, spec.slow_weight}) {
    if (!(weight >= 0 && weight <= 1)) return wrong("the weight of the worst times lies in 0 to 1");
  }
  if (!(spec.factor_low > 0 && spec.factor_low <= spec.factor_high)) return wrong("the factor's bounds are reversed");
  for (std::size_t t = 0; t < returns.size(); ++t) {
    if (std::isinf(returns[t]) || std::isinf(variances[t]) || variances[t] < 0)
      return wrong("step " + std::to_string(t) + " has a return or variance that is no number of a price");
  }
  return {};
}

/// Standard deviation as it was known before each step.
Result<std::vector<double>> sigmas(double decay, std::span<const double> variances) {
  double sum = 0;
  std::size_t count = 0;
  for (const double variance : variances) {
    if (std::isnan(variance) || count == start_steps) continue;
    sum += variance;
    ++count;
  }
  EwmaVariance average = TRY(EwmaVariance::start({decay, decay}, count == 0 ? 0 : sum / static_cast<double>(count)));
  std::vector<double> before;
  for (const double variance : variances) {
    before.push_back(std::sqrt(average.variance()));
    if (!std::isnan(variance)) TRY_VOID(average.update_square(variance));
  }
  return before;
}

/// The loss of one unit for a log return: of a long one in its fall, of a short one in its rise.
double loss_of(double log_return, bool is_long) {
  const double multiplier = stable_exp(log_return);
  return is_long ? 1.0 - multiplier : multiplier - 1.0;
}

/// Mean of the worst losses and the k-th of them, of scenarios given as log returns. Reorders them.
struct Tails {
  double shortfall{0}, value_at_risk{0};
};
Tails tails_of(std::vector<double>& moves, bool is_long) {
  const std::size_t k = tail_count(tail_of_shortfall, moves.size()), v = tail_count(tail_of_var, moves.size());
  const auto worse = [&](double a, double b) { return is_long ? a < b : a > b; };
  const auto end = moves.begin() + static_cast<std::ptrdiff_t>(k);
  std::nth_element(moves.begin(), end - 1, moves.end(), worse);
  std::sort(moves.begin(), end, worse);
  Tails tails;
  for (std::size_t i = 0; i < k; ++i) tails.shortfall += loss_of(moves[i], is_long);
  tails.shortfall /= static_cast<double>(k);
  tails.value_at_risk = std::max(0.0, loss_of(moves[v - 1], is_long));
  tails.shortfall = std::max(0.0, tails.shortfall);
  return tails;
}

/// The returns so far in the order of the worst times they end.
class WorstTimes {
 public:
  explicit WorstTimes(const WalkSpec& spec) : spec_(spec) {}

  void add(double move) {
    moves_.push_back(move);
    const std::size_t from = moves_.size() < spec_.stress_trailing ? 0 : moves_.size() - spec_.stress_trailing;
    double sum = 0;
    for (std::size_t i = from; i < moves_.size(); ++i) sum += std::fabs(moves_[i]);
    const std::pair<double, std::size_t> entry{-sum / static_cast<double>(moves_.size() - from), moves_.size() - 1};
    order_.insert(std::upper_bound(order_.begin(), order_.end(), entry), entry);
  }
  std::vector<double> scenarios() const {
    std::vector<double> chosen;
    for (std::size_t i = 0; i < std::min(spec_.stress_count, order_.size()); ++i)
      chosen.push_back(moves_[order_[i].second]);
    return chosen;
  }
  const std::vector<double>& all() const { return moves_; }

 private:
  const WalkSpec& spec_;
  std::vector<double> moves_;
  std::vector<std::pair<double, std::size_t>> order_;  ///< largest trailing mean first
};

/// Past moves at the volatility of now.
void filtered(const WalkSpec& spec, std::span<const double> moves, std::span<const double> sigma, double now,
              std::vector<double>& out) {
  const std::size_t from = moves.size() > spec.window ? moves.size() - spec.window : 0;
  out.clear();
  for (std::size_t s = from; s < moves.size(); ++s) {
    const double ratio = sigma[s] > 0 ? now / sigma[s] : 1.0;
    out.push_back(moves[s] * std::clamp(ratio, spec.least, spec.most));
  }
}

/// The state of one side from step to step.
struct SideState {
  double factor{1};
};

}  // namespace

double bounded_factor(const WalkSpec& spec, double before, double signal) {
  const double wanted = std::isfinite(signal) ? std::clamp(signal, spec.factor_low, spec.factor_high) : 1.0;
  return std::min(std::max(wanted, before * (1.0 - spec.factor_down)), before * (1.0 + spec.factor_up));
}

Result<Walk> walk_linear(const WalkSpec& spec, std::span<const double> log_returns, std::span<const double> variances) {
  TRY_VOID(check(spec, log_returns, variances));
  const std::vector<double> fast = TRY(sigmas(spec.fast, variances)), slow = TRY(sigmas(spec.slow, variances));
  Walk walk;
  WorstTimes past(spec);
  std::vector<double> fast_then, slow_then;  // of the steps that have returns
  std::vector<double> scenarios, at_fast, at_slow, stress, all;
  SideState states[2];
  for (std::size_t t = 0; t < log_returns.size(); ++t) {
    if (std::isnan(log_returns[t])) continue;
    if (past.all().size() >= spec.first) {
      walk.at.push_back(t);
      filtered(spec, past.all(), fast_then, fast[t], at_fast);
      filtered(spec, past.all(), slow_then, slow[t], at_slow);
      stress = past.scenarios();
      all = past.all();
      for (const bool is_long : {true, false}) {
        const Tails now = tails_of(at_fast, is_long), base = tails_of(at_slow, is_long);
        const double worst = tails_of(stress, is_long).shortfall, ever = tails_of(all, is_long).shortfall;
        const double slow_base = (1 - spec.slow_weight) * base.shortfall + spec.slow_weight * worst;
        SideState& state = states[is_long ? 0 : 1];
        state.factor = bounded_factor(spec, state.factor, now.shortfall / slow_base);
        WalkSide& side = is_long ? walk.long_side : walk.short_side;
        side.loss.push_back(loss_of(log_returns[t], is_long));
        side.core.push_back(now.value_at_risk);
        side.raw.push_back(now.shortfall);
        side.reactive.push_back((1 - spec.reactive_weight) * now.shortfall + spec.reactive_weight * worst);
        side.slow.push_back(std::max(slow_base, spec.floor_share * ever));
        side.bounded.push_back(std::max(slow_base * state.factor, spec.floor_share * ever));
      }
    }
    past.add(log_returns[t]);
    fast_then.push_back(fast[t]);
    slow_then.push_back(slow[t]);
  }
  return walk;
}

}  // namespace margrave
