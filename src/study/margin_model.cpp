#include "study/margin_model.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace margrave {

double next_factor(const FactorBounds& bounds, double before, double signal) {
  const double wanted = std::isfinite(signal) ? std::clamp(signal, bounds.low, bounds.high) : 1.0;
  return std::min(std::max(wanted, before * (1.0 - bounds.down)), before * (1.0 + bounds.up));
}

std::vector<double> model_margins(const MarginModel& model, const SideTails& tails) {
  CHECK(model.base < tails.at_decay.size() && model.signal < tails.at_decay.size());
  const std::vector<double>&base = tails.at_decay[model.base].shortfall,
        &signal = tails.at_decay[model.signal].shortfall;
  std::vector<double> margins(base.size());
  double factor = 1;
  for (std::size_t t = 0; t < margins.size(); ++t) {
    double margin = (1 - model.weight) * base[t] + model.weight * tails.worst[t];
    if (model.factor) {
      factor = next_factor(*model.factor, factor, signal[t] / margin);
      margin *= factor;
    }
    margins[t] = std::max({margin, model.floor_share * tails.ever[t], model.least_margin});
  }
  return margins;
}

}  // namespace margrave
