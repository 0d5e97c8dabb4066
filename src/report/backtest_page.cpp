#include "report/backtest_page.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/timestamp.h"
#include "report/amount.h"
#include "report/backtest_rows.h"
#include "report/backtest_svg.h"
#include "report/markup.h"

namespace margrave {
namespace {

constexpr const char* style = R"css(
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 1120px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 8px; } p { margin: 4px 0; }
.quiet { color: var(--quiet); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; width: 100%; }
th, td { text-align: right; padding: 4px 7px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; } th:first-child, td:first-child { text-align: left; }
td.bad { color: var(--breach); font-weight: 600; }
svg { width: 100%; height: auto; display: block; margin: 10px 0; font-size: 11px; }
.key span { margin-right: 18px; } .key i { display: inline-block; width: 12px; height: 12px; margin-right: 5px;
  border-radius: 2px; vertical-align: -1px; }
)css";

std::string day(std::int64_t ms) { return to_date(Timestamp::from_ms(ms)); }

std::string row(const std::vector<BacktestCell>& cells, const char* tag) {
  std::string out = "<tr>";
  for (const BacktestCell& cell : cells)
    out += fmt::format("<{0}{1}>{2}</{0}>", tag, cell.bad ? " class=\"bad\"" : "", escaped(cell.text));
  return out + "</tr>\n";
}
std::string table(const BacktestTable& of, bool titled) {
  std::vector<BacktestCell> titles;
  for (const std::string& column : of.columns) titles.push_back({column});
  std::string rows = titled ? row(titles, "th") : "";
  for (const std::vector<BacktestCell>& cells : of.rows) rows += row(cells, "td");
  return "<div class=\"scroll\"><table>\n" + rows + "</table></div>\n";
}

std::string head(const BooksBacktest& of) {
  std::string folders;
  for (const std::string& folder : of.folders) folders += (folders.empty() ? "" : ", ") + folder;
  return fmt::format("<h1>{} {}</h1>\n<p>{} margin of {} ({}) over {}, {} to {}</p>\n", escaped(of.recipe),
                     escaped(of.recipe_version), of.level == WalkLevel::initial ? "Initial" : "Maintenance",
                     counted(of.judgement.books.size(), "book"), escaped(of.books), counted(of.coins, "coin"),
                     day(of.from_ms), day(of.to_ms)) +
         fmt::format(
             "<p class=\"quiet\">Windows of {}, none overlapping; updates every {}, delay {}; first margin after "
             "{} windows; recipe {}; bars of {}. Margins, losses and calls in parts of the gross notional.</p>\n",
             length_text(of.spec.window_ms), length_text(of.spec.every_ms), length_text(of.spec.delay_ms),
             of.spec.first, of.recipe_digest, escaped(folders));
}

std::string books(const BooksBacktest& of) {
  std::vector<const BookJudgement*> all;
  for (const BookJudgement& one : of.judgement.books) all.push_back(&one);
  return "<h2>Books</h2>\n<p class=\"quiet\">Red: too many breaches at 5 %, one book alone. Uncovered in millionths. "
         "Rises over the least margin of five days.</p>\n" +
         table(book_rows(all, true), true);
}

std::string plots(const BooksBacktest& of, const BookWalk& walk) {
  std::string out =
      "<h2>Margin against loss</h2>\n<p class=\"key quiet\"><span><i style=\"background:var(--margin)\"></i>margin"
      "</span><span><i style=\"background:var(--loss)\"></i>worst loss of a stretch</span><span><i style=\"background:"
      "var(--breach)\"></i>breach: the loss is above the margin</span></p>\n";
  for (std::size_t b = 0; b < walk.names.size(); ++b) {
    const BookSeries series = series_of(walk, of.spec, of.level, b);
    const auto found = std::find_if(of.judgement.books.begin(), of.judgement.books.end(),
                                    [&](const BookJudgement& one) { return one.book == walk.names[b]; });
    if (found == of.judgement.books.end()) continue;
    out += backtest_svg(series,
                        fmt::format("{}: {} of {} windows breached", walk.names[b], found->breaches, found->windows));
  }
  return out;
}

std::string cadences(const BooksBacktest& of) {
  if (of.cadences.empty()) return "";
  return "<h2>Update interval and delay</h2>\n<p class=\"quiet\">Over windows that begin at every step of the bars and "
         "overlap: no test is made of them. Uncovered in millionths. Minutes: from the beginning of a breached window "
         "until the margin in force has doubled, within five days.</p>\n" +
         cadence_svg(of.cadences) + table(cadence_rows(of.cadences), true);
}

std::string remarks(const BooksBacktest& of) {
  std::string items;
  for (const std::string& line : untested_lines(of)) items += "<li>" + escaped(line) + "</li>\n";
  for (const std::string& name : of.judgement.without) items += "<li>never tested: " + escaped(name) + "</li>\n";
  std::string out = items.empty() ? "" : "<h2>Not tested</h2>\n<ul>\n" + items + "</ul>\n";
  if (of.findings.empty()) return out;
  out += "<h2>About the bars</h2>\n<ul>\n";
  for (const BarFinding& finding : of.findings) out += "<li>" + escaped(to_string(finding)) + "</li>\n";
  return out + "</ul>\n";
}

}  // namespace

std::string backtest_page(const BooksBacktest& of, const BookWalk& walk) {
  return "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" "
         "content=\"width=device-width, initial-scale=1\">\n<title>" +
         escaped("Backtest: " + of.recipe) + "</title>\n<style>\n" + std::string(chart_style()) + style +
         "</style>\n</head>\n<body>\n" + head(of) + "<h2>All books together</h2>\n" +
         table(pooled_rows(of.judgement), false) + cadences(of) + books(of) + plots(of, walk) + remarks(of) +
         "</body>\n</html>\n";
}

}  // namespace margrave
