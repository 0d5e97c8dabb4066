#include "report/backtest_page.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/timestamp.h"
#include "report/amount.h"
#include "report/backtest_svg.h"
#include "report/markup.h"

namespace margrave {
namespace {

constexpr const char* style = R"css(<style>
:root { color-scheme: light dark; --ink: #1d2733; --paper: #ffffff; --quiet: #5b6773; --rule: #e3e7eb;
  --margin: #1f6fb2; --loss: #9fb3c8; --breach: #c0392b; --l1: #d9772b; --l2: #2f8f5b; --l3: #8053a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --paper: #14181d; --quiet: #98a4b0; --rule: #2a3138;
  --margin: #5fb0f0; --loss: #55697d; --breach: #ff7b6b; --l1: #f0a44b; --l2: #62c48f; --l3: #b58cdd; } }
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; color: var(--ink);
  background: var(--paper); max-width: 1120px; margin: 0 auto; padding: 24px 16px 64px; }
h1 { font-size: 24px; margin: 0 0 4px; } h2 { font-size: 18px; margin: 36px 0 8px; } p { margin: 4px 0; }
.quiet { color: var(--quiet); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 13px; width: 100%; }
th, td { text-align: right; padding: 4px 7px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th { color: var(--quiet); font-weight: 500; } th:first-child, td:first-child { text-align: left; }
td.bad { color: var(--breach); font-weight: 600; }
svg { width: 100%; height: auto; display: block; margin: 10px 0; font-size: 11px; }
svg text { fill: var(--ink); } svg .tick { fill: var(--quiet); } svg .title { font-weight: 600; font-size: 13px; }
.rule { stroke: var(--rule); } .loss { stroke: var(--loss); stroke-width: 1.6; fill: none; }
.margin { stroke: var(--margin); stroke-width: 1.6; fill: none; } .breach { fill: var(--breach); }
.line0, .line1, .line2, .line3 { fill: none; stroke-width: 2; }
.line0 { stroke: var(--margin); } .dot0 { fill: var(--margin); }
.line1 { stroke: var(--l1); } .dot1 { fill: var(--l1); } .line2 { stroke: var(--l2); } .dot2 { fill: var(--l2); }
.line3 { stroke: var(--l3); } .dot3 { fill: var(--l3); }
.key span { margin-right: 18px; } .key i { display: inline-block; width: 12px; height: 12px; margin-right: 5px;
  border-radius: 2px; vertical-align: -1px; }
</style>
)css";

std::string percent(double share, int decimals) { return fmt::format("{:.{}f} %", 100 * share, decimals); }
std::string maybe(std::optional<double> value, int decimals) { return value ? grouped(*value, decimals) : "-"; }
std::string day(std::int64_t ms) { return to_date(Timestamp::from_ms(ms)); }

struct Entry {
  std::string text;
  bool bad{false};
};
std::string row(const std::vector<Entry>& entries, const char* tag = "td") {
  std::string out = "<tr>";
  for (const Entry& entry : entries)
    out += fmt::format("<{0}{1}>{2}</{0}>", tag, entry.bad ? " class=\"bad\"" : "", escaped(entry.text));
  return out + "</tr>\n";
}
std::string table(const std::string& rows) { return "<div class=\"scroll\"><table>\n" + rows + "</table></div>\n"; }

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

std::string pooled(const BooksBacktest& of) {
  const WalkJudgement& all = of.judgement;
  std::string rows;
  const auto line = [&](const std::string& name, const std::string& value) { rows += row({{name}, {value}}); };
  line("Windows breached", fmt::format("{} of {}: {}", all.breaches, all.windows, percent(all.pooled_rate, 3)));
  line("Standard error, blocks of five days", all.pooled_error > 0 ? percent(all.pooled_error, 3) : "-");
  line("Books whose rate is " + percent(all.rate, 1) + " (exact test, after Holm)", percent(all.rate_holds, 0));
  line("Books without too many breaches", percent(all.not_too_many, 0));
  line("Books without clusters of breaches", percent(all.order_holds, 0));
  line("Uncovered loss, mean, millionths", grouped(1e6 * all.uncovered, 1));
  line("Mean margin", percent(all.mean_margin, 2));
  line("Mean margin over the static one of as many breaches, median", maybe(all.efficiency, 2));
  line("Margin calls", std::to_string(all.calls));
  return "<h2>All books together</h2>\n" + table(rows);
}

std::string books(const BooksBacktest& of) {
  std::string rows = row({{"Book"},
                          {"windows"},
                          {"breaches"},
                          {"p of rate"},
                          {"p of runs"},
                          {"uncovered"},
                          {"excess"},
                          {"worst"},
                          {"margin"},
                          {"/ static"},
                          {"tail"},
                          {"rise p99"},
                          {"rise max"},
                          {"peak/trough"},
                          {"calls"},
                          {"largest call"}},
                         "th");
  for (const BookJudgement& one : of.judgement.books) {
    const auto rise = [&](double value) { return one.rises ? percent(value, 0) : "-"; };
    rows += row({{one.book},
                 {std::to_string(one.windows)},
                 {std::to_string(one.breaches), one.too_many_p < 0.05},
                 {grouped(one.two_sided_p, 4)},
                 {grouped(one.runs_p, 4)},
                 {grouped(1e6 * one.uncovered, 1)},
                 {percent(one.mean_excess, 2)},
                 {percent(one.worst_excess, 2)},
                 {percent(one.mean_margin, 2)},
                 {maybe(one.efficiency, 2)},
                 {maybe(one.tail, 2)},
                 {rise(one.rises ? one.rises->rise_p99 : 0)},
                 {rise(one.rises ? one.rises->rise_max : 0)},
                 {one.rises ? grouped(one.rises->peak_to_trough, 1) : "-"},
                 {std::to_string(one.calls)},
                 {percent(one.largest_call, 2)}});
  }
  return "<h2>Books</h2>\n<p class=\"quiet\">Red: too many breaches at 5 %, one book alone. Uncovered in millionths. "
         "Rises over the least margin of five days.</p>\n" +
         table(rows);
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
  std::string rows = row({{"Every"},
                          {"delay"},
                          {"breached"},
                          {"uncovered"},
                          {"shocks"},
                          {"doubled after"},
                          {"minutes, median"},
                          {"CPU s a day"}},
                         "th");
  for (const CadenceRow& one : of.cadences) {
    rows += row({{length_text(one.cadence.every_ms)},
                 {length_text(one.cadence.delay_ms)},
                 {percent(one.breach_rate, 3)},
                 {grouped(1e6 * one.uncovered, 1)},
                 {std::to_string(one.shocks)},
                 {std::to_string(one.doubled)},
                 {maybe(one.minutes, 0)},
                 {grouped(one.cpu_seconds_per_day, 2)}});
  }
  return "<h2>Update interval and delay</h2>\n<p class=\"quiet\">Over windows that begin at every step of the bars and "
         "overlap: no test is made of them. Minutes: from the beginning of a breached window until the margin in force "
         "has doubled, within five days.</p>\n" +
         cadence_svg(of.cadences) + table(rows);
}

std::string remarks(const BooksBacktest& of) {
  std::array<std::size_t, cell_states> sum{};
  for (const BookJudgement& one : of.judgement.books) {
    for (std::size_t i = 0; i < cell_states; ++i) sum[i] += one.cells[i];
  }
  std::string items;
  for (std::size_t i = 1; i < cell_states; ++i) {
    if (sum[i] > 0) items += fmt::format("<li>{} windows: {}</li>\n", sum[i], to_string(static_cast<CellState>(i)));
  }
  for (const std::string& name : of.judgement.without) items += "<li>never tested: " + escaped(name) + "</li>\n";
  if (!of.first_error.empty()) items += "<li>first failure: " + escaped(of.first_error) + "</li>\n";
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
         escaped("Backtest: " + of.recipe) + "</title>\n" + style + "</head>\n<body>\n" + head(of) + pooled(of) +
         cadences(of) + books(of) + plots(of, walk) + remarks(of) + "</body>\n</html>\n";
}

}  // namespace margrave
