#include "study/linear_tails.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "math/elementary.h"
#include "study/tail_losses.h"
#include "study/worst_times.h"
#include "volatility/ewma.h"

namespace margrave {
namespace {

constexpr std::size_t start_steps = 30;

Result<void> check(const TailSpec& spec, std::span<const double> moves, std::span<const double> variances) {
  const auto wrong = [](std::string message) { return fail({.message = std::move(message)}); };
  if (moves.size() != variances.size()) return wrong("returns and variances differ in number");
  if (spec.window == 0 || spec.first == 0 || spec.stress_count == 0 || spec.stress_trailing == 0)
    return wrong("a walk needs windows of at least one step");
  if (!(spec.least > 0 && spec.least <= spec.most)) return wrong("the bounds of volatility's ratio are reversed");
  for (std::size_t t = 0; t < moves.size(); ++t) {
    if (std::isinf(moves[t]) || std::isinf(variances[t]) || variances[t] < 0)
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

/// Past moves at the volatility of now.
void filter(const TailSpec& spec, std::span<const double> moves, std::span<const double> sigma, double now,
            std::vector<double>& out) {
  out.resize(moves.size());
  for (std::size_t s = 0; s < moves.size(); ++s) {
    const double ratio = sigma[s] > 0 ? now / sigma[s] : 1.0;
    out[s] = moves[s] * std::min(std::max(ratio, spec.least), spec.most);
  }
}

/// The mean of the worst of all history, kept in order.
class AllHistory {
 public:
  explicit AllHistory(TailLosses losses) : losses_(std::move(losses)) {}

  void add(double move) {
    const double loss = losses_.loss_of(move);
    worst_first_.insert(std::upper_bound(worst_first_.begin(), worst_first_.end(), loss, std::greater<>()), loss);
  }
  double shortfall() const {
    const std::size_t k = worst_count(0.025, worst_first_.size());
    double sum = 0;
    for (std::size_t i = 0; i < k; ++i) sum += worst_first_[i];
    return std::max(0.0, sum / static_cast<double>(k));
  }

 private:
  TailLosses losses_;
  std::vector<double> worst_first_;
};

/// One side's tails, and what finds them from step to step.
struct Side {
  SideTails tails;
  std::vector<TailLosses> at_decay;
  TailLosses of_worst;
  AllHistory history;

  Side(bool is_long, const TailSpec& spec, bool moves_are_log_returns)
      : at_decay(spec.decays.size(), TailLosses(is_long, moves_are_log_returns)),
        of_worst(is_long, moves_are_log_returns),
        history(TailLosses(is_long, moves_are_log_returns)) {
    tails.at_decay.resize(spec.decays.size());
  }
};

/// Not a number where a leg has no return.
double profit_of(std::span<const BookLeg> legs, std::size_t t) {
  double profit = 0;
  for (const BookLeg& leg : legs) profit += leg.units * (stable_exp(leg.log_returns[t]) - 1.0);
  return profit;
}
/// The size of the market's move: the mean over the legs.
double size_of(std::span<const BookLeg> legs, std::size_t t) {
  double sum = 0;
  for (const BookLeg& leg : legs) sum += std::fabs(leg.log_returns[t]);
  return sum / static_cast<double>(legs.size());
}

/// The scenarios of a book, from step to step.
class Scenarios {
 public:
  Scenarios(const TailSpec& spec, std::span<const BookLeg> legs)
      : spec_(spec), legs_(legs), past_(legs.size()), sigma_(spec.decays.size()), sigma_then_(spec.decays.size()) {}

  Result<void> start() {
    for (std::size_t d = 0; d < sigma_.size(); ++d) {
      for (const BookLeg& leg : legs_) sigma_[d].push_back(TRY(sigmas(spec_.decays[d], leg.variances)));
      sigma_then_[d].resize(legs_.size());
    }
    return {};
  }

  double move(std::size_t t) const { return is_one() ? legs_[0].log_returns[t] : profit_of(legs_, t); }
  void add(std::size_t t) {
    for (std::size_t leg = 0; leg < legs_.size(); ++leg) {
      past_[leg].push_back(legs_[leg].log_returns[t]);
      for (std::size_t d = 0; d < sigma_.size(); ++d) sigma_then_[d][leg].push_back(sigma_[d][leg][t]);
    }
  }
  /// Those that step t looks at, at one decay, in the order of time.
  void fill(std::size_t decay, std::size_t t, std::vector<double>& out) {
    const std::size_t known = past_[0].size(), from = known > spec_.window ? known - spec_.window : 0;
    const auto moves_of = [&](std::size_t leg, std::vector<double>& moves) {
      filter(spec_, std::span(past_[leg]).subspan(from), std::span(sigma_then_[decay][leg]).subspan(from),
             sigma_[decay][leg][t], moves);
    };
    moves_of(0, out);
    if (is_one()) return;
    std::vector<double>& moves = leg_moves_;
    moves.assign(out.begin(), out.end());
    out.assign(moves.size(), 0.0);
    for (std::size_t leg = 0; leg < legs_.size(); ++leg) {
      if (leg > 0) moves_of(leg, moves);
      stable_exp(best_isa(), moves, moves);
      for (std::size_t s = 0; s < out.size(); ++s) out[s] += legs_[leg].units * (moves[s] - 1.0);
    }
  }
  /// What the scenarios of a step grow with.
  double scale(std::size_t decay, std::size_t t) const { return sigma_[decay][0][t]; }

 private:
  bool is_one() const { return legs_.size() == 1 && legs_[0].units == 1; }

  const TailSpec& spec_;
  std::span<const BookLeg> legs_;
  std::vector<std::vector<double>> past_;                             ///< by leg
  std::vector<std::vector<std::vector<double>>> sigma_, sigma_then_;  ///< by decay and leg
  std::vector<double> leg_moves_;
};

/// The tails of the worst times, which change only when those do.
class WorstTails {
 public:
  explicit WorstTails(const TailSpec& spec) : past_(spec.stress_count, spec.stress_trailing) {}
  void add(double move, double size) { known_ = !past_.add(move, size) && known_; }
  void look(Side (&sides)[2]) {
    if (!known_) {
      const std::vector<double> scenarios = past_.scenarios();
      for (std::size_t i = 0; i < 2; ++i) shortfall_[i] = sides[i].of_worst.of(scenarios, 1.0).shortfall;
    }
    known_ = true;
    for (std::size_t i = 0; i < 2; ++i) sides[i].tails.worst.push_back(shortfall_[i]);
  }

 private:
  WorstTimes past_;
  bool known_{false};
  double shortfall_[2]{};
};

/// `market` says how large the move of a step was.
LinearTails tails_of(const TailSpec& spec, Scenarios& scenarios, std::span<const BookLeg> market,
                     bool moves_are_log_returns) {
  const std::size_t steps = market[0].log_returns.size();
  LinearTails found;
  found.decays = spec.decays;
  Side sides[2] = {Side(true, spec, moves_are_log_returns), Side(false, spec, moves_are_log_returns)};
  WorstTails worst(spec);
  std::vector<double> moves;
  std::size_t known = 0;
  for (std::size_t t = 0; t < steps; ++t) {
    const double move = scenarios.move(t);
    if (std::isnan(move)) continue;
    if (known >= spec.first) {
      found.at.push_back(t);
      for (std::size_t d = 0; d < spec.decays.size(); ++d) {
        scenarios.fill(d, t, moves);
        for (Side& side : sides) {
          const LossTails tails = side.at_decay[d].of(moves, scenarios.scale(d, t));
          side.tails.at_decay[d].shortfall.push_back(tails.shortfall);
          side.tails.at_decay[d].value_at_risk.push_back(tails.value_at_risk);
        }
      }
      worst.look(sides);
      for (Side& side : sides) {
        side.tails.loss.push_back(side.of_worst.loss_of(move));
        side.tails.ever.push_back(side.history.shortfall());
      }
    }
    worst.add(move, size_of(market, t));
    scenarios.add(t);
    for (Side& side : sides) side.history.add(move);
    ++known;
  }
  found.long_side = std::move(sides[0].tails);
  found.short_side = std::move(sides[1].tails);
  return found;
}

}  // namespace

Result<LinearTails> linear_tails(const TailSpec& spec, std::span<const double> moves,
                                 std::span<const double> variances) {
  TRY_VOID(check(spec, moves, variances));
  const BookLeg leg{.units = 1, .log_returns = moves, .variances = variances};
  Scenarios scenarios(spec, std::span(&leg, 1));
  TRY_VOID(scenarios.start());
  return tails_of(spec, scenarios, std::span(&leg, 1), spec.moves_are_log_returns);
}

Result<LinearTails> book_tails(const TailSpec& spec, std::span<const BookLeg> legs, BookFilter filter) {
  if (legs.empty() || !spec.moves_are_log_returns)
    return fail({.message = "a book needs a leg, and legs have log returns", .remedy = "give both"});
  for (const BookLeg& leg : legs) {
    TRY_VOID(check(spec, leg.log_returns, leg.variances));
    if (leg.log_returns.size() != legs[0].log_returns.size() || !std::isfinite(leg.units))
      return fail({.message = "the legs differ in their steps, or one has no size", .remedy = "give them on one grid"});
  }
  if (legs.size() == 1 && legs[0].units == 1) return linear_tails(spec, legs[0].log_returns, legs[0].variances);
  if (filter == BookFilter::each_leg) {
    Scenarios scenarios(spec, legs);
    TRY_VOID(scenarios.start());
    return tails_of(spec, scenarios, legs, false);
  }
  std::vector<double> profits, squares;
  for (std::size_t t = 0; t < legs[0].log_returns.size(); ++t) {
    profits.push_back(profit_of(legs, t));
    squares.push_back(profits.back() * profits.back());
  }
  const BookLeg whole{.units = 1, .log_returns = profits, .variances = squares};
  Scenarios scenarios(spec, std::span(&whole, 1));
  TRY_VOID(scenarios.start());
  return tails_of(spec, scenarios, legs, false);
}

}  // namespace margrave
