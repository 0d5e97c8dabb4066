#include "report/backtest_rows.h"

#include <fmt/core.h>

#include "report/amount.h"

namespace margrave {
namespace {

struct BookColumn {
  const char* name;
  bool wide;  ///< on a page only
  std::string (*value)(const BookJudgement&);
};

using Book = const BookJudgement&;

constexpr double too_many_level = 0.05;
constexpr std::size_t breaches_column = 2;

std::string rise_text(Book of, double Procyclicality::*value) {
  return of.rises ? percent_text((*of.rises).*value, 0) : "-";
}

const BookColumn book_columns[] = {
    {"", false, [](Book of) { return of.book; }},
    {"windows", false, [](Book of) { return std::to_string(of.windows); }},
    {"breaches", false, [](Book of) { return std::to_string(of.breaches); }},
    {"p of rate", false, [](Book of) { return grouped(of.two_sided_p, 4); }},
    {"p of runs", false, [](Book of) { return grouped(of.runs_p, 4); }},
    {"uncovered", false, [](Book of) { return grouped(1e6 * of.uncovered, 1); }},
    {"excess", false, [](Book of) { return percent_text(of.mean_excess, 2); }},
    {"worst", false, [](Book of) { return percent_text(of.worst_excess, 2); }},
    {"margin", false, [](Book of) { return percent_text(of.mean_margin, 2); }},
    {"/ static", false, [](Book of) { return grouped_or_dash(of.efficiency, 2); }},
    {"tail", false, [](Book of) { return grouped_or_dash(of.tail, 2); }},
    {"rise, p99", true, [](Book of) { return rise_text(of, &Procyclicality::rise_p99); }},
    {"rise, most", false, [](Book of) { return rise_text(of, &Procyclicality::rise_max); }},
    {"peak / trough", true, [](Book of) { return of.rises ? grouped(of.rises->peak_to_trough, 1) : "-"; }},
    {"calls", false, [](Book of) { return std::to_string(of.calls); }},
    {"largest call", true, [](Book of) { return percent_text(of.largest_call, 2); }},
};

}  // namespace

std::string percent_text(double share, int decimals) { return fmt::format("{:.{}f} %", 100 * share, decimals); }
std::string grouped_or_dash(std::optional<double> value, int decimals) {
  return value ? grouped(*value, decimals) : "-";
}

BacktestTable pooled_rows(const WalkJudgement& all) {
  BacktestTable table{{"", ""}, {}};
  const auto line = [&](const std::string& name, const std::string& value) { table.rows.push_back({{name}, {value}}); };
  line("windows breached", fmt::format("{} of {}, {}", all.breaches, all.windows, percent_text(all.pooled_rate, 3)));
  line("standard error, blocks of five days", all.pooled_error > 0 ? percent_text(all.pooled_error, 3) : "-");
  line("books whose rate is " + percent_text(all.rate, 1) + " (exact test, after Holm)",
       percent_text(all.rate_holds, 0));
  line("books without too many breaches", percent_text(all.not_too_many, 0));
  line("books without clusters of breaches", percent_text(all.order_holds, 0));
  line("uncovered, mean, millionths", grouped(1e6 * all.uncovered, 1));
  line("mean margin", percent_text(all.mean_margin, 2));
  line("mean margin over the static one of as many breaches, median", grouped_or_dash(all.efficiency, 2));
  line("margin calls", std::to_string(all.calls));
  return table;
}

BacktestTable book_rows(const std::vector<const BookJudgement*>& books, bool wide) {
  BacktestTable table;
  for (const BookColumn& column : book_columns) {
    if (wide || !column.wide) table.columns.emplace_back(column.name);
  }
  for (const BookJudgement* one : books) {
    std::vector<BacktestCell> cells;
    for (const BookColumn& column : book_columns) {
      if (wide || !column.wide) cells.push_back({column.value(*one)});
    }
    cells[breaches_column].bad = one->too_many_p < too_many_level;
    table.rows.push_back(std::move(cells));
  }
  return table;
}

BacktestTable cadence_rows(const std::vector<CadenceRow>& cadences) {
  BacktestTable table{
      {"every", "delay", "breached", "uncovered", "shocks", "doubled", "minutes, median", "CPU s a day"}, {}};
  for (const CadenceRow& row : cadences) {
    table.rows.push_back({{length_text(row.cadence.every_ms)},
                          {length_text(row.cadence.delay_ms)},
                          {percent_text(row.breach_rate, 3)},
                          {grouped(1e6 * row.uncovered, 1)},
                          {std::to_string(row.shocks)},
                          {std::to_string(row.doubled)},
                          {grouped_or_dash(row.minutes, 0)},
                          {grouped(row.cpu_seconds_per_day, 2)}});
  }
  return table;
}

std::vector<std::string> untested_lines(const BooksBacktest& of) {
  std::array<std::size_t, cell_states> sum{};
  for (const BookJudgement& one : of.judgement.books) {
    for (std::size_t i = 0; i < cell_states; ++i) sum[i] += one.cells[i];
  }
  std::vector<std::string> lines;
  for (std::size_t i = 1; i < cell_states; ++i) {
    if (sum[i] > 0) lines.push_back(fmt::format("{} windows: {}", sum[i], to_string(static_cast<CellState>(i))));
  }
  if (!of.first_error.empty()) lines.push_back("first failure: " + of.first_error);
  return lines;
}

}  // namespace margrave
