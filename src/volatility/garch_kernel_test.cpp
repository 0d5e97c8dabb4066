#include <gtest/gtest.h>

#include <bit>
#include <cmath>

#include "volatility/garch_likelihood.h"
#include "volatility/kernel_table.h"
#include "volatility/some_returns_test.h"

namespace margrave {
namespace {

/// Parameter sets by field, as the kernels take them.
struct Sets {
  std::vector<double> mean, omega, alpha, leverage, beta, first, out;

  void add(const GarchParameters& p, double variance) {
    mean.push_back(p.mean), omega.push_back(p.omega), alpha.push_back(p.alpha), leverage.push_back(p.leverage);
    beta.push_back(p.beta), first.push_back(variance), out.push_back(0);
  }
  void run(Isa isa, const std::vector<double>& returns) {
    volatility_kernels(isa).garch({.returns = returns.data(),
                                   .n = returns.size(),
                                   .mean = mean.data(),
                                   .omega = omega.data(),
                                   .alpha = alpha.data(),
                                   .leverage = leverage.data(),
                                   .beta = beta.data(),
                                   .first_variance = first.data(),
                                   .sets = mean.size(),
                                   .out = out.data()});
  }
};

GarchParameters set_number(std::size_t i, bool has_leverage) {
  const auto x = static_cast<double>(i);
  return {.mean = 1e-4 * x,
          .omega = 1e-6 * (x + 1),
          .alpha = 0.01 + 0.004 * x,
          .leverage = has_leverage ? 0.002 * x : 0,
          .beta = 0.85};
}

/// The definition in long double, one return after another.
long double by_definition(const GarchParameters& p, double first, const std::vector<double>& returns) {
  long double sum = 0, variance = first;
  for (const double value : returns) {
    const long double e = static_cast<long double>(value) - p.mean;
    sum += std::log(variance) + e * e / variance;
    variance = p.omega + (e < 0 ? p.alpha + p.leverage : p.alpha) * e * e + p.beta * variance;
  }
  return sum;
}

TEST(GarchKernel, IsTheDefinitionWithTheSameBitsOnEveryInstructionSet) {
  for (const std::size_t n : {1U, 2U, 31U, 32U, 33U, 500U}) {
    const std::vector<double> returns = some_returns(n);
    for (const bool has_leverage : {false, true}) {
      for (const std::size_t count : {1U, 3U, 8U, 37U}) {
        std::vector<std::uint64_t> bits;
        for (const Isa isa : supported_isas()) {
          Sets sets;
          for (std::size_t i = 0; i < count; ++i) sets.add(set_number(i, has_leverage), 1e-4);
          sets.run(isa, returns);
          for (std::size_t i = 0; i < count; ++i) {
            const auto expected = static_cast<double>(by_definition(set_number(i, has_leverage), 1e-4, returns));
            EXPECT_NEAR(sets.out[i], expected, 1e-12 * std::abs(expected)) << n << " " << i << " " << to_string(isa);
          }
          std::vector<std::uint64_t> these;
          for (const double value : sets.out) these.push_back(std::bit_cast<std::uint64_t>(value));
          if (bits.empty()) bits = these;
          EXPECT_EQ(these, bits) << n << " " << count << " " << to_string(isa);
        }
      }
    }
  }
}

TEST(GarchKernel, VariancesThatLeaveTheRangeGiveNoNumber) {
  const std::vector<double> returns(40, 0.01);
  for (const Isa isa : supported_isas()) {
    Sets sets;
    sets.add({.omega = -1, .beta = 0.5}, 1e-4);   // falls below zero
    sets.add({.omega = 1e-120}, 1e-4);            // vanishes
    sets.add({.omega = 1e160}, 1e-4);             // two of them leave the doubles
    sets.add({.omega = 1e-6, .beta = 0.9}, NAN);  // begins with no number
    sets.add({.omega = 1e-6, .beta = 0.9}, 1e-4);
    sets.run(isa, returns);
    for (std::size_t i = 0; i < 4; ++i) EXPECT_TRUE(std::isnan(sets.out[i])) << i << " " << to_string(isa);
    EXPECT_FALSE(std::isnan(sets.out[4]));
  }
}

}  // namespace
}  // namespace margrave
