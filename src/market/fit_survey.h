#pragma once

#include <string>
#include <vector>

#include "market/chain.h"

namespace margrave {

/// One fitted slice of a survey.
struct SurveyedFit {
  std::string underlying;
  Timestamp as_of{}, expiry{};
  double rms{absent}, max_error{absent};  ///< in vol
  int quoted{0};
  SmileSource source{SmileSource::quotes};
  ExpiryFit fit{};  ///< for a plot
};

/// How well smiles fit over many chains. Errors count for expiries more than two days away that have quoted strikes;
/// violations and last resorts count for all.
struct FitSurvey {
  int chains{0};  ///< per underlying
  int fits{0}, violations{0}, blended{0}, last_resorts{0};
  std::vector<SurveyedFit> measured;

  void add(const ChainMarket& market);
  /// The p-quantile of the RMS errors (0 <= p <= 1, the lower of two neighbours); absent without any.
  double rms_quantile(double p) const;
  /// The fits with the largest RMS, worst first; among equals the earlier one first.
  std::vector<SurveyedFit> worst(std::size_t count) const;
};

}  // namespace margrave
