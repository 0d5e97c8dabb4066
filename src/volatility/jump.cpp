#include "volatility/jump.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "math/elementary.h"
#include "volatility/series.h"

namespace margrave {
namespace {

constexpr double half_pi = 1.5707963267948966192, log_pi = 1.1447298858494001741;
constexpr double root_two_over_pi = 0.79788456080286535588;

}  // namespace

double jump_threshold(const JumpRule& rule) {
  const double log_n = stable_log(static_cast<double>(rule.sample)), root = std::sqrt(2 * log_n);
  const double center = (root - (log_pi + stable_log(log_n)) / (2 * root)) / root_two_over_pi;
  const double scale = 1 / (root_two_over_pi * root);
  return center - scale * stable_log(-stable_log(1 - rule.false_alarm));
}

JumpDetector::JumpDetector(const JumpRule& rule)
    : threshold_(jump_threshold(rule)), pairs_(static_cast<double>(rule.window - 2)), products_(rule.window - 2) {}

Result<JumpDetector> JumpDetector::start(const JumpRule& rule) {
  TRY_VOID(check_range(static_cast<double>(rule.window), "window", 4, 1 << 20));
  TRY_VOID(check_range(static_cast<double>(rule.sample), "sample", 3, 1e12));
  TRY_VOID(check_range(rule.false_alarm, "false alarm", 1e-12, 0.5));
  return JumpDetector(rule);
}

JumpVerdict JumpDetector::judge(double value) const {
  const double local = products_.sum() / pairs_;
  if (!products_.full() || !(local > 0)) return {.statistic = std::numeric_limits<double>::quiet_NaN()};
  const double statistic = value / std::sqrt(local);
  return {.statistic = statistic, .jump = std::abs(statistic) > threshold_};
}

Result<JumpVerdict> JumpDetector::update(double value) {
  if (!std::isfinite(value)) return fail(not_finite("return"));
  const JumpVerdict verdict = judge(value);
  if (has_last_) products_.add(std::abs(value) * std::abs(last_));
  last_ = value;
  has_last_ = true;
  return verdict;
}

Result<std::vector<JumpVerdict>> detect_jumps(const JumpRule& rule, std::span<const double> returns) {
  JumpDetector detector = TRY(JumpDetector::start(rule));
  TRY_VOID(check_series(returns, "returns", rule.window + 1));
  std::vector<JumpVerdict> verdicts;
  for (const double value : returns) verdicts.push_back(TRY(detector.update(value)));
  return verdicts;
}

Result<BipowerVariation> bipower_variation(std::span<const double> returns) {
  TRY_VOID(check_series(returns, "returns", 2));
  const auto n = static_cast<double>(returns.size());
  BipowerVariation result;
  double products = 0;
  for (std::size_t i = 0; i < returns.size(); ++i) {
    result.variance += returns[i] * returns[i];
    if (i > 0) products += std::abs(returns[i]) * std::abs(returns[i - 1]);
  }
  result.bipower = half_pi * n / (n - 1) * products;
  if (result.variance > 0) result.jump_share = std::max(0.0, 1 - result.bipower / result.variance);
  return result;
}

}  // namespace margrave
