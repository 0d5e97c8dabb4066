#include "haircut/haircut_judgement.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr double hour_ms = 3'600'000;

/// Hours since which rates were at least `level` without a break until the last known; else the first after.
std::optional<double> since(std::span<const HaircutOutcome> known, std::span<const HaircutOutcome> after,
                            HaircutRate rate, std::size_t amount, double level, std::int64_t at_ms) {
  std::optional<double> hours;
  const auto from = [&](const HaircutOutcome& one) { return static_cast<double>(at_ms - one.at_ms) / hour_ms; };
  for (std::size_t i = known.size(); i-- > 0 && known[i].rates[amount].*rate >= level;) hours = from(known[i]);
  for (std::size_t i = 0; i < after.size() && !hours; ++i) {
    if (after[i].rates[amount].*rate >= level) hours = from(after[i]);
  }
  return hours;
}

}  // namespace

HaircutJudgement judge_haircuts(std::span<const HaircutOutcome> outcomes, HaircutRate rate, std::size_t amount) {
  HaircutJudgement judgement;
  for (const HaircutOutcome& outcome : outcomes) {
    if (outcome.at_ms % day_ms != 0) continue;
    const double haircut = outcome.rates[amount].*rate, excess = outcome.loss_to_low(amount) - haircut;
    ++judgement.days;
    judgement.mean += haircut;
    if (outcome.loss_to_close(amount) > haircut) ++judgement.exceeded_at_close;
    if (!(excess > 0)) continue;
    ++judgement.exceeded;
    judgement.uncovered += excess;
    if (excess > judgement.worst_excess) {
      judgement.worst_excess = excess;
      judgement.worst_ms = outcome.at_ms;
    }
  }
  if (judgement.days == 0) return judgement;
  judgement.mean /= static_cast<double>(judgement.days);
  judgement.uncovered /= static_cast<double>(judgement.days);
  return judgement;
}

std::optional<HaircutLead> haircut_lead(std::span<const HaircutOutcome> outcomes, HaircutRate rate, std::size_t amount,
                                        std::int64_t at_ms) {
  const auto first = std::find_if(outcomes.begin(), outcomes.end(),
                                  [&](const HaircutOutcome& one) { return one.at_ms >= at_ms - 30 * day_ms; });
  const auto last = std::find_if(first, outcomes.end(), [&](const HaircutOutcome& one) { return one.at_ms > at_ms; });
  const auto until =
      std::find_if(last, outcomes.end(), [&](const HaircutOutcome& one) { return one.at_ms > at_ms + 10 * day_ms; });
  const std::span<const HaircutOutcome> known(first, last), after(last, until);
  if (known.empty()) return std::nullopt;
  HaircutLead lead;
  lead.before = known.front().rates[amount].*rate;
  lead.at = known.back().rates[amount].*rate;
  lead.quarter = since(known, after, rate, amount, 1.25 * lead.before, at_ms);
  lead.doubled = since(known, after, rate, amount, 2 * lead.before, at_ms);
  return lead;
}

}  // namespace margrave
