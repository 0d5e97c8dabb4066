#pragma once

#include <functional>

#include "market/bars.h"
#include "scenario/joint_returns.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// Joint returns of the same dates over the window that ends with the last bar at or before as_of, newest last, each
/// named by the instant its return ends.
///
/// A coin's return over one step is taken within one file, from the close at its start to the close at its end, both
/// there to the minute; files earlier in `bars` win. Where a coin has no return on a date, the return is the mean of
/// all coins that have one, times the ratio of the coin's mean absolute return to theirs over the dates both have
/// ("proxy", counted in a finding). A coin with returns on less than `least_share` of the dates is uncovered.
///
/// With a filter each coin's returns are brought to its volatility now, the same dates still together; 300 steps before
/// the window warm its volatility up where there are bars. With `worst` the dates of the worst times alone become
/// scenarios, their returns as they were; coverage and ratios are of all dates of the window, and a coin with fewer
/// than 100 returns (or than all, of a shorter window) is uncovered whatever the share.
/// Assets that are no coin of an underlying move too when they have bars (a stablecoin's depeg is a scenario). An asset
/// that follows another has that one's returns and coverage, whatever bars it has itself.
Result<ScenarioSet> historical_scenarios(const ScenarioSpec& spec, const HistoricalSpec& history, const Market& market,
                                         const std::vector<Bars>& bars);

/// Steps of a window, and those before it that are for warming up where the set has a filter.
struct WindowSteps {
  std::size_t window{0}, warm_up{0};
};
WindowSteps window_steps(const HistoricalSpec& history);

/// The set of a past whose returns are brought to today's volatility already, without the steps for warming up: worst
/// dates, coverage, proxies and findings as above. `name_of` gives a scenario's name by the end of its step.
/// Error: no coin that contracts are listed on has enough returns.
Result<ScenarioSet> set_of_returns(const ScenarioSpec& spec, const HistoricalSpec& history, const Market& market,
                                   JointReturns past, const std::function<std::string(std::int64_t)>& name_of);

}  // namespace margrave
