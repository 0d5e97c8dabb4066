#include "study/binomial.h"

#include <fmt/core.h>

#include <algorithm>

#include "study/paired.h"

namespace margrave {
namespace {

constexpr std::size_t most_observations = 10'000'000;
constexpr double same_probability = 1 + 1e-7;

double sum_of(const std::vector<double>& terms, std::size_t first, std::size_t last) {
  double sum = 0;
  for (std::size_t i = first; i < last; ++i) sum += terms[i];
  return std::min(sum, 1.0);
}

double not_above(const std::vector<double>& terms, double limit) {
  double sum = 0;
  for (const double term : terms) sum += term <= limit * same_probability ? term : 0;
  return std::min(sum, 1.0);
}

}  // namespace

std::vector<double> binomial_probabilities(std::size_t n, double p) {
  std::vector<double> terms(n + 1, 0);
  const double odds = p / (1 - p);
  const auto mode = std::min(n, static_cast<std::size_t>(static_cast<double>(n + 1) * p));
  terms[mode] = 1;
  for (std::size_t i = mode; i < n; ++i) {
    terms[i + 1] = terms[i] * odds * static_cast<double>(n - i) / static_cast<double>(i + 1);
  }
  for (std::size_t i = mode; i > 0; --i) {
    terms[i - 1] = terms[i] / odds * static_cast<double>(i) / static_cast<double>(n - i + 1);
  }
  double sum = 0;
  for (const double term : terms) sum += term;
  for (double& term : terms) term /= sum;
  return terms;
}

Result<void> check_count(const BreachCount& count) {
  if (count.observations > most_observations) {
    return fail({.message = fmt::format("{} observations are more than {}", count.observations, most_observations),
                 .field = "observations",
                 .remedy = "test parts of the series"});
  }
  if (count.breaches <= count.observations) return {};
  return fail({.message = fmt::format("{} breaches among {} observations", count.breaches, count.observations),
               .field = "breaches",
               .remedy = "count both on one series"});
}

Result<BinomialTest> binomial_test(const BreachCount& count, double p) {
  TRY_VOID(check_probability(p, "probability"));
  TRY_VOID(check_count(count));
  const auto terms = binomial_probabilities(count.observations, p);
  const std::size_t x = count.breaches, n = count.observations;
  return BinomialTest{.two_sided = not_above(terms, terms[x]),
                      .at_least = x == 0 ? 1 : sum_of(terms, x, n + 1),
                      .at_most = x == n ? 1 : sum_of(terms, 0, x + 1)};
}

}  // namespace margrave
