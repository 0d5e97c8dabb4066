#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/isa.h"
#include "market/bars.h"
#include "scenario/scenario_set.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// What historical_scenarios() reads of bars, read once for a whole walk: every coin's return and variance over every
/// step of the record. at() then makes the set of any market out of a stretch of them by the same functions, bit for
/// bit the one that historical_scenarios() makes (History.MakesTheSetsOfHistoricalScenarios).
///
/// Not of a set whose filter has a correlation (CHECK).
/// It knows the whole record and gives away nothing of it: at() reads what ended at or before the market's as_of.
class History {
 public:
  /// The bars are read here only. Same on any number of threads. Errors: as historical_scenarios() where no file's
  /// step divides the horizon.
  static Result<History> read(const ScenarioSpec& spec, const std::vector<Bars>& bars, unsigned threads, Isa isa);

  /// The set of a market and its as_of. Errors: those of historical_scenarios().
  Result<ScenarioSet> at(const Market& market) const;

 private:
  struct Coin {
    std::int64_t first_ms{0}, last_ms{0};         ///< first bar's open, last bar's end, over all files
    std::vector<double> returns, logs, variance;  ///< by step
  };
  void read_coin(const std::vector<const Bars*>& files, Coin& coin) const;
  /// Of the steps [begin + warm, end), at the volatility of their end where there is a filter; the `warm` steps before
  /// are read for volatility only.
  std::vector<double> returns_of(const Coin& coin, std::size_t begin, std::size_t warm, std::size_t end) const;

  ScenarioSpec spec_;
  HistoricalSpec history_;
  Isa isa_{Isa::portable};
  std::int64_t step_ms_{0}, first_end_ms_{0};
  std::vector<std::string> names_;  ///< of the steps, by their ends
  std::map<std::string, Coin, std::less<>> coins_;
};

}  // namespace margrave
