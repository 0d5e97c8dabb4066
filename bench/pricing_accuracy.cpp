#include "pricing_accuracy.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/random.h"
#include "many_digits.h"
#include "math/elementary.h"
#include "pricing/black76.h"
#include "pricing/implied_vol.h"
#include "pricing/option_row.h"

namespace margrave::bench {
namespace {

using many_digits::Real;

/// C/F for ln(F/K) = -h s from the batch kernel, any strike above the forward standing for K.
double factor(double h, double s) {
  const double k = h * s, strike = 2.0 + k;
  double out[1];
  black76_calls(
      best_isa(),
      NormalisedBatch{.forward = 1.0, .strikes = {&strike, 1}, .log_moneyness = {&k, 1}, .total_vols = {&s, 1}}, out);
  return out[0];
}

struct Found {
  WorstError worst{0, 0};
  double relative{0}, h{0}, s{0};

  void look(double h_now, double s_now) {
    const Real exact = many_digits::normalised_call(Real(-(h_now * s_now)), Real(s_now));
    const double ours = factor(h_now, s_now);
    worst.absolute = std::max(worst.absolute, static_cast<double>(abs(Real(ours - exact))));
    if (exact < Real(1e-7)) return;
    const double error = static_cast<double>(abs(Real(ours / exact - 1)));
    worst.relative = std::max(worst.relative, error);
    if (error > relative) relative = error, h = h_now, s = s_now;
  }
};

bool same(const void* a, const void* b, std::size_t size) { return std::memcmp(a, b, size) == 0; }

}  // namespace

WorstError search_worst_error() {
  Found found;
  Random random{.seed = 41, .stream = 1};
  for (double s = 1e-8; s < 64; s *= 2) {
    found.relative = 0;
    for (int i = 0; i < 1500; ++i) {
      const double at = s * (1 + random.uniform());
      const double u = random.uniform(), v = random.uniform();
      found.look(i % 2 == 0 ? 8 * u * v : std::max(0.0, at / 2 + 8 * (2 * u - 1)), at);
    }
    for (int i = 0; i < 1000; ++i) {
      const double u = random.uniform() - 0.5, v = random.uniform() - 0.5;
      found.look(std::max(0.0, found.h + 0.05 * u), std::max(1e-8, found.s * (1 + 0.02 * v)));
    }
  }
  return found.worst;
}

double equal_share() {
  constexpr std::size_t n = 20011;
  Random random{.seed = 41, .stream = 2};
  std::vector<double> strikes(n), vols(n), prices(n), expected(n), got(n), ones(n, 1.0), zeros(n, 0.0), log_forward(n),
      forwards(n);
  std::vector<std::int32_t> row(n), expected_row(n);
  for (std::size_t i = 0; i < n; ++i) {
    strikes[i] = 60000 * stable_exp(3 * (random.uniform() - 0.5));
    vols[i] = i % 11 == 0 ? 0.0 : stable_exp(-16 + 20 * random.uniform());
    log_forward[i] = 2 * (random.uniform() - 0.5);
    forwards[i] = 60000 * stable_exp(log_forward[i]);
  }
  const ExpiryScenarios scenarios{log_forward, forwards, vols, zeros, ones, ones};
  const SviSlice slice{.a = 0.0017, .b = 0.02, .rho = -0.3, .m = 0.05, .sigma = 0.4};
  const OptionTerms terms{60000, 0.0, true, 0.1, 1.0};
  double equal = 0, total = 0;
  for (const Isa isa : supported_isas()) {
    const auto compare = [&](const auto& run) {
      run(Isa::portable, expected);
      run(isa, got);
      for (std::size_t i = 0; i < n; ++i) equal += same(&expected[i], &got[i], sizeof(double)) ? 1 : 0;
      total += n;
    };
    compare([&](Isa with, std::vector<double>& out) {
      black76_puts(with, {.forward = 60000, .expiry = 0.3, .strikes = strikes, .vols = vols}, out);
    });
    compare([&](Isa with, std::vector<double>& out) { option_values(with, scenarios, terms, slice, 0.0, out); });
    black76_calls({.forward = 60000, .expiry = 0.3, .strikes = strikes, .vols = vols}, prices);
    compare([&](Isa with, std::vector<double>& out) {
      implied_call_vols(with, {.forward = 60000, .expiry = 0.3, .strikes = strikes, .prices = prices}, out);
    });
    const bool fits = option_row(Isa::portable, scenarios, terms, slice, 0.0, 1024, std::span(expected_row));
    const bool fits_too = option_row(isa, scenarios, terms, slice, 0.0, 1024, std::span(row));
    for (std::size_t i = 0; i < n; ++i) equal += fits == fits_too && expected_row[i] == row[i] ? 1 : 0;
    total += n;
  }
  return equal / total;
}

}  // namespace margrave::bench
