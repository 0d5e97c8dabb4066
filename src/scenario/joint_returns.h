#pragma once

#include <span>

#include "base/isa.h"
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

/// Steps that follow each other, by their ends.
struct StepSpan {
  std::int64_t first_end_ms{0};
  std::size_t count{0};
};

/// The last steps, `most` at most, of bars between these instants: they end at multiples of the step since 1970, the
/// first begins at or after `first`, the last ends at or before both `last` and as_of. None where first > last.
StepSpan last_steps(std::int64_t first_ms, std::int64_t last_ms, std::int64_t as_of_ms, std::int64_t step_ms,
                    std::size_t most);

/// A return over a step needs a close at both its ends, so some file's step must divide it: an error where none does.
/// No files at all are another error.
Result<void> check_steps(const ScenarioSpec& spec, const std::vector<const Bars*>& files, std::int64_t step_ms);

/// Of fewer steps no set is made.
inline constexpr std::size_t least_steps = 10;
Error too_few_steps(const ScenarioSpec& spec, Timestamp as_of);

/// The last `count` steps before as_of: they end at multiples of the step since 1970, the last at or before both as_of
/// and the last bar. A coin's return over a step is taken within one file, from the close at its start to the close at
/// its end, both there to the minute; files earlier in `bars` win. They point into `bars`.
/// Errors: no file's step divides the step; fewer than 10 steps.
Result<JointReturns> joint_returns(const ScenarioSpec& spec, std::int64_t step_ms, std::int64_t count,
                                   const Market& market, const std::vector<Bars>& bars);

/// Brings every coin's returns to its volatility now, and with `correlation` those of the coins that contracts are
/// listed on to today's correlation too. Returns are scaled in logarithm, so that no price falls below 0.
Result<void> filter_returns(const FilterSpec& filter, std::int64_t step_ms, JointReturns& past);

/// Log returns times their factors, as returns again: e^(factor log) - 1; `absent` where the log is. The bits do not
/// depend on the instruction set. Shapes: factors[n], logs[n] -> returns[n].
void scale_returns(Isa isa, std::span<const double> factors, std::span<const double> logs, std::span<double> returns);

/// Steps before a window whose volatility and correlation are warmed up, where there are bars.
inline constexpr std::int64_t warm_up_steps = 300;

/// The mean return of all coins that contracts are listed on and that have one, by step; `absent` where none has. A
/// dollar that hardly moves says nothing of the market.
std::vector<double> market_returns(const JointReturns& past);
/// The mean of their absolute returns; 0 where none has one.
std::vector<double> market_moves(const JointReturns& past);

}  // namespace margrave
