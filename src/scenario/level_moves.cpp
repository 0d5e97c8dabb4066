#include "scenario/level_moves.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "math/elementary.h"
#include "volatility/least_squares.h"

namespace margrave {
namespace {

constexpr double month_days = 30, least_move = -0.9, most_move = 3;

bool moves_vol(const ScenarioSet& set) {
  return !set.skew.empty() ||
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

/// An expiry's vol at the money.
struct Term {
  double days{0}, distance{0}, vol{0};  ///< distance: of the strike from the forward
};

std::map<Timestamp, Term> terms_of(const Chain& chain, const std::string& underlying) {
  std::map<Timestamp, Term> terms;
  for (const ChainQuote& quote : chain.quotes) {
    const Instrument& option = quote.instrument.terms;
    if (option.kind != Kind::option || quote.instrument.underlying != underlying) continue;
    const double days = 365 * years_between(chain.time, option.expiry);
    if (!(days > 1.0 / 24) || !(quote.mark_vol > 0) || !(quote.underlying_price > 0)) continue;
    const double distance = std::fabs(option.strike.to_double() - quote.underlying_price);
    const auto [at, fresh] = terms.try_emplace(option.expiry, Term{days, distance, quote.mark_vol});
    if (!fresh && distance < at->second.distance) at->second = {days, distance, quote.mark_vol};
  }
  return terms;
}

}  // namespace

Result<LevelFit> fit_level(const std::vector<LevelStep>& steps) {
  if (steps.size() < least_level_steps) {
    return fail({.message = "moves of vol need " + std::to_string(least_level_steps) + " past steps, there are " +
                            std::to_string(steps.size())});
  }
  std::vector<double> cells, targets;
  for (const LevelStep& step : steps) {
    cells.push_back(step.log_return);
    cells.push_back(std::fabs(step.log_return));
    targets.push_back(step.log_level);
  }
  LinearFit line = TRY(least_squares(cells, targets, 2));
  return LevelFit{line.constant, line.slopes[0], line.slopes[1], std::move(line.residuals)};
}

void add_level_moves(const Registry& registry, const LevelFit& fit, ScenarioSet& set) {
  const std::set<std::size_t> coins = moving_coins(registry, set);
  if (moves_vol(set) || coins.empty() || fit.residuals.empty()) return;
  set.vol_term = {.reference_days = month_days, .power_short = 0.3, .power_long = 0.13};
  for (std::size_t s = 0; s < set.size(); ++s) {
    double r = 0;
    for (const std::size_t coin : coins) r += stable_log(set.price[coin][s]) / static_cast<double>(coins.size());
    const double level =
        fit.constant + fit.slope * r + fit.size * std::fabs(r) + fit.residuals[s % fit.residuals.size()];
    set.vol_shock[s] = std::clamp(stable_exp(level) - 1, least_move, most_move);
  }
}

double month_level(const Chain& chain, const std::string& underlying) {
  const std::map<Timestamp, Term> terms = terms_of(chain, underlying);
  const Term* before = nullptr;
  for (const auto& [unused, term] : terms) {
    if (term.days < month_days) {
      before = &term;
      continue;
    }
    if (before == nullptr) return term.vol;
    const double share = (month_days - before->days) / (term.days - before->days);
    const double variance =
        (1 - share) * before->vol * before->vol * before->days + share * term.vol * term.vol * term.days;
    return __builtin_sqrt(variance / month_days);
  }
  return before == nullptr ? absent : before->vol;
}

}  // namespace margrave
