#include <algorithm>
#include <cmath>
#include <map>

#include "base/parallel.h"
#include "cli/backtest_inputs.h"
#include "cli/inputs.h"
#include "cli/verbs.h"
#include "report/factor_report.h"
#include "scenario/price_windows.h"

namespace margrave {
namespace {

constexpr double wick_cap = 0.15;                  ///< in logarithm: docs/methods/revaluation.md
constexpr std::int64_t step_ms = 8LL * 3'600'000;  ///< the bounds of the factor are those of eight hours
const char* const base_recipe = "dynamic-es";

/// The end of the last bar, or the time that is asked about; a multiple of the step since 1970, rounded down.
Result<std::int64_t> end_of(const FactorOptions& options, const std::vector<Bars>& bars) {
  std::int64_t end = 0;
  for (const Bars& file : bars) end = std::max(end, file.t_ms.back() + file.step_ms);
  if (!options.at.empty()) end = TRY(time_ms_of("--at", options.at));
  return end / step_ms * step_ms;
}

/// The last steps of an asset's factor; none where its history is too short or has no return in the last step.
Result<std::vector<FactorStep>> steps_of(const std::vector<const Bars*>& files, const WalkSpec& spec,
                                         const FactorReport& report, std::size_t shown) {
  const PriceWindows windows = price_windows(files, report.step_ms, 0, report.at_ms, wick_cap);
  const bool is_stale =
      windows.end_ms.empty() || windows.end_ms.back() != report.at_ms || std::isnan(windows.log_return.back());
  if (is_stale) return std::vector<FactorStep>{};
  const FactorSignals signals = TRY(factor_signals(spec, windows.log_return, windows.variance));
  std::vector<std::int64_t> at;
  for (const std::size_t known : signals.at) at.push_back(windows.end_ms[known - 1]);
  const FactorBounds bounds{spec.factor_low, spec.factor_high, spec.factor_up, spec.factor_down};
  std::vector<FactorStep> path = factor_path(bounds, at, signals.signal, report.notice_ms);
  path.erase(path.begin(), path.end() - static_cast<std::ptrdiff_t>(std::min(path.size(), shown)));
  return path;
}

}  // namespace

Result<Exit> run_factor(const CommonOptions& common, const FactorOptions& options) {
  FactorReport report;
  report.folders = options.data;
  report.step_ms = step_ms;
  report.notice_ms = TRY(length_of("--notice", options.notice, 0));
  const std::vector<Bars> bars = TRY(load_bars(options.data, "--data"));
  report.at_ms = TRY(end_of(options, bars));
  std::map<std::string, std::vector<const Bars*>> files;
  for (const Bars& file : bars) files[file.coin].push_back(&file);
  std::vector<std::string> names;
  for (const auto& [name, of_asset] : files) names.push_back(name);
  WalkSpec spec;
  spec.first = options.first;
  std::vector<Result<std::vector<FactorStep>>> paths(names.size(), fail({.message = "not computed"}));
  parallel_for(names.size(), common.threads,
               [&](std::size_t i) { paths[i] = steps_of(files.at(names[i]), spec, report, options.steps); });
  for (std::size_t i = 0; i < names.size(); ++i) {
    std::vector<FactorStep> path = TRY(std::move(paths[i]));
    if (path.empty()) {
      report.none.push_back(names[i]);
    } else {
      report.lines.push_back({names[i], std::move(path)});
    }
  }
  if (report.lines.empty()) {
    return fail({.message = "no asset has a factor at " + to_string(Timestamp::from_ms(report.at_ms)),
                 .field = "--data",
                 .remedy = "a factor needs " + std::to_string(options.first) +
                           " steps of bars up to that time; --first lowers it"});
  }
  if (options.as_recipe) {
    TRY_VOID(deliver(common, factor_recipe(report, base_recipe)));
  } else {
    TRY_VOID(deliver(common, common.json ? factor_json(report) : factor_text(report, paint_for(common))));
  }
  return Exit::ok;
}

}  // namespace margrave
