#include "chains/dvol.h"

#include <algorithm>

#include "document/csv.h"
#include "document/file.h"

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr double least_percent = 2, most_percent = 1000;

struct Columns {
  std::size_t time, open, high, low, close;
};

Result<double> percent(const CsvReader& rows, std::size_t column) {
  const double value = TRY(rows.real(column));
  if (!(value > 0))
    return fail(
        rows.error(column, "a vol is not above 0", "write per cent per year, 60 for 60 %, or leave the day out"));
  if (value < least_percent) {
    return fail(rows.error(column, "a vol of less than 2 per cent per year looks like a fraction",
                           "write per cent per year: 60, not 0.6"));
  }
  if (value > most_percent)
    return fail(
        rows.error(column, "a vol of more than 1000 per cent per year", "write per cent per year: 60 for 60 %"));
  return value;
}

Result<void> check_day(const CsvReader& rows, std::size_t column, const Dvol& so_far, std::int64_t t_ms) {
  if (so_far.open.empty()) return {};
  const std::int64_t expected = so_far.end_ms();
  if (t_ms == expected) return {};
  if (t_ms == expected - day_ms) return fail(rows.error(column, "the day is there twice", "list every day once"));
  if (t_ms < expected)
    return fail(rows.error(column, "its time is before that of the row before", "sort the days, each in milliseconds"));
  return fail(rows.error(column, "the day after the row before is missing: " + to_date(Timestamp::from_ms(expected)),
                         "give every day; nothing is filled in"));
}

Result<void> read_day(const CsvReader& rows, const Columns& columns, Dvol& dvol) {
  const std::int64_t t_ms = TRY(rows.integer(columns.time, 0, 4'102'444'800'000));
  TRY_VOID(check_day(rows, columns.time, dvol, t_ms));
  if (t_ms < 1'230'768'000'000) {  // 2009
    return fail(rows.error(columns.time, "the time lies before 2009", "write milliseconds since 1970, not seconds"));
  }
  const double open = TRY(percent(rows, columns.open)), high = TRY(percent(rows, columns.high));
  const double low = TRY(percent(rows, columns.low)), close = TRY(percent(rows, columns.close));
  if (low > std::min(open, close) || high < std::max(open, close))
    return fail(rows.row_error("open and close are not between low and high", "check the columns"));
  if (dvol.open.empty()) dvol.first_ms = t_ms;
  dvol.open.push_back(open / 100);
  dvol.close.push_back(close / 100);
  return {};
}

}  // namespace

std::int64_t Dvol::end_ms() const { return first_ms + static_cast<std::int64_t>(open.size()) * day_ms; }

std::optional<double> Dvol::known_at(std::int64_t at_ms) const {
  if (open.empty() || at_ms < first_ms || at_ms > end_ms()) return std::nullopt;
  if (at_ms == end_ms()) return close.back();
  return open[static_cast<std::size_t>((at_ms - first_ms) / day_ms)];
}

Result<Dvol> read_dvol(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const Columns columns{TRY(rows.column("t_ms")), TRY(rows.column("dvol_open")), TRY(rows.column("dvol_high")),
                        TRY(rows.column("dvol_low")), TRY(rows.column("dvol_close"))};
  Dvol dvol;
  dvol.file = path;
  while (TRY(rows.next())) TRY_VOID(read_day(rows, columns, dvol));
  if (dvol.open.empty())
    return fail({.message = "the file has no days", .place = {.file = path}, .remedy = "check the file"});
  return dvol;
}

}  // namespace margrave
