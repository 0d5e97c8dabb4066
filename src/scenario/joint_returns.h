#pragma once

#include "market/bars.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// One asset of a market over the steps of its past.
struct CoinReturns {
  std::vector<const Bars*> files;  ///< none for what follows another: it has no history of its own
  std::vector<double> returns;     ///< by step, relative; `absent` where there is none; empty without files
  bool is_underlying{false};       ///< contracts are listed on it
};

/// Returns of the same steps, by AssetId; the steps named by their ends, milliseconds since 1970, ascending.
struct JointReturns {
  std::vector<std::int64_t> ends;
  std::vector<CoinReturns> coins;

  /// Leaves out the first steps.
  void drop_first(std::size_t count);
};

/// The last `count` steps before as_of: they end at multiples of the step since 1970, the last at or before both as_of
/// and the last bar. A coin's return over a step is taken within one file, from the close at its start to the close at
/// its end, both there to the minute; files earlier in `bars` win. They point into `bars`.
/// Errors: no file's step divides the step; fewer than 10 steps.
Result<JointReturns> joint_returns(const ScenarioSpec& spec, std::int64_t step_ms, std::int64_t count,
                                   const Market& market, const std::vector<Bars>& bars);

/// Brings every coin's returns to its volatility now, and with `correlation` those of the coins that contracts are
/// listed on to today's correlation too. Returns are scaled in logarithm, so that no price falls below 0.
Result<void> filter_returns(const FilterSpec& filter, std::int64_t step_ms, JointReturns& past);

/// Steps before a window whose volatility and correlation are warmed up, where there are bars.
inline constexpr std::int64_t warm_up_steps = 300;

/// The mean return of all coins that contracts are listed on and that have one, by step; `absent` where none has. A
/// dollar that hardly moves says nothing of the market.
std::vector<double> market_returns(const JointReturns& past);

}  // namespace margrave
