#include "report/backtest_books.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/timestamp.h"
#include "report/amount.h"
#include "report/backtest_rows.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;
constexpr std::size_t shown_books = 20, shown_findings = 12;

std::string time_text(std::int64_t ms) { return to_string(Timestamp::from_ms(ms)); }
std::string_view level_name(WalkLevel level) { return level == WalkLevel::initial ? "initial" : "maintenance"; }

std::vector<Cell> dim(const std::vector<std::string>& names) {
  std::vector<Cell> cells;
  for (const std::string& name : names) cells.push_back({name, Ink::dim});
  return cells;
}
std::string heading(const Paint& paint, const std::string& text) { return "\n" + paint(Ink::bold, text) + "\n"; }

std::string time_day(std::int64_t ms) { return to_date(Timestamp::from_ms(ms)); }

/// Whether the shape of modelled chains is of times that were not over when the first window began.
bool knows_later_shape(const BooksBacktest& of) { return of.modelled->shape_to_ms > of.from_ms; }

std::string modelled_lines(const BooksBacktest& of, const Paint& paint) {
  if (!of.modelled) return "";
  const ModelledWindows& made = *of.modelled;
  std::string levels;
  for (const std::string& level : made.levels) levels += (levels.empty() ? "" : ", ") + level;
  std::string text = paint(Ink::yellow, "modelled") +
                     fmt::format(
                         ": no venue recorded these chains; level of vol by day from {}; shape the mean of {} "
                         "recorded chains, {} to {}",
                         levels, made.shape_chains, time_day(made.shape_from_ms), time_day(made.shape_to_ms));
  if (knows_later_shape(of)) text += ", which the windows could not know";
  return text + "; skew does not move by itself\n";
}

std::string head(const BooksBacktest& of, const Paint& paint) {
  std::string text = paint(Ink::bold, of.recipe + " " + of.recipe_version) +
                     fmt::format(", {} margin, {} ({}), {}\n", level_name(of.level),
                                 counted(of.judgement.books.size(), "book"), of.books, counted(of.coins, "coin"));
  if (of.chains > 0) {
    text += fmt::format(
        "{} tested windows of {}chains, none overlapping, {} to {}; {} of {} chains begin one, of {:.1f} h\n",
        of.judgement.windows, of.modelled ? "modelled " : "", time_text(of.from_ms), time_text(of.to_ms), of.updates,
        of.chains, of.mean_hours);
    text += modelled_lines(of, paint);
  } else {
    text += fmt::format("{} tested windows of {}, none overlapping, {} to {}; {} updates every {}, delay {}\n",
                        of.judgement.windows, length_text(of.spec.window_ms), time_text(of.from_ms),
                        time_text(of.to_ms), of.updates, length_text(of.spec.every_ms), length_text(of.spec.delay_ms));
  }
  if (of.judgement.without.empty()) return text;
  std::string names;
  for (const std::string& name : of.judgement.without) names += (names.empty() ? "" : ", ") + name;
  return text + "never tested: " + paint(Ink::yellow, names) + "\n";
}

/// A table whose first column is text; `titled`: under the names of its columns.
std::string text_of(const BacktestTable& of, bool titled, Align first, const Paint& paint) {
  std::vector<Align> aligns(of.columns.size(), Align::right);
  aligns[0] = first;
  TextTable table(aligns);
  if (titled) table.row(dim(of.columns));
  for (const std::vector<BacktestCell>& row : of.rows) {
    std::vector<Cell> cells;
    for (const BacktestCell& cell : row) cells.push_back({cell.text, cell.bad ? Ink::red : Ink::plain});
    table.row(std::move(cells));
  }
  return table.text(paint);
}

std::vector<const BookJudgement*> chosen(const WalkJudgement& all, bool each) {
  std::vector<const BookJudgement*> books;
  for (const BookJudgement& one : all.books) books.push_back(&one);
  if (each || books.size() <= shown_books) return books;
  std::stable_sort(books.begin(), books.end(), [](const auto* a, const auto* b) { return a->breaches > b->breaches; });
  books.resize(shown_books);
  return books;
}

std::string lines(const BooksBacktest& of, bool each, const Paint& paint) {
  const bool all = each || of.judgement.books.size() <= shown_books;
  return heading(paint, all ? "Books" : "The twenty books with the most breaches (--assets shows all)") +
         text_of(book_rows(chosen(of.judgement, each), false), true, Align::left, paint);
}

std::string cadences(const BooksBacktest& of, const Paint& paint) {
  if (of.cadences.empty()) return "";
  return heading(paint, "Cadence, over windows that overlap: no test is made of them") +
         text_of(cadence_rows(of.cadences), true, Align::right, paint) +
         fmt::format("  {:.2f} ms of one core per update\n", of.cadences.front().cpu_ms_per_update);
}

