#include "scenario/vol_moves.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "math/elementary.h"
#include "volatility/least_squares.h"
#include "volatility/sobol_points.h"

namespace margrave {
namespace {

constexpr double least_move = -0.9, most_move = 3;
constexpr std::uint64_t seed_of_residuals = 1;

bool moves_vol(const ScenarioSet& set) {
  return !set.skew.empty() || !set.surface.empty() ||
         std::any_of(set.vol_shock.begin(), set.vol_shock.end(), [](double shock) { return shock != 0; });
}

/// The coins of underlyings that move in a set, each once.
std::set<std::size_t> moving_coins(const Registry& registry, const ScenarioSet& set) {
  std::set<std::size_t> coins;
  for (const Underlying& underlying : registry.underlyings()) {
    if (!set.price[underlying.coin.index()].empty()) coins.insert(underlying.coin.index());
  }
  return coins;
}

/// Of 30 days, relative.
double level_shock(double log_level) { return std::clamp(stable_exp(log_level) - 1, least_move, most_move); }

double moved(const VolLine& line, double r) { return line.constant + line.slope * r + line.size * std::fabs(r); }

/// Whether more than the level moves.
bool moves_shape(const VolLines& lines) {
  return std::any_of(lines.begin() + 1, lines.end(), [](const VolLine& line) {
    return line.constant != 0 || line.slope != 0 || line.size != 0 || line.with_level != 0 || line.spread != 0;
  });
}

/// `residual_of(s)` gives the residuals of scenario s.
template <class ResidualOf>
void move_surface(const Registry& registry, const VolLines& lines, ScenarioSet& set, const ResidualOf& residual_of) {
  const std::set<std::size_t> coins = moving_coins(registry, set);
  if (coins.empty()) return;
  set.vol_term = level_term;
  set.surface.assign(moves_shape(lines) ? set.size() : 0, SurfaceMove{});
  for (std::size_t s = 0; s < set.size(); ++s) {
    double r = 0;
    for (const std::size_t coin : coins) r += stable_log(set.price[coin][s]) / static_cast<double>(coins.size());
    VolMove move = residual_of(s);
    for (std::size_t c = 0; c < move.size(); ++c) move[c] += moved(lines[c], r);
    set.vol_shock[s] = level_shock(move[0]);
    if (!set.surface.empty()) set.surface[s] = {.skew = move[1], .wings = move[2], .term = move[3]};
  }
}

/// The steps that have a component.
std::vector<VolStep> having(const std::vector<VolStep>& steps, std::size_t component) {
  std::vector<VolStep> kept;
  std::copy_if(steps.begin(), steps.end(), std::back_inserter(kept),
               [&](const VolStep& step) { return std::isfinite(step.moved[component]); });
  return kept;
}

Result<LinearFit> fit_component(const std::vector<VolStep>& steps, std::size_t component) {
  std::vector<double> cells, targets;
  for (const VolStep& step : steps) {
    cells.push_back(step.log_return);
    cells.push_back(std::fabs(step.log_return));
    targets.push_back(step.moved[component]);
  }
  return least_squares(cells, targets, 2);
}

/// Residuals of all steps, 0 where a step lacks the component.
void keep_residuals(const std::vector<VolStep>& steps, std::size_t component, VolFit& fit) {
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!std::isfinite(steps[i].moved[component])) continue;
    fit.residuals[i][component] = steps[i].moved[component] - moved(fit.lines[component], steps[i].log_return);
  }
}

/// How a component's residuals go with the level's, over the steps that have it, and what is left.
void split_residuals(const std::vector<VolStep>& steps, std::size_t component, VolFit& fit) {
  double count = 0, level = 0, product = 0, square = 0;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    if (!std::isfinite(steps[i].moved[component])) continue;
    const double first = fit.residuals[i][0], own = fit.residuals[i][component];
    level += first * first;
    product += first * own;
    square += own * own;
    ++count;
  }
  VolLine& line = fit.lines[component];
  if (component > 0 && level > 0) line.with_level = product / level;
  line.spread = __builtin_sqrt(std::max(0.0, square - line.with_level * product) / count);
}

}  // namespace

Result<VolFit> fit_vol_moves(const std::vector<VolStep>& steps) {
  VolFit fit;
  fit.residuals.resize(steps.size());
  for (std::size_t c = 0; c < vol_components.size(); ++c) {
    const std::vector<VolStep> known = having(steps, c);
    if (known.size() < least_vol_steps) {
      if (c > 0) continue;
      return fail({.message = "moves of vol need " + std::to_string(least_vol_steps) + " past steps, there are " +
                              std::to_string(known.size())});
    }
    const LinearFit line = TRY(fit_component(known, c));
    fit.lines[c] = {.constant = line.constant, .slope = line.slopes[0], .size = line.slopes[1]};
    keep_residuals(steps, c, fit);
    split_residuals(steps, c, fit);
  }
  return fit;
}

void add_vol_moves(const Registry& registry, const VolFit& fit, ScenarioSet& set) {
  if (moves_vol(set) || fit.residuals.empty()) return;
  move_surface(registry, fit.lines, set, [&](std::size_t s) { return fit.residuals[s % fit.residuals.size()]; });
}

void set_vol_moves(const Registry& registry, const VolMovesSpec& spec, ScenarioSet& set) {
  const SobolPoints points = SobolPoints::scrambled(vol_components.size(), seed_of_residuals).value();
  set.surface_width = spec.width;
  move_surface(registry, spec.lines, set, [&](std::size_t s) {
    VolMove at{}, residual{};
    points.point(s, at);
    for (std::size_t c = 0; c < residual.size(); ++c)
      residual[c] = spec.lines[c].spread * normal_quantile(at[c]) + spec.lines[c].with_level * residual[0];
    return residual;
  });
}

}  // namespace margrave
