#include "market/fit_survey.h"

#include <algorithm>
#include <set>

namespace margrave {

void FitSurvey::add(const ChainMarket& market) {
  std::set<UnderlyingId> underlyings;
  for (const ExpiryFit& fit : market.fits) {
    if (!fit.smile) continue;
    underlyings.insert(fit.underlying);
    const SmileFit& smile = *fit.smile;
    ++fits;
    violations += !(smile.min_g >= 0) || smile.calendar < 0 || !within_lee_bound(smile.slice);
    blended += smile.source == SmileSource::blended;
    last_resorts += smile.last_resort;
    constexpr double two_days = 2.0 / 365;
    if (fit.years <= two_days || smile.quoted == 0) continue;
    measured.push_back({.underlying = market.market.registry[fit.underlying].name,
                        .as_of = market.market.state.as_of,
                        .expiry = fit.expiry,
                        .rms = smile.rms,
                        .max_error = smile.max_error,
                        .quoted = smile.quoted,
                        .source = smile.source,
                        .fit = fit});
  }
  chains += static_cast<int>(underlyings.size());
}

double FitSurvey::rms_quantile(double p) const {
  if (measured.empty()) return absent;
  std::vector<double> errors;
  for (const SurveyedFit& fit : measured) errors.push_back(fit.rms);
  const auto at = errors.begin() + static_cast<std::ptrdiff_t>(p * static_cast<double>(errors.size() - 1));
  std::nth_element(errors.begin(), at, errors.end());
  return *at;
}

std::vector<SurveyedFit> FitSurvey::worst(std::size_t count) const {
  std::vector<SurveyedFit> sorted = measured;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const SurveyedFit& a, const SurveyedFit& b) { return a.rms > b.rms; });
  sorted.resize(std::min(count, sorted.size()));
  return sorted;
}

}  // namespace margrave
