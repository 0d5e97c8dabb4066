#include "cli/backtest_books.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <mutex>

#include "cli/backtest_inputs.h"
#include "document/file.h"
#include "report/backtest_books.h"
#include "report/backtest_page.h"
#include "report/backtest_svg.h"
#include "walk/walk_journal.h"

namespace margrave {
namespace {

/// The intervals and delays of the cadence table.
constexpr std::int64_t minute_ms = 60'000;
constexpr std::int64_t intervals[] = {minute_ms, 5 * minute_ms, 60 * minute_ms, 480 * minute_ms, 1440 * minute_ms};
constexpr std::int64_t delays[] = {0, minute_ms, 10 * minute_ms};

/// Progress and journal of one walk.
class Keeping {
 public:
  Keeping(const CommonOptions& common, WalkJournal* journal) : common_(common), journal_(journal) {}

  WalkKeeper keeper() {
    WalkKeeper keeper;
    keeper.progress = [this](std::size_t done, std::size_t total) {
      const std::lock_guard<std::mutex> lock(showing_);
      if (!progress_) progress_ = std::make_unique<Progress>(common_, "updates, in stretches of 64", total);
      most_ = std::max(most_, done);
      progress_->at(most_);
    };
    if (journal_ == nullptr) return keeper;
    keeper.kept = [this](std::size_t chunk) { return journal_->find(chunk); };
    keeper.keep = [this](std::size_t chunk, const WalkChunk& value) { journal_->add(chunk, value); };
    return keeper;
  }

 private:
  const CommonOptions& common_;
  WalkJournal* journal_;
  std::mutex showing_;
  std::unique_ptr<Progress> progress_;
  std::size_t most_{0};
};

Result<void> make_folder(const std::string& folder) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  if (!code) return {};
  return fail({.kind = ErrorKind::io,
               .message = "the folder cannot be made: " + code.message(),
               .place = {.file = folder},
               .field = "--out",
               .remedy = "name a folder that can be written"});
}

/// Walks, with a journal where there is a folder to keep it in.
Result<BookWalk> walk_kept(const CommonOptions& common, const BacktestOptions& options, const BookWalkInputs& inputs,
                           const BookWalkSpec& spec, const std::string& journal_name) {
  const WalkThreads on{common.threads, common.isa.value_or(best_isa())};
  if (options.out.empty()) {
    Keeping keeping(common, nullptr);
    return walk_books(inputs, spec, on, keeping.keeper());
  }
  TRY_VOID(make_folder(options.out));
  const auto journal = TRY(WalkJournal::open(options.out + "/" + journal_name, digest_of(inputs, spec)));
  if (journal->size() > 0) note(common, fmt::format("goes on from {} kept stretches", journal->size()));
  Keeping keeping(common, journal.get());
  BookWalk walk = TRY(walk_books(inputs, spec, on, keeping.keeper()));
  TRY_VOID(journal->close());
  return walk;
}

Result<std::vector<CadenceRow>> cadences_of(const CommonOptions& common, const BacktestOptions& options,
                                            const BookWalkInputs& inputs, const BookWalkSpec& spec, WalkLevel level) {
  const BookWalkSpec fine = TRY(cadence_walk(inputs.bars, spec));
  const BookWalk walk = TRY(walk_kept(common, options, inputs, fine, "cadence.journal"));
  std::vector<Cadence> all;
  for (const std::int64_t every : intervals) {
    for (const std::int64_t delay : delays) all.push_back({every, delay});
  }
  return judge_cadences(walk, fine, level, all);
}

Result<void> write_out(const std::string& folder, const BooksBacktest& backtest, const BookWalk& walk,
                       const std::string& json) {
  TRY_VOID(write_file_atomically(folder + "/backtest.json", json));
  TRY_VOID(write_file_atomically(folder + "/books.csv", books_csv(backtest)));
  TRY_VOID(write_file_atomically(folder + "/windows.csv", windows_csv(walk, backtest.spec, backtest.level)));
  if (!backtest.cadences.empty())
    TRY_VOID(write_file_atomically(folder + "/cadence.svg", standalone_svg(cadence_svg(backtest.cadences))));
  return write_file_atomically(folder + "/report.html", backtest_page(backtest, walk));
}

}  // namespace

Result<Exit> run_backtest_books(const CommonOptions& common, const BacktestOptions& options, const BacktestSpan& span) {
  const LoadedRecipe loaded = TRY(walked_recipe(options.recipe));
  const std::vector<Bars> bars = TRY(load_bars(options.data, "--data"));
  BooksBacktest backtest;
  backtest.findings = TRY(check_bars(bars));
  const WalkedBooks held = TRY(walked_books(options.books, bars));
  for (const std::string& remark : held.remarks) note(common, remark);
  const BookWalkInputs inputs{loaded.recipe, loaded.scenarios, bars, held.contracts, held.books};
  BookWalkSpec spec;
  spec.window_ms = span.step_ms;
  spec.delay_ms = TRY(length_of("--delay", options.delay, 0));
  spec.every_ms = options.every.empty() ? usual_interval_ms(span.step_ms, spec.delay_ms)
                                        : TRY(length_of("--every", options.every, 1));
  spec.from_ms = span.from_ms;
  spec.to_ms = span.to_ms;
  spec.first = options.first;
  spec.notional = options.notional;
  const BookWalk walk = TRY(walk_kept(common, options, inputs, spec, "walk.journal"));
  backtest.level = options.maintenance ? WalkLevel::maintenance : WalkLevel::initial;
  const JudgeSpec judge{backtest.level, options.rate};
  backtest.judgement = TRY(judge_walk(walk, spec, judge));
  if (options.cadence) backtest.cadences = TRY(cadences_of(common, options, inputs, spec, backtest.level));
  backtest.folders = options.data;
  backtest.recipe = loaded.recipe.name;
  backtest.recipe_version = loaded.recipe.version;
  backtest.recipe_digest = to_string(loaded.recipe.digest);
  backtest.books = options.books;
  backtest.coins = walked_coins(bars).size();
  backtest.spec = spec;
  backtest.from_ms = walk.window_ms.front();
  backtest.to_ms = walk.window_ms.back() + spec.window_ms;
  backtest.updates = walk.update_ms.size();
  backtest.first_error = walk.first_error;
  const std::string json = books_json(backtest);
  if (!options.out.empty()) TRY_VOID(write_out(options.out, backtest, walk, json));
  TRY_VOID(deliver(common, common.json ? json : books_text(backtest, options.assets, paint_for(common))));
  note(common,
       fmt::format(
           "{} updates in {:.1f} s of CPU: {:.2f} ms each", walk.computed_updates, walk.cpu_seconds,
           walk.computed_updates == 0 ? 0.0 : 1000 * walk.cpu_seconds / static_cast<double>(walk.computed_updates)));
  return Exit::ok;
}

}  // namespace margrave
