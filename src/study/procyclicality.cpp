#include "study/procyclicality.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "study/paired.h"
#include "study/quantile.h"

namespace margrave {
namespace {

Result<void> check_margins(std::span<const double> margins, std::size_t at_least) {
  TRY_VOID(check_finite({"margins", margins}));
  if (margins.size() < at_least) {
    return fail({.message = fmt::format("margins has {} values and needs at least {}", margins.size(), at_least),
                 .field = "margins",
                 .remedy = "give a longer series"});
  }
  for (std::size_t i = 0; i < margins.size(); ++i) {
    if (margins[i] > 0) continue;
    return fail({.message = fmt::format("margins[{}] is {}, not above zero", i, margins[i]),
                 .field = fmt::format("margins[{}]", i),
                 .remedy = "leave out windows without a position"});
  }
  return {};
}

std::vector<double> rises_of(std::span<const double> margins, std::size_t windows) {
  std::vector<double> rises;
  for (std::size_t t = windows; t < margins.size(); ++t) {
    const auto seen = margins.subspan(t - windows, windows + 1);
    rises.push_back(margins[t] / *std::min_element(seen.begin(), seen.end()) - 1);
  }
  std::sort(rises.begin(), rises.end());
  return rises;
}

std::size_t calls_of(std::span<const double> margins, const ProcyclicalityRule& rule) {
  std::size_t calls = 0;
  for (std::size_t close = 0; close + 1 < margins.size(); close += rule.windows_per_day) {
    const auto day = margins.subspan(close + 1, std::min(rule.windows_per_day, margins.size() - close - 1));
    calls += std::size_t{*std::max_element(day.begin(), day.end()) > margins[close] * (1 + rule.call)};
  }
  return calls;
}

}  // namespace

Result<Procyclicality> procyclicality(std::span<const double> margins, const ProcyclicalityRule& rule) {
  if (rule.windows == 0 || rule.windows_per_day == 0) {
    return fail({.kind = ErrorKind::config,
                 .message = "a rise and a day need at least one window",
                 .field = "windows",
                 .remedy = "use 15 and 3 for windows of 8 hours"});
  }
  TRY_VOID(check_margins(margins, rule.windows + 1));
  const auto rises = rises_of(margins, rule.windows);
  const auto [trough, peak] = std::minmax_element(margins.begin(), margins.end());
  return Procyclicality{.rise_p99 = sorted_quantile(rises, 0.99),
                        .rise_max = rises.back(),
                        .peak_to_trough = *peak / *trough,
                        .calls = calls_of(margins, rule)};
}

Result<double> tail_margin_ratio(std::span<const double> losses, std::span<const double> margins, double share) {
  TRY_VOID(check_probability(share, "share"));
  TRY_VOID(check_paired({"losses", losses}, {"margins", margins}));
  TRY_VOID(check_margins(margins, 1));
  const auto n = static_cast<double>(losses.size());
  std::vector<std::size_t> order(losses.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return losses[a] > losses[b]; });
  // 0.01 x 500 must be 5 and not the 6 of a product that came out above it.
  order.resize(static_cast<std::size_t>(std::max(1.0, std::ceil(share * n - 1e-9))));
  double worst = 0, all = 0;
  for (const std::size_t i : order) worst += margins[i];
  for (const double margin : margins) all += margin;
  return worst / static_cast<double>(order.size()) / (all / n);
}

}  // namespace margrave