std::string untested(const BooksBacktest& of, const Paint& paint) {
  std::string text;
  for (const std::string& line : untested_lines(of)) text += "  " + line + "\n";
  return text.empty() ? "" : heading(paint, "Not tested") + text;
}

std::string findings(const BooksBacktest& of, const Paint& paint) {
  if (of.findings.empty()) return "";
  std::string text = heading(paint, "About the bars");
  for (std::size_t i = 0; i < std::min(shown_findings, of.findings.size()); ++i)
    text += "  " + to_string(of.findings[i]) + "\n";
  if (of.findings.size() > shown_findings)
    text += fmt::format("  and {} more: --json lists all\n", of.findings.size() - shown_findings);
  return text;
}

Json number(std::optional<double> value) { return value ? Json(*value) : Json(nullptr); }

Json rises_json(const BookJudgement& one) {
  if (!one.rises) return nullptr;
  return {{"p99", one.rises->rise_p99},
          {"max", one.rises->rise_max},
          {"peak_to_trough", one.rises->peak_to_trough},
          {"days_above_25_percent", one.rises->calls}};
}

Json book_json(const BookJudgement& one) {
  Json untested = Json::object();
  for (std::size_t i = 1; i < cell_states; ++i) {
    if (one.cells[i] > 0) untested[std::string(to_string(static_cast<CellState>(i)))] = one.cells[i];
  }
  return {{"book", one.book},
          {"windows", one.windows},
          {"untested", std::move(untested)},
          {"breaches", one.breaches},
          {"two_sided_p", one.two_sided_p},
          {"too_many_p", one.too_many_p},
          {"runs_p", one.runs_p},
          {"uncovered", one.uncovered},
          {"mean_excess", one.mean_excess},
          {"worst_excess", one.worst_excess},
          {"mean_margin", one.mean_margin},
          {"static_margin", one.static_margin},
          {"efficiency", number(one.efficiency)},
          {"tail", number(one.tail)},
          {"rises", rises_json(one)},
          {"calls", {{"count", one.calls}, {"sum", one.called}, {"largest", one.largest_call}}}};
}

Json finding_json(const BarFinding& finding) {
  return {{"kind", to_string(finding.kind)}, {"coin", finding.coin},   {"file", finding.file},
          {"at", time_text(finding.at_ms)},  {"count", finding.count}, {"ratio", finding.ratio},
          {"text", to_string(finding)}};
}

Json cadence_json(const CadenceRow& row) {
  return {{"every_seconds", row.cadence.every_ms / 1000},
          {"delay_seconds", row.cadence.delay_ms / 1000},
          {"windows", row.windows},
          {"breach_rate", row.breach_rate},
          {"uncovered", row.uncovered},
          {"shocks", row.shocks},
          {"doubled", row.doubled},
          {"minutes", number(row.minutes)},
          {"cpu_ms_per_update", row.cpu_ms_per_update},
          {"cpu_seconds_per_day", row.cpu_seconds_per_day}};
}

Json chains_json(const BooksBacktest& of) {
  if (of.chains == 0) return nullptr;
  return {{"count", of.chains}, {"begin_no_window", of.gaps}, {"mean_window_hours", of.mean_hours}};
}

std::string_view windows_of(const BooksBacktest& of) {
  if (of.modelled) return "modelled chains";
  return of.chains > 0 ? "chains" : "bars";
}

Json modelled_json(const BooksBacktest& of) {
  if (!of.modelled) return nullptr;
  const ModelledWindows& made = *of.modelled;
  return {{"levels", made.levels},
          {"shapes", made.shapes},
          {"shape_chains", made.shape_chains},
          {"shape_from", time_text(made.shape_from_ms)},
          {"shape_to", time_text(made.shape_to_ms)},
          {"shape_is_later", knows_later_shape(of)}};
}

