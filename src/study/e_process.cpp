#include "study/e_process.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "math/elementary.h"
#include "study/paired.h"
#include "study/shortfall.h"

namespace margrave {

double EProcess::value() const {
  double sum = 0;
  for (const double each : log_wealth) sum += stable_exp(each);
  return sum / static_cast<double>(bets.size());
}

Result<void> EProcess::update(double e_value) {
  if (!(e_value >= 0) || std::isinf(e_value)) {
    return fail({.message = fmt::format("the e-value is {}, not a number from 0", e_value),
                 .field = "e_value",
                 .remedy = "skip the observation"});
  }
  for (std::size_t i = 0; i < bets.size(); ++i) log_wealth[i] += stable_log(1 - bets[i] + bets[i] * e_value);
  largest = std::max(largest, value());
  return {};
}

Result<EProcess> e_process(std::span<const double> e_values) {
  EProcess process;
  for (std::size_t i = 0; i < e_values.size(); ++i) {
    if (process.update(e_values[i])) continue;
    return fail({.message = fmt::format("e_values[{}] is {}, not a number from 0", i, e_values[i]),
                 .field = fmt::format("e_values[{}]", i),
                 .remedy = "leave the observation out"});
  }
  return process;
}

Result<std::vector<double>> var_e_values(std::span<const double> losses, std::span<const double> var, double tail) {
  TRY_VOID(check_probability(tail, "tail"));
  TRY_VOID(check_paired({"losses", losses}, {"var", var}));
  std::vector<double> values;
  for (std::size_t i = 0; i < losses.size(); ++i) values.push_back(losses[i] > var[i] ? 1 / tail : 0);
  return values;
}

Result<std::vector<double>> shortfall_e_values(const ShortfallForecasts& in) {
  TRY_VOID(check_probability(in.tail, "tail"));
  TRY_VOID(check_paired({"losses", in.losses}, {"var", in.var}));
  TRY_VOID(check_paired({"losses", in.losses}, {"es", in.es}));
  std::vector<double> values;
  for (std::size_t i = 0; i < in.losses.size(); ++i) {
    if (!(in.es[i] > in.var[i])) {
      return fail({.message = fmt::format("es[{}] is {}, not above its var {}", i, in.es[i], in.var[i]),
                   .field = fmt::format("es[{}]", i),
                   .remedy = "leave out what has no forecast"});
    }
    values.push_back(std::max(in.losses[i] - in.var[i], 0.0) / (in.tail * (in.es[i] - in.var[i])));
  }
  return values;
}

}  // namespace margrave
