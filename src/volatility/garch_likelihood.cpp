#include "volatility/garch_likelihood.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/check.h"
#include "base/isa.h"
#include "math/elementary.h"
#include "volatility/kernel_table.h"
#include "volatility/series.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

// Recursions of several sets run side by side: each waits for itself, the processor works on the others meanwhile.
constexpr std::size_t most_lanes = 8, block = 64;

/// The terms of `lanes` sets for a block of returns, twice the negative log-likelihood without its constant.
template <std::size_t lanes>
class LikelihoodBlock {
 public:
  LikelihoodBlock(std::span<const GarchParameters> sets, std::span<const double> presample) {
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      sets_[lane] = sets[std::min(lane, sets.size() - 1)];
      variance_[lane] = first_garch_variance(sets_[lane], presample[std::min(lane, sets.size() - 1)]);
      has_tails_ = has_tails_ || !std::isinf(sets_[lane].nu);
    }
  }

  /// At most `block` returns; the terms are then term(i, lane).
  void take(std::span<const double> returns) {
    for (std::size_t i = 0; i < returns.size(); ++i) recur(i, returns[i]);
    const std::span<double> variances(variances_.data(), returns.size() * lanes);
    stable_log(isa_, variances, variances);
    if (!has_tails_) return;
    const std::span<double> squares(squares_.data(), returns.size() * lanes);
    for (std::size_t k = 0; k < squares.size(); ++k) {
      const double nu = sets_[k % lanes].nu;
      if (!std::isinf(nu)) squares[k] = 1 + squares[k] / (nu - 2);
    }
    std::array<double, lanes * block> logs;
    stable_log(isa_, squares, std::span(logs).first(squares.size()));
    for (std::size_t k = 0; k < squares.size(); ++k) {
      const double nu = sets_[k % lanes].nu;
      if (!std::isinf(nu)) squares[k] = (nu + 1) * logs[k];
    }
  }

  double term(std::size_t i, std::size_t lane) const {
    return variances_[i * lanes + lane] + squares_[i * lanes + lane];
  }

 private:
  void recur(std::size_t i, double value) {
    double* const variances = variances_.data() + i * lanes;
    double* const squares = squares_.data() + i * lanes;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const double residual = value - sets_[lane].mean;
      variances[lane] = variance_[lane];
      squares[lane] = residual * residual / variance_[lane];
      variance_[lane] = next_garch_variance(sets_[lane], variance_[lane], residual);
    }
  }

  std::array<GarchParameters, lanes> sets_;
  std::array<double, lanes> variance_{};
  std::array<double, lanes * block> variances_{}, squares_{};
  bool has_tails_{false};
  Isa isa_{best_isa()};
};

/// The constant of one term: log of the density at 0 with variance 1, times -2.
double constant_term(const GarchParameters& set) {
  constexpr double log_two_pi = 1.8378770664093454836;
  return std::isinf(set.nu) ? log_two_pi : -2 * log_unit_t_constant(set.nu);
}

template <std::size_t lanes>
void log_likelihoods(std::span<const double> returns, std::span<const GarchParameters> sets,
                     std::span<const double> presample, std::span<double> out) {
  LikelihoodBlock<lanes> terms(sets, presample);
  std::array<double, lanes> sums{};
  for (std::size_t from = 0; from < returns.size(); from += block) {
    const std::size_t count = std::min(block, returns.size() - from);
    terms.take(returns.subspan(from, count));
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t lane = 0; lane < lanes; ++lane) sums[lane] += terms.term(i, lane);
    }
  }
  for (std::size_t i = 0; i < sets.size(); ++i) {
    out[i] = -0.5 * (sums[i] + static_cast<double>(returns.size()) * constant_term(sets[i]));
  }
}

}  // namespace

double presample_variance(Presample rule, std::span<const double> returns, double at_mean) {
  if (rule == Presample::backcast) return backcast(returns, at_mean);
  return mean_square(returns, at_mean);
}

namespace {

/// Sets of the normal distribution, by field.
struct NormalSets {
  std::vector<double> mean, omega, alpha, leverage, beta, first_variance, sums;
  std::vector<std::size_t> at;  ///< of the sets of the caller

  void add(const GarchParameters& set, double variance, std::size_t index) {
    mean.push_back(set.mean);
    omega.push_back(set.omega);
    alpha.push_back(set.alpha);
    leverage.push_back(set.leverage);
    beta.push_back(set.beta);
    first_variance.push_back(variance);
    at.push_back(index);
  }
};

void normal_likelihoods(std::span<const double> returns, NormalSets& sets, std::span<double> out) {
  sets.sums.resize(sets.at.size());
  volatility_kernels(best_isa())
      .garch({.returns = returns.data(),
              .n = returns.size(),
              .mean = sets.mean.data(),
              .omega = sets.omega.data(),
              .alpha = sets.alpha.data(),
              .leverage = sets.leverage.data(),
              .beta = sets.beta.data(),
              .first_variance = sets.first_variance.data(),
              .sets = sets.at.size(),
              .out = sets.sums.data()});
  const double constants = static_cast<double>(returns.size()) * constant_term({});
  for (std::size_t i = 0; i < sets.at.size(); ++i) out[sets.at[i]] = -0.5 * (sets.sums[i] + constants);
}

/// Sets of Student's t, few at a time.
void t_likelihoods(std::span<const double> returns, std::span<const GarchParameters> sets,
                   std::span<const double> presample, std::span<double> out) {
  for (std::size_t from = 0; from < sets.size(); from += most_lanes) {
    const std::size_t count = std::min(most_lanes, sets.size() - from);
    const auto run = count == 1 ? log_likelihoods<1> : log_likelihoods<most_lanes>;
    run(returns, sets.subspan(from, count), presample.subspan(from, count), out.subspan(from, count));
  }
}

}  // namespace

void garch_log_likelihoods(std::span<const double> returns, Presample rule, std::span<const GarchParameters> sets,
                           std::span<double> out) {
  CHECK(sets.size() == out.size() && !returns.empty());
  NormalSets normal;
  std::vector<GarchParameters> with_tails;
  std::vector<double> presamples, values;
  std::vector<std::size_t> at;
  double presample = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const bool again = i > 0 && sets[i].mean == sets[i - 1].mean;
    if (!again) presample = presample_variance(rule, returns, sets[i].mean);
    if (std::isinf(sets[i].nu)) {
      normal.add(sets[i], first_garch_variance(sets[i], presample), i);
    } else {
      with_tails.push_back(sets[i]);
      presamples.push_back(presample);
      at.push_back(i);
    }
  }
  normal_likelihoods(returns, normal, out);
  values.resize(at.size());
  t_likelihoods(returns, with_tails, presamples, values);
  for (std::size_t i = 0; i < at.size(); ++i) out[at[i]] = values[i];
}

void garch_log_likelihood_terms(std::span<const double> returns, Presample rule, const GarchParameters& set,
                                std::span<double> out) {
  CHECK(returns.size() == out.size() && !returns.empty());
  const double presample = presample_variance(rule, returns, set.mean);
  LikelihoodBlock<1> terms({&set, 1}, {&presample, 1});
  for (std::size_t from = 0; from < returns.size(); from += block) {
    const std::size_t count = std::min(block, returns.size() - from);
    terms.take(returns.subspan(from, count));
    for (std::size_t i = 0; i < count; ++i) out[from + i] = -0.5 * (terms.term(i, 0) + constant_term(set));
  }
}

}  // namespace margrave
