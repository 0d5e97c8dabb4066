#include <algorithm>
#include <limits>
#include <map>
#include <mutex>

#include "base/parallel.h"
#include "cli/backtest_books.h"
#include "cli/backtest_calls.h"
#include "cli/backtest_chains.h"
#include "cli/backtest_modelled.h"
#include "cli/inputs.h"
#include "cli/verbs.h"
#include "report/backtest_report.h"
#include "scenario/price_windows.h"
#include "scenario/scenario_spec.h"

namespace margrave {
namespace {

constexpr double wick_cap = 0.15;  ///< in logarithm: docs/methods/revaluation.md

Result<std::int64_t> time_of(const std::string& flag, const std::string& text, std::int64_t otherwise) {
  return text.empty() ? otherwise : time_ms_of(flag, text);
}

Result<std::int64_t> step_of(const std::string& text) {
  const std::optional<std::int64_t> seconds = parse_duration(text);
  if (seconds && *seconds >= 60 && *seconds <= 30 * 86400) return *seconds * 1000;
  return fail({.kind = ErrorKind::config,
               .message = "'" + text + "' is not a length of a window",
               .field = "--step",
               .remedy = "write 8h, 1d or 30m: a minute to thirty days"});
}

/// An asset's files, in the order in which they are asked.
using Files = std::map<std::string, std::vector<const Bars*>>;

Result<std::vector<StudiedSeries>> walk_asset(const std::string& name, const std::vector<const Bars*>& files,
                                              const WalkSpec& spec, std::int64_t step_ms) {
  const PriceWindows windows = price_windows(files, step_ms, 0, std::numeric_limits<std::int64_t>::max() / 2, wick_cap);
  Walk walk = TRY(walk_linear(spec, windows.log_return, windows.variance));
  std::vector<std::int64_t> ends;
  for (const std::size_t t : walk.at) ends.push_back(windows.end_ms[t]);
  std::vector<StudiedSeries> both;
  both.push_back({name, true, ends, std::move(walk.long_side)});
  both.push_back({name, false, std::move(ends), std::move(walk.short_side)});
  return both;
}

/// Both sides of every asset, by name; the same for any number of threads.
Result<std::vector<StudiedSeries>> walk_all(const CommonOptions& common, const Files& files, const WalkSpec& spec,
                                            std::int64_t step_ms) {
  std::vector<const Files::value_type*> assets;
  for (const auto& asset : files) assets.push_back(&asset);
  std::vector<Result<std::vector<StudiedSeries>>> walks(assets.size(), fail({.message = "not walked"}));
  Progress progress(common, "assets", assets.size());
  std::mutex showing;
  std::size_t done = 0;
  parallel_for(assets.size(), common.threads, [&](std::size_t i) {
    walks[i] = walk_asset(assets[i]->first, assets[i]->second, spec, step_ms);
    const std::lock_guard<std::mutex> lock(showing);
    progress.at(++done);
  });
  std::vector<StudiedSeries> all;
  for (auto& walk : walks) {
    std::vector<StudiedSeries> both = TRY(std::move(walk));
    for (StudiedSeries& series : both) all.push_back(std::move(series));
  }
  return all;
}

/// From the start of the first to the end of the last tested window, where no time is given.
Result<StudySpan> span_of(const BacktestOptions& options, const std::vector<StudiedSeries>& all, std::int64_t step_ms) {
  StudySpan span{std::numeric_limits<std::int64_t>::max(), 0};
  for (const StudiedSeries& series : all) {
    if (series.end_ms.empty()) continue;
    span.from_ms = std::min(span.from_ms, series.end_ms.front() - step_ms);
    span.to_ms = std::max(span.to_ms, series.end_ms.back());
  }
  span.from_ms = TRY(time_of("--from", options.from, span.from_ms));
  span.to_ms = TRY(time_of("--to", options.to, span.to_ms));
  return span;
}

}  // namespace

Result<Exit> run_backtest(const CommonOptions& common, const BacktestOptions& options) {
  Backtest backtest;
  backtest.folders = options.data;
  backtest.step_ms = TRY(step_of(options.step));
  if (!options.recipe.empty()) {
    BacktestSpan span;
    span.step_ms = backtest.step_ms;
    span.from_ms = TRY(time_of("--from", options.from, 0));
    span.to_ms = TRY(time_of("--to", options.to, std::numeric_limits<std::int64_t>::max() / 2));
    BacktestOptions asked = options;
    if (asked.books.empty()) asked.books = options.chains.empty() ? "singles" : "standard";
    if (!asked.calls.empty()) return run_backtest_calls(common, asked, span);
    if (!asked.dvol.empty()) return run_backtest_modelled(common, asked, span);
    return asked.chains.empty() ? run_backtest_books(common, asked, span) : run_backtest_chains(common, asked, span);
  }
  WalkSpec spec;
  spec.first = options.first;
  const std::vector<Bars> bars = TRY(load_bars(options.data, "--data"));
  Files files;
  for (const Bars& file : bars) files[file.coin].push_back(&file);
  backtest.assets = files.size();
  const std::vector<StudiedSeries> all = TRY(walk_all(common, files, spec, backtest.step_ms));
  backtest.span = TRY(span_of(options, all, backtest.step_ms));
  for (const WalkModel model : walk_models) {
    backtest.models.push_back(TRY(judge(all, model, backtest.span)));
  }
  for (const SeriesJudgement& one : backtest.models.front().series) backtest.windows += one.windows;
  for (const StudiedSeries& series : all) {
    const auto& judged = backtest.models.front().series;
    const bool kept =
        std::any_of(judged.begin(), judged.end(), [&](const auto& one) { return one.asset == series.asset; });
    if (!kept && series.is_long) backtest.too_short.push_back(series.asset);
  }
  TRY_VOID(deliver(common,
                   common.json ? backtest_json(backtest) : backtest_text(backtest, options.assets, paint_for(common))));
  return Exit::ok;
}

}  // namespace margrave