std::string csv_text(const std::string& text) {
  if (text.find_first_of(",\"\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}
std::string csv_number(std::optional<double> value) { return value ? fmt::format("{:.10g}", *value) : ""; }

}  // namespace

std::string length_text(std::int64_t ms) {
  if (ms % 86'400'000 == 0 && ms > 0) return fmt::format("{}d", ms / 86'400'000);
  if (ms % 3'600'000 == 0 && ms > 0) return fmt::format("{}h", ms / 3'600'000);
  if (ms % 60'000 == 0 && ms > 0) return fmt::format("{}m", ms / 60'000);
  return fmt::format("{}s", ms / 1000);
}

std::string books_text(const BooksBacktest& of, bool each, const Paint& paint) {
  return head(of, paint) + heading(paint, "All books together") +
         text_of(pooled_rows(of.judgement), false, Align::left, paint) + lines(of, each, paint) + cadences(of, paint) +
         untested(of, paint) + findings(of, paint) +
         paint(Ink::dim,
               "\n  Margins, losses and calls in parts of the gross notional; uncovered in millionths of it. "
               "docs/methods/backtest.md\n");
}

std::string books_json(const BooksBacktest& of) {
  const WalkJudgement& all = of.judgement;
  Json books = Json::array(), found = Json::array(), cadence = Json::array();
  for (const BookJudgement& one : all.books) books.push_back(book_json(one));
  for (const BarFinding& one : of.findings) found.push_back(finding_json(one));
  for (const CadenceRow& one : of.cadences) cadence.push_back(cadence_json(one));
  const Json json{{"schema_version", schema_version},
                  {"kind", "backtest_books"},
                  {"folders", of.folders},
                  {"recipe", {{"name", of.recipe}, {"version", of.recipe_version}, {"digest", of.recipe_digest}}},
                  {"level", level_name(of.level)},
                  {"books_asked", of.books},
                  {"coins", of.coins},
                  {"window_seconds", of.spec.window_ms / 1000},
                  {"every_seconds", of.spec.every_ms / 1000},
                  {"delay_seconds", of.spec.delay_ms / 1000},
                  {"first", of.spec.first},
                  {"notional", of.spec.notional},
                  {"from", time_text(of.from_ms)},
                  {"to", time_text(of.to_ms)},
                  {"updates", of.updates},
                  {"windows_of", windows_of(of)},
                  {"chains", chains_json(of)},
                  {"modelled", modelled_json(of)},
                  {"pooled",
                   {{"windows", all.windows},
                    {"breaches", all.breaches},
                    {"rate", all.pooled_rate},
                    {"standard_error", all.pooled_error},
                    {"rate_asked", all.rate},
                    {"rate_holds", all.rate_holds},
                    {"not_too_many", all.not_too_many},
                    {"no_clusters", all.order_holds},
                    {"uncovered", all.uncovered},
                    {"mean_margin", all.mean_margin},
                    {"efficiency", number(all.efficiency)},
                    {"calls", all.calls}}},
                  {"books", std::move(books)},
                  {"never_tested", all.without},
                  {"first_error", of.first_error},
                  {"findings", std::move(found)},
                  {"cadences", std::move(cadence)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string books_csv(const BooksBacktest& of) {
  std::string text =
      "book,windows,breaches,two_sided_p,too_many_p,runs_p,uncovered,mean_excess,worst_excess,mean_margin,static_"
      "margin,"
      "efficiency,tail,rise_p99,rise_max,peak_to_trough,days_above_25_percent,calls,called,largest_call\n";
  for (const BookJudgement& one : of.judgement.books) {
    text += csv_text(one.book) + fmt::format(",{},{}", one.windows, one.breaches);
    for (const double value : {one.two_sided_p, one.too_many_p, one.runs_p, one.uncovered, one.mean_excess,
                               one.worst_excess, one.mean_margin, one.static_margin}) {
      text += "," + csv_number(value);
    }
    text += "," + csv_number(one.efficiency) + "," + csv_number(one.tail);
    const auto rise = [&](double Procyclicality::*value) {
      return "," + (one.rises ? csv_number((*one.rises).*value) : std::string());
    };
    text += rise(&Procyclicality::rise_p99) + rise(&Procyclicality::rise_max) + rise(&Procyclicality::peak_to_trough);
    text += "," + (one.rises ? std::to_string(one.rises->calls) : std::string());
    text += fmt::format(",{},{},{}\n", one.calls, csv_number(one.called), csv_number(one.largest_call));
  }
  return text;
}

std::string windows_csv(const BookWalk& walk, const BookWalkSpec& spec, WalkLevel level) {
  std::string text = "end,end_ms,book,state,margin_usd,loss_usd,gross_usd\n";
  for (std::size_t w = 0; w < walk.window_ms.size(); ++w) {
    const std::int64_t end = walk.window_ms[w] + spec.window_ms;
    const std::string begin = time_text(end) + "," + std::to_string(end) + ",";
    for (std::size_t b = 0; b < walk.names.size(); ++b) {
      const WindowCell& cell = walk.window(w, b);
      const UpdateCell& margin = walk.update(walk.update_of[w], b);
      text += begin + csv_text(walk.names[b]) + "," + std::string(to_string(cell.state));
      if (cell.state == CellState::good) {
        text += fmt::format(",{:.9f},{:.9f},{:.9f}\n",
                            level == WalkLevel::initial ? margin.initial : margin.maintenance, cell.loss, cell.gross);
      } else {
        text += ",,,\n";
      }
    }
  }
  return text;
}

}  // namespace margrave
