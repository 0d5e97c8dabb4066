#include "study/path_probability.h"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "math/elementary.h"
#include "study/binomial.h"
#include "study/paired.h"

namespace margrave {
namespace {

constexpr std::size_t most_observations = 20'000;
constexpr double negligible = 1e-20;

/// ln C(n, k) for n up to a limit.
class LogChoose {
 public:
  explicit LogChoose(std::size_t limit) : log_factorial_(limit + 1, 0) {
    for (std::size_t i = 1; i <= limit; ++i) {
      log_factorial_[i] = log_factorial_[i - 1] + stable_log(static_cast<double>(i));
    }
  }
  double operator()(std::size_t n, std::size_t k) const {
    return log_factorial_[n] - log_factorial_[k] - log_factorial_[n - k];
  }

 private:
  std::vector<double> log_factorial_;
};

struct Sum {
  const LogChoose& choose;
  const std::function<bool(const BreachPath&)>& holds;
  double total{0};

  void add(const BreachPath& path, double probability) {
    total += probability >= negligible && holds(path) ? probability : 0;
  }

  /// Paths with some breaches and some covered observations; log_each is the logarithm of the probability of one of
  /// them.
  void add_mixed(BreachPath path, double log_each) {
    const std::size_t x = path.count.breaches, covered = path.count.observations - x;
    const std::size_t covered_runs = path.runs + 1 - std::size_t{path.first} - std::size_t{path.last};
    if (covered_runs == 0 || covered_runs > covered) return;
    add(path, stable_exp(log_each + choose(x - 1, path.runs - 1) + choose(covered - 1, covered_runs - 1)));
  }
};

}  // namespace

Result<double> path_probability(std::size_t n, double p, const std::function<bool(const BreachPath&)>& holds) {
  TRY_VOID(check_probability(p, "probability"));
  if (n > most_observations) {
    return fail({.kind = ErrorKind::config,
                 .message = fmt::format("{} observations are more than {}", n, most_observations),
                 .field = "observations",
                 .remedy = "use the simulated p-value"});
  }
  const auto breaches = binomial_probabilities(n, p);
  const LogChoose choose(n);
  Sum sum{choose, holds};
  sum.add({.count = {n, 0}}, breaches[0]);
  if (n > 0) sum.add({.count = {n, n}, .runs = 1, .first = true, .last = true}, breaches[n]);
  for (std::size_t x = 1; x < n; ++x) {
    if (breaches[x] < negligible) continue;
    const double log_each = stable_log(breaches[x]) - choose(n, x);
    for (std::size_t runs = 1; runs <= std::min(x, n - x + 1); ++runs) {
      for (const bool first : {false, true}) {
        for (const bool last : {false, true}) {
          sum.add_mixed({.count = {n, x}, .runs = runs, .first = first, .last = last}, log_each);
        }
      }
    }
  }
  return std::min(sum.total, 1.0);
}

}  // namespace margrave
