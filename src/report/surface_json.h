#pragma once

#include <string>

#include "market/chain.h"
#include "market/fit_survey.h"

namespace margrave {

/// The surface of a chain, as fitted, or of a market file, as given: per underlying and expiry the forward, the smile's
/// parameters, its errors and its arbitrage margins. Numbers that are not there have no key.
std::string surface_json(const ChainMarket& market);
std::string surface_json(const Market& market);

/// A survey over many chains: counts, RMS at the median and the 95th percentile, the worst slices.
std::string survey_json(const FitSurvey& survey, std::size_t worst);

}  // namespace margrave
