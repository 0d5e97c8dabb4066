#include "study/linear_walk.h"

#include <fmt/core.h>

#include <algorithm>

#include "study/margin_model.h"

namespace margrave {
namespace {

Result<void> check(const WalkSpec& spec) {
  const auto wrong = [](std::string message) { return fail({.message = std::move(message)}); };
  for (const double weight : {spec.reactive_weight, spec.slow_weight}) {
    if (!(weight >= 0 && weight <= 1)) return wrong("the weight of the worst times lies in 0 to 1");
  }
  if (!(spec.factor_low > 0 && spec.factor_low <= spec.factor_high)) return wrong("the factor's bounds are reversed");
  return {};
}

Result<std::size_t> index_of(const std::vector<double>& decays, double decay) {
  const auto found = std::find(decays.begin(), decays.end(), decay);
  if (found != decays.end()) return static_cast<std::size_t>(found - decays.begin());
  return fail({.message = fmt::format("the tails have no decay of {}", decay),
               .field = "decays",
               .remedy = "compute them with tail_spec()"});
}

FactorBounds bounds_of(const WalkSpec& spec) {
  return {.low = spec.factor_low, .high = spec.factor_high, .up = spec.factor_up, .down = spec.factor_down};
}

WalkSide side_of(const WalkSpec& spec, std::size_t fast, std::size_t slow, SideTails tails) {
  const MarginModel reactive{.base = fast, .weight = spec.reactive_weight, .least_margin = spec.least_margin};
  MarginModel model{.base = slow,
                    .weight = spec.slow_weight,
                    .floor_share = spec.floor_share,
                    .least_margin = spec.least_margin,
                    .signal = fast};
  WalkSide side;
  side.reactive = model_margins(reactive, tails);
  side.slow = model_margins(model, tails);
  model.factor = bounds_of(spec);
  side.bounded = model_margins(model, tails);
  side.loss = std::move(tails.loss);
  side.core = std::move(tails.at_decay[fast].value_at_risk);
  side.raw = std::move(tails.at_decay[fast].shortfall);
  return side;
}

}  // namespace

WalkSpec day_walk_spec() {
  WalkSpec spec;
  spec.first = 365;
  spec.stress_count = 250;
  spec.stress_trailing = 30;
  const double up = 1 + spec.factor_up, down = 1 - spec.factor_down;
  spec.factor_up = up * up * up - 1;
  spec.factor_down = 1 - down * down * down;
  return spec;
}

TailSpec tail_spec(const WalkSpec& spec) {
  return {.decays = {spec.fast, spec.slow},
          .least = spec.least,
          .most = spec.most,
          .window = spec.window,
          .first = spec.first,
          .stress_count = spec.stress_count,
          .stress_trailing = spec.stress_trailing,
          .moves_are_log_returns = spec.moves_are_log_returns};
}

double bounded_factor(const WalkSpec& spec, double before, double signal) {
  return next_factor(bounds_of(spec), before, signal);
}

Result<Walk> walk_from_tails(const WalkSpec& spec, LinearTails tails) {
  TRY_VOID(check(spec));
  const std::size_t fast = TRY(index_of(tails.decays, spec.fast)), slow = TRY(index_of(tails.decays, spec.slow));
  Walk walk;
  walk.at = std::move(tails.at);
  walk.long_side = side_of(spec, fast, slow, std::move(tails.long_side));
  walk.short_side = side_of(spec, fast, slow, std::move(tails.short_side));
  return walk;
}

Result<Walk> walk_linear(const WalkSpec& spec, std::span<const double> log_returns, std::span<const double> variances) {
  TRY_VOID(check(spec));
  LinearTails tails = TRY(linear_tails(tail_spec(spec), log_returns, variances));
  return walk_from_tails(spec, std::move(tails));
}

}  // namespace margrave
