#include "walk/walk_judgement.h"

#include <algorithm>

#include "study/binomial.h"
#include "study/breaches.h"
#include "study/calendar_blocks.h"
#include "study/holm.h"
#include "study/independence.h"

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return values.empty() ? 0 : sum / static_cast<double>(values.size());
}

double level_of(const UpdateCell& cell, WalkLevel level) {
  return level == WalkLevel::initial ? cell.initial : cell.maintenance;
}

/// The largest loss that is left when the worst `breaches` are taken out.
double static_margin(std::vector<double> losses, std::size_t breaches) {
  if (breaches >= losses.size()) return 0;
  const auto at = losses.begin() + static_cast<std::ptrdiff_t>(breaches);
  std::nth_element(losses.begin(), at, losses.end(), std::greater<>());
  return std::max(0.0, *at);
}

std::optional<Procyclicality> rises_of(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level,
                                       std::size_t book) {
  std::vector<double> margins;
  for (std::size_t u = 0; u < walk.update_ms.size(); ++u) {
    const UpdateCell& cell = walk.update(u, book);
    if (cell.state == CellState::good && cell.gross > 0) margins.push_back(level_of(cell, level) / cell.gross);
  }
  ProcyclicalityRule rule;
  rule.windows = static_cast<std::size_t>(std::max<std::int64_t>(1, 5 * day_ms / spec.every_ms));
  rule.windows_per_day = static_cast<std::size_t>(std::max<std::int64_t>(1, day_ms / spec.every_ms));
  const auto found = procyclicality(margins, rule);
  if (!found) return std::nullopt;
  return *found;
}

Result<BookJudgement> judge_book(const BookWalk& walk, const BookWalkSpec& spec, const JudgeSpec& of,
                                 std::size_t book) {
  BookJudgement found;
  found.book = walk.names[book];
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w)
    ++found.cells[static_cast<std::size_t>(walk.window(w, book).state)];
  const BookSeries series = series_of(walk, spec, of.level, book);
  found.windows = series.loss.size();
  if (found.windows == 0) return found;
  const Breaches breaches = TRY(find_breaches(series.loss, series.margin));
  const BinomialTest test = TRY(binomial_test(count_of(breaches), of.rate));
  found.breaches = breaches.at.size();
  found.two_sided_p = test.two_sided;
  found.too_many_p = test.at_least;
  found.runs_p = TRY(runs_test(path_of(breaches)));
  found.uncovered = breaches.uncovered;
  found.mean_excess = breaches.mean_excess;
  found.worst_excess = breaches.worst_excess;
  found.mean_margin = mean(series.margin);
  found.static_margin = static_margin(series.loss, found.breaches);
  if (found.static_margin > 0) found.efficiency = found.mean_margin / found.static_margin;
  if (const auto tail = tail_margin_ratio(series.loss, series.margin); tail) found.tail = *tail;
  found.rises = rises_of(walk, spec, of.level, book);
  const Calls calls = count_calls(walk, spec, book);
  found.calls = calls.count;
  found.called = calls.sum;
  found.largest_call = calls.largest;
  return found;
}

Result<void> pool(const BookWalk& walk, const BookWalkSpec& spec, const JudgeSpec& of, WalkJudgement& found) {
  std::vector<double> losses, margins;
  std::vector<std::int64_t> days;
  for (std::size_t b = 0; b < walk.names.size(); ++b) {
    const BookSeries series = series_of(walk, spec, of.level, b);
    losses.insert(losses.end(), series.loss.begin(), series.loss.end());
    margins.insert(margins.end(), series.margin.begin(), series.margin.end());
    for (const std::int64_t end : series.end_ms) days.push_back((end - 1) / day_ms);
  }
  found.windows = losses.size();
  for (std::size_t i = 0; i < losses.size(); ++i) found.breaches += losses[i] > margins[i] ? 1u : 0u;
  found.pooled_rate = static_cast<double>(found.breaches) / static_cast<double>(found.windows);
  const auto [first, last] = std::minmax_element(days.begin(), days.end());
  if (*last - *first < 5) return {};
  found.pooled_error = TRY(pooled_breach_rate({losses, margins, days})).standard_error;
  return {};
}

std::optional<double> median_efficiency(const std::vector<BookJudgement>& books) {
  std::vector<double> known;
  for (const BookJudgement& one : books) {
    if (one.efficiency) known.push_back(*one.efficiency);
  }
  if (known.empty()) return std::nullopt;
  std::sort(known.begin(), known.end());
  return known[known.size() / 2];
}

}  // namespace

BookSeries series_of(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level, std::size_t book) {
  BookSeries series;
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const WindowCell& cell = walk.window(w, book);
    if (cell.state != CellState::good || !(cell.gross > 0)) continue;
    series.end_ms.push_back(walk.window_ms[w] + spec.window_ms);
    series.margin.push_back(level_of(walk.update(walk.update_of[w], book), level) / cell.gross);
    series.loss.push_back(cell.loss / cell.gross);
  }
  return series;
}

Calls count_calls(const BookWalk& walk, const BookWalkSpec& spec, std::size_t book) {
  Calls calls;
  double equity = 0;
  std::int64_t due_ms = -1;  ///< when the window ends that the equity is of; -1: of none
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const WindowCell& cell = walk.window(w, book);
    const UpdateCell& margin = walk.update(walk.update_of[w], book);
    if (cell.state != CellState::good || !(cell.gross > 0)) {
      due_ms = -1;
      continue;
    }
    const bool held = walk.window_ms[w] == due_ms;
    if (held && equity < margin.maintenance) {
      const double size = (margin.initial - equity) / cell.gross;
      ++calls.count;
      calls.sum += size;
      calls.largest = std::max(calls.largest, size);
      equity = margin.initial;
    } else if (!held || equity > margin.initial) {
      equity = margin.initial;
    }
    equity -= cell.loss;
    due_ms = walk.window_ms[w] + spec.window_ms;
  }
  return calls;
}

Result<WalkJudgement> judge_walk(const BookWalk& walk, const BookWalkSpec& spec, const JudgeSpec& of) {
  if (spec.stride_ms != 0 && spec.stride_ms < spec.window_ms)
    return fail({.message = "the windows overlap, so that no test can count them as observations"});
  WalkJudgement found;
  found.rate = of.rate;
  for (std::size_t b = 0; b < walk.names.size(); ++b) {
    BookJudgement one = TRY(judge_book(walk, spec, of, b));
    if (one.windows == 0) {
      found.without.push_back(one.book);
    } else {
      found.books.push_back(std::move(one));
    }
  }
  if (found.books.empty()) {
    return fail({.message = "no book has a tested window: " + std::string(walk.first_error.empty()
                                                                              ? "their coins have too short a past, or "
                                                                                "none that the recipe knows"
                                                                              : walk.first_error),
                 .remedy = "give longer bars, a wider span, or ask for fewer windows before the first"});
  }
  found.rate_holds = TRY(share_passing(found.books, &BookJudgement::two_sided_p));
  found.order_holds = TRY(share_passing(found.books, &BookJudgement::runs_p));
  found.not_too_many = TRY(share_passing(found.books, &BookJudgement::too_many_p));
  TRY_VOID(pool(walk, spec, of, found));
  for (const BookJudgement& one : found.books) {
    found.uncovered += one.uncovered / static_cast<double>(found.books.size());
    found.mean_margin += one.mean_margin / static_cast<double>(found.books.size());
    found.calls += one.calls;
  }
  found.efficiency = median_efficiency(found.books);
  return found;
}

}  // namespace margrave
