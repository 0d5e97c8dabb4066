#include "report/moves_report.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "base/timestamp.h"
#include "report/amount.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

std::string percent(double share, int decimals = 1) { return fmt::format("{:.{}f} %", 100 * share, decimals); }
std::string time_text(std::int64_t ms) { return to_string(Timestamp::from_ms(ms)); }

double share_of(std::size_t count, const MovesLine& line) {
  return line.cases == 0 ? 0 : static_cast<double>(count) / static_cast<double>(line.cases);
}

void add_row(TextTable& table, const MovesLine& line, Ink ink) {
  table.row({{line.kind, ink},
             {std::to_string(line.cases)},
             {percent(share_of(line.under, line))},
             {percent(share_of(line.well_under, line)), line.well_under > 0 ? Ink::red : Ink::plain},
             {grouped(line.median_ratio, 2)},
             {grouped(line.least_ratio, 2)},
             {line.under > 0 ? percent(line.median_shortfall, 2) : "-"},
             {line.under > 0 ? percent(line.worst_shortfall, 2) : "-"},
             {line.under > 0 ? percent(line.median_missing) : "-"},
             {line.under > 0 ? percent(line.worst_missing) : "-"}});
}

std::string worst_text(const MovesLine& line) {
  if (line.under == 0) return "";
  return fmt::format("  largest shortfall: {} at {}, {} USD asked for, {} USD lost, {} USD gross\n", line.worst.book,
                     time_text(line.worst.at_ms), grouped(line.worst.requirement, 0), grouped(line.worst.loss, 0),
                     grouped(line.worst.gross, 0));
}

Json line_json(const MovesLine& line) {
  Json worst = nullptr;
  if (line.under > 0) {
    worst = {{"book", line.worst.book},
             {"at", time_text(line.worst.at_ms)},
             {"requirement_usd", line.worst.requirement},
             {"loss_usd", line.worst.loss},
             {"gross_usd", line.worst.gross}};
  }
  return {{"kind", line.kind},
          {"cases", line.cases},
          {"under", line.under},
          {"under_by_5_percent", line.well_under},
          {"median_ratio", line.median_ratio},
          {"least_ratio", line.least_ratio},
          {"median_shortfall", line.median_shortfall},
          {"worst_shortfall", line.worst_shortfall},
          {"median_missing", line.median_missing},
          {"worst_missing", line.worst_missing},
          {"worst", std::move(worst)}};
}

}  // namespace

std::string moves_text(const MovesReport& report, const Paint& paint) {
  const MovesStudy& study = report.study;
  std::string text =
      paint(Ink::bold, report.recipe + " " + report.recipe_version) +
      fmt::format(", {} margin, against full revaluation of its own moves at the same instant\n", report.level);
  text += fmt::format("{} chains, {} to {}; {} books of {} USD ({})\n\n", study.chains, time_text(study.from_ms),
                      time_text(study.to_ms), study.all.cases, grouped(report.notional, 0), report.books);
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::right, Align::right,
                   Align::right, Align::right, Align::right});
  std::vector<Cell> names;
  for (const char* name : {"", "books", "under", "by over 5 %", "asked / lost, median", "least",
                           "short of notional, median", "worst", "short of loss, median", "worst"}) {
    names.push_back({name, Ink::dim});
  }
  table.row(std::move(names));
  for (const MovesLine& line : study.lines) add_row(table, line, Ink::plain);
  add_row(table, study.all, Ink::bold);
  text += table.text(paint) + worst_text(study.all);
  if (study.unplaced > 0) text += fmt::format("  {} books had no contracts in their chain\n", study.unplaced);
  if (study.failed > 0) text += fmt::format("  {} failed; the first: {}\n", study.failed, study.first_error);
  return text + paint(Ink::dim,
                      "\n  Under: the loss is above the margin, by over 5 % of the loss. Median and worst shortfalls "
                      "are of those alone. "
                      "docs/methods/option_books.md\n");
}

std::string moves_json(const MovesReport& report) {
  const MovesStudy& study = report.study;
  Json kinds = Json::array();
  for (const MovesLine& line : study.lines) kinds.push_back(line_json(line));
  const Json json{
      {"schema_version", schema_version},
      {"kind", "backtest_moves"},
      {"files", report.files},
      {"recipe", {{"name", report.recipe}, {"version", report.recipe_version}, {"digest", report.recipe_digest}}},
      {"level", report.level},
      {"books_asked", report.books},
      {"notional_usd", report.notional},
      {"chains", study.chains},
      {"from", time_text(study.from_ms)},
      {"to", time_text(study.to_ms)},
      {"unplaced", study.unplaced},
      {"failed", study.failed},
      {"first_error", study.first_error.empty() ? Json(nullptr) : Json(study.first_error)},
      {"kinds", std::move(kinds)},
      {"all", line_json(study.all)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace margrave
