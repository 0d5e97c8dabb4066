#pragma once

#include <string>

#include "market/chain.h"
#include "market/fit_survey.h"

namespace margrave {

/// The surface of a chain as a text table: per underlying and expiry the days, forward and its source, vol at the
/// money, RMS and largest error in vol points on the quoted strikes, least g, calendar margin, strikes used, where the
/// smile comes from. Numbers that are not there are a dash. Below it the number of findings of each kind.
std::string surface_report(const ChainMarket& market);

/// The same of a market read from a file, as far as it knows: no quotes, so no counts and errors but the RMS it states.
std::string surface_report(const Market& market);

/// A survey as text: its counts, median and 95th percentile of the RMS, and the worst `worst` slices.
std::string survey_report(const FitSurvey& survey, std::size_t worst = 10);

}  // namespace margrave
