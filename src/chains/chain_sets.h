#pragma once

#include <map>
#include <string>
#include <vector>

#include "market/bars.h"
#include "scenario/scenario_spec.h"
#include "scenario/vol_moves.h"

namespace margrave {

/// A recipe's scenario sets at a chain that is later than every bar. What reads bars reads them as of their end, and
/// where it is made for the volatility of that moment (a filter, a correlation break, draws) each coin's log returns
/// are multiplied by its volatility now over that of the end of the bars, both of IndexVariance, between 1/3 and 3. An
/// unfiltered history stays as it is. Nothing after the chain is read.
class ChainSets {
 public:
  /// The referenced objects outlive it.
  ChainSets(const std::vector<ScenarioSpec>& specs, const std::vector<Bars>& bars);
  ChainSets(const std::vector<ScenarioSpec>& specs, std::vector<Bars>&& bars) = delete;

  /// `variance`: per hour, by coin; one that is not there keeps the volatility of the bars. `steps`: what the vol
  /// surface did beside the spot until now; where there are enough, sets that read bars and move no vol get such moves.
  /// Errors: those of the sets; bars that end after the chain.
  Result<std::vector<ScenarioSet>> at(const Market& market, const std::map<std::string, double>& variance,
                                      const std::vector<VolStep>& steps = {}) const;

 private:
  Result<ScenarioSet> make(const ScenarioSpec& spec, const Market& market,
                           const std::map<std::string, double>& variance) const;

  const std::vector<ScenarioSpec>& specs_;
  const std::vector<Bars>& bars_;
  std::int64_t bars_end_ms_{0};
  std::map<std::string, double> variance_of_bars_;
};

}  // namespace margrave
