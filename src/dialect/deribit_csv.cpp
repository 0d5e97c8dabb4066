#include <algorithm>

#include "dialect/deribit.h"
#include "dialect/deribit_chain.h"
#include "document/csv.h"
#include "document/file.h"
#include "document/text.h"

namespace margrave {
namespace {

/// Where the columns of a recorded chain are.
struct Columns {
  std::size_t time, instrument, underlying_price, index, bid, ask, mark, mark_vol, open_interest, bid_size, ask_size;

  static Result<Columns> of(const CsvReader& rows) {
    Columns c{};
    c.time = TRY(rows.column("t_ms"));
    c.instrument = TRY(rows.column("instrument"));
    c.underlying_price = TRY(rows.column("underlying_price"));
    c.index = TRY(rows.column("index_price"));
    c.bid = TRY(rows.column("bid"));
    c.ask = TRY(rows.column("ask"));
    c.mark = TRY(rows.column("mark"));
    c.mark_vol = TRY(rows.column("mark_iv"));
    c.open_interest = rows.find("open_interest");
    c.bid_size = rows.find("bid_size");
    c.ask_size = rows.find("ask_size");
    return c;
  }
};

Result<double> number_or_absent(const CsvReader& rows, std::size_t column) {
  if (column == CsvReader::none || rows.is_empty(column)) return absent;
  const double value = TRY(rows.real(column));
  if (value < 0) {
    return fail(rows.error(column, "a price, vol or size is negative", "leave the cell empty where there is no quote"));
  }
  return value;
}

Result<ChainQuote> read_quote(const CsvReader& rows, const Columns& columns, std::int64_t t_ms) {
  ChainQuote quote;
  Result<Listing> listing = parse_deribit_name(TRY(rows.text(columns.instrument)));
  if (!listing) return fail(rows.located(columns.instrument, std::move(listing).error()));
  quote.instrument = *std::move(listing);
  quote.time = Timestamp::from_ms(t_ms);
  quote.underlying_price = TRY(number_or_absent(rows, columns.underlying_price));
  quote.index = TRY(number_or_absent(rows, columns.index));
  quote.bid = TRY(number_or_absent(rows, columns.bid));
  quote.ask = TRY(number_or_absent(rows, columns.ask));
  quote.mark = TRY(number_or_absent(rows, columns.mark));
  quote.mark_vol = TRY(number_or_absent(rows, columns.mark_vol)) / 100;
  quote.open_interest = TRY(number_or_absent(rows, columns.open_interest));
  quote.bid_size = TRY(number_or_absent(rows, columns.bid_size));
  quote.ask_size = TRY(number_or_absent(rows, columns.ask_size));
  return quote;
}

Result<std::int64_t> row_time(const CsvReader& rows, const Columns& columns) {
  return rows.integer(columns.time, 0, 4'102'444'800'000);  // up to the year 2100
}

}  // namespace

Result<SnapshotChoice> SnapshotChoice::parse(std::string_view text) {
  if (text == "first") return SnapshotChoice{.which = Which::first};
  if (text == "whole") return SnapshotChoice{.which = Which::whole};
  if (text == "last") return SnapshotChoice{.which = Which::last};
  const bool index = text.starts_with('#');
  const Result<std::int64_t> number = parse_integer(index ? text.substr(1) : text, 0);
  if (!number) {
    return fail({.message = in_quotes(text) + " names no snapshot",
                 .field = "snapshot",
                 .remedy = "use first, last, whole, #12 or its time in milliseconds"});
  }
  if (index) return SnapshotChoice{.which = Which::index, .index = static_cast<std::size_t>(*number)};
  return SnapshotChoice{.which = Which::time, .t_ms = *number};
}

Result<std::size_t> stream_deribit_csv(const std::string& path, const std::function<bool(const Chain&)>& take) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const Columns columns = TRY(Columns::of(rows));
  Chain chain{.source = path, .time = {}, .quotes = {}};
  std::size_t taken = 0;
  while (TRY(rows.next())) {
    const std::int64_t t_ms = TRY(row_time(rows, columns));
    if (!chain.quotes.empty() && Timestamp::from_ms(t_ms) != chain.time) {
      ++taken;
      TRY_VOID(name_perpetuals(chain));
      if (!take(chain)) return taken;
      chain.quotes.clear();
    }
    chain.time = Timestamp::from_ms(t_ms);
    chain.quotes.push_back(TRY(read_quote(rows, columns, t_ms)));
  }
  if (chain.quotes.empty()) return taken;
  TRY_VOID(name_perpetuals(chain));
  take(chain);
  return taken + 1;
}

Result<std::vector<Timestamp>> deribit_csv_times(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const Columns columns = TRY(Columns::of(rows));
  std::vector<Timestamp> times;
  while (TRY(rows.next())) {
    const Timestamp time = Timestamp::from_ms(TRY(row_time(rows, columns)));
    if (times.empty() || times.back() != time) times.push_back(time);
  }
  return times;
}

Result<Chain> read_deribit_csv(const std::string& path, const SnapshotChoice& choice) {
  const std::string text = TRY(read_text(path));
  return parse_deribit_csv(text, path, choice);
}

Result<Chain> parse_deribit_csv(std::string_view text, const std::string& file, const SnapshotChoice& choice) {
  CsvReader rows = TRY(CsvReader::open(text, file));
  const Columns columns = TRY(Columns::of(rows));
  using Which = SnapshotChoice::Which;
  Chain chain{.source = file, .time = {}, .quotes = {}};
  std::int64_t current = -1;
  std::size_t snapshots = 0;
  while (TRY(rows.next())) {
    const std::int64_t t_ms = TRY(row_time(rows, columns));
    if (t_ms != current) {
      current = t_ms;
      ++snapshots;
      if (choice.which == Which::last) chain.quotes.clear();
    }
    const bool wanted = choice.which == Which::last || choice.which == Which::whole ||
                        (choice.which == Which::first && snapshots == 1) ||
                        (choice.which == Which::index && snapshots == choice.index + 1) ||
                        (choice.which == Which::time && t_ms == choice.t_ms);
    if (!wanted) {
      if (!chain.quotes.empty()) break;
      continue;
    }
    const Timestamp time = Timestamp::from_ms(t_ms);
    chain.time = choice.which == Which::whole ? std::max(chain.time, time) : time;
    chain.quotes.push_back(TRY(read_quote(rows, columns, t_ms)));
  }
  if (chain.quotes.empty()) {
    return fail({.message = "the snapshot asked for is not among the " + std::to_string(snapshots) + " of the file",
                 .place = {.file = file},
                 .field = "t_ms",
                 .remedy = "use first, last, #0 to #" + std::to_string(snapshots == 0 ? 0 : snapshots - 1) +
                           " or a t_ms of the file"});
  }
  TRY_VOID(name_perpetuals(chain));
  return chain;
}

}  // namespace margrave
