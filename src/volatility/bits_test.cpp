#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>

#include "volatility/aparch.h"
#include "volatility/covariance.h"
#include "volatility/egarch.h"
#include "volatility/eigen.h"
#include "volatility/ewma.h"
#include "volatility/garch_likelihood.h"
#include "volatility/har.h"
#include "volatility/jump.h"
#include "volatility/price_velocity.h"
#include "volatility/range_variance.h"
#include "volatility/realised_garch.h"
#include "volatility/some_returns_test.h"
#include "volatility/student_t.h"
#include "volatility/t_copula_sampler.h"
#include "volatility/weighted_covariance.h"

namespace margrave {
namespace {

/// FNV-1a over the bits of the numbers.
struct Bits {
  std::uint64_t hash{14695981039346656037u};
  void add(double value) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 64; i += 8) hash = (hash ^ ((bits >> i) & 255)) * 1099511628211u;
  }
  void add(const std::vector<double>& values) {
    for (const double value : values) add(value);
  }
};

std::vector<double> exps(std::vector<double> values, double factor) {
  for (double& value : values) value = stable_exp(factor * value);
  return values;
}

// The same on every machine, from g++ and clang, whatever instruction set the batches take: a number that changes here
// changes every replay. Filters, and likelihoods too.
TEST(Bits, FiltersHaveTheBitsTheyHadWhenWritten) {
  const auto returns = some_returns(1000);
  const auto measures = exps(returns, 50), prices = exps(returns, 1);
  Bits bits;
  bits.add(*ewma_variances({.rising = 0.9, .falling = 0.97}, 1e-4, returns));
  bits.add(
      *garch_variances({.mean = 1e-4, .omega = 1e-6, .alpha = 0.03, .leverage = 0.08, .beta = 0.9}, 1e-4, returns));
  bits.add(*egarch_log_variances({.omega = -0.4, .sign = -0.05, .size = 0.2, .beta = 0.95}, -9, returns));
  bits.add(aparch_powers({.omega = 1e-4, .alpha = 0.05, .gamma = 0.3, .beta = 0.93, .delta = 1.2}, 0.01, returns));
  bits.add(*realised_log_variances({.omega = 0.07, .beta = 0.5, .gamma = 0.4}, measures));
  const auto rows = *har_rows({}, HarForm::logs, measures);
  for (const HarRow& row : rows) bits.add({row.day, row.week, row.month});
  const auto verdicts = *detect_jumps({.window = 50}, returns);
  for (const JumpVerdict& one : verdicts) {
    if (!std::isnan(one.statistic)) bits.add(one.statistic);
  }
  const auto velocities = *price_velocities(prices, std::vector<double>(1000, 1e-6));
  for (const Velocity& one : velocities) {
    if (!std::isnan(one.sixty)) bits.add({one.one, one.five, one.sixty});
  }
  const std::vector<double> start(16, 1e-5);
  SymmetricMatrix matrix(4);
  matrix.cells = start;
  bits.add(ewma_covariance(0.97, matrix, returns)->cells);
  for (const double price : prices) {
    const PriceRange range{.open = 1, .high = std::max(1.0, price) * 1.01, .low = std::min(1.0, price), .close = price};
    bits.add({*parkinson_variance(range), *garman_klass_variance(range)});
  }
  EXPECT_EQ(bits.hash, 11753291594005546706u);
}

TEST(Bits, LikelihoodsAndDistributionsHaveTheBitsTheyHadWhenWritten) {
  const auto returns = some_returns(1000);
  Bits bits;
  std::vector<double> values(9);
  std::vector<GarchParameters> sets;
  for (int i = 0; i < 9; ++i) sets.push_back({.omega = 1e-6 * (i + 1), .alpha = 0.01 * i, .beta = 0.9, .nu = 4.0 + i});
  garch_log_likelihoods(returns, Presample::mean_square, sets, values);
  bits.add(values);
  for (const double nu : {2.5, 4.0, 30.0}) bits.add({student_t_tail(0.01, nu).es, student_t_cdf(1.5, nu)});
  SymmetricMatrix matrix(30);
  for (std::size_t i = 0; i < 30; ++i) {
    for (std::size_t j = 0; j <= i; ++j) matrix.set(i, j, returns[i * 30 + j]);
  }
  bits.add(eigen_system(matrix).values);
  EXPECT_EQ(bits.hash, 11530339685812989855u);
}

TEST(Bits, DrawsHaveTheBitsTheyHadWhenWritten) {
  SymmetricMatrix correlation = SymmetricMatrix::identity(13);
  for (std::size_t i = 0; i < 13; ++i) {
    for (std::size_t j = 0; j < i; ++j) correlation.set(i, j, 0.3 + 0.02 * static_cast<double>(i + j));
  }
  Bits bits;
  for (const Points points : {Points::philox, Points::sobol}) {
    for (const double nu : {3.5, TCopulaSampler::gaussian}) {
      const auto sampler = TCopulaSampler::start(correlation, nu, 7, points);
      ASSERT_TRUE(sampler);
      for (std::uint64_t at = 0; at < 64; ++at) bits.add(sampler->draw(at));
    }
  }
  bits.add(weighted_covariance(std::vector<std::vector<double>>{some_returns(200), exps(some_returns(200), 2)}, 0.94)
               ->cells);
  EXPECT_EQ(bits.hash, 5439493155397015014u);
}

}  // namespace
}  // namespace margrave
