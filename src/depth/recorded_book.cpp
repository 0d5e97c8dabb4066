#include "depth/recorded_book.h"

#include <algorithm>

#include "document/csv.h"
#include "document/file.h"

namespace margrave {
namespace {

constexpr std::int64_t latest_us = 4'102'444'800'000'000;  // the year 2100

struct LevelColumns {
  std::size_t time, id, side, price, size, previous;
};

Result<LevelColumns> level_columns(const CsvReader& rows, std::string_view id, std::string_view size) {
  LevelColumns columns{};
  columns.time = TRY(rows.column("local_us"));
  columns.id = TRY(rows.column(id));
  columns.side = TRY(rows.column("side"));
  columns.price = TRY(rows.column("price"));
  columns.size = TRY(rows.column(size));
  columns.previous = rows.find("previous_id");
  return columns;
}

template <class Number>
Result<Number> number(const CsvReader& rows, std::size_t column, Number least, Number most) {
  const Decimal value = TRY(rows.decimal(column));
  const Result<i128> raw = value.scaled(Number::decimals);
  if (!raw) return fail(rows.located(column, raw.error()));
  if (*raw >= least.raw && *raw <= most.raw) return Number{*raw};
  return fail(rows.error(column, value.to_string() + " is out of range", "check the columns and their units"));
}

Result<BookLevel> read_level(const CsvReader& rows, const LevelColumns& columns, BookSize least) {
  BookLevel level;
  const std::string_view side = TRY(rows.text(columns.side));
  if (side != "b" && side != "a") return fail(rows.error(columns.side, "a side is b or a", "b is a bid, a an ask"));
  level.side = side == "b" ? BookSide::bid : BookSide::ask;
  level.price = TRY(number(rows, columns.price, BookPrice{1}, largest_book_price));
  level.size = TRY(number(rows, columns.size, least, largest_book_size));
  return level;
}

/// A message without levels: time and ids of the row.
Result<BookMessage> read_head(const CsvReader& rows, const LevelColumns& columns) {
  BookMessage message;
  message.time_us = TRY(rows.integer(columns.time, 0, latest_us));
  message.update_id = TRY(rows.integer(columns.id, 0));
  if (columns.previous != CsvReader::none && !rows.is_empty(columns.previous)) {
    message.previous_id = TRY(rows.integer(columns.previous, 0));
  }
  return message;
}

tl::unexpected<Error> no_rows(const std::string& path) {
  return fail({.message = "the file has no rows", .place = {.file = path}, .remedy = "check the file"});
}

Error in_file(const std::string& path, Error error) {
  if (error.place.file.empty()) error.place.file = path;
  return error;
}

}  // namespace

Result<BookMessage> read_book_snapshot(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const LevelColumns columns = TRY(level_columns(rows, "last_update_id", "qty"));
  std::optional<BookMessage> snapshot;
  while (TRY(rows.next())) {
    const BookMessage head = TRY(read_head(rows, columns));
    if (!snapshot) snapshot = head;
    if (head.time_us != snapshot->time_us || head.update_id != snapshot->update_id) {
      return fail(rows.row_error("a snapshot is of one moment", "give each snapshot a file of its own"));
    }
    snapshot->levels.push_back(TRY(read_level(rows, columns, BookSize{1})));
  }
  if (!snapshot) return no_rows(path);
  return *std::move(snapshot);
}

Result<std::vector<BookMessage>> read_book_updates(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const LevelColumns columns = TRY(level_columns(rows, "update_id", "qty_after"));
  std::vector<BookMessage> messages;
  while (TRY(rows.next())) {
    BookMessage head = TRY(read_head(rows, columns));
    if (messages.empty() || head.update_id != messages.back().update_id) {
      messages.push_back(std::move(head));
    } else if (head.time_us != messages.back().time_us) {
      return fail(rows.error(columns.time, "rows of one update have two times", "give an update's rows one time"));
    }
    messages.back().levels.push_back(TRY(read_level(rows, columns, BookSize{0})));
  }
  if (messages.empty()) return no_rows(path);
  return messages;
}

Result<std::vector<RecordedQuote>> read_top_of_book(const std::string& path) {
  const std::string text = TRY(read_text(path));
  CsvReader rows = TRY(CsvReader::open(text, path));
  const std::size_t time = TRY(rows.column("local_us")), bid = TRY(rows.column("bid")), ask = TRY(rows.column("ask"));
  const std::size_t bid_size = TRY(rows.column("bid_qty")), ask_size = TRY(rows.column("ask_qty"));
  std::vector<RecordedQuote> quotes;
  while (TRY(rows.next())) {
    RecordedQuote at;
    at.time_us = TRY(rows.integer(time, quotes.empty() ? 0 : quotes.back().time_us, latest_us));
    at.quote.bid = TRY(number(rows, bid, BookPrice{1}, largest_book_price));
    at.quote.ask = TRY(number(rows, ask, BookPrice{1}, largest_book_price));
    at.quote.bid_size = TRY(number(rows, bid_size, BookSize{1}, largest_book_size));
    at.quote.ask_size = TRY(number(rows, ask_size, BookSize{1}, largest_book_size));
    if (at.quote.bid > at.quote.ask) return fail(rows.row_error("the bid is above the ask", "check the columns"));
    quotes.push_back(at);
  }
  if (quotes.empty()) return no_rows(path);
  return quotes;
}

Result<RebuildReport> rebuild_book(const std::string& snapshot, const std::vector<std::string>& updates,
                                   const std::function<Result<void>(const OrderBook&)>& after_each) {
  const BookMessage first = TRY(read_book_snapshot(snapshot));
  Result<OrderBook> book = OrderBook::start(first);
  if (!book) return fail(in_file(snapshot, std::move(book).error()));
  RebuildReport report;
  std::optional<std::int64_t> last_us;
  for (const std::string& path : updates) {
    for (const BookMessage& message : TRY(read_book_updates(path))) {
      const Result<OrderBook::Outcome> outcome = book->apply(message);
      if (!outcome) return fail(in_file(path, outcome.error()));
      if (last_us) report.longest_silence_us = std::max(report.longest_silence_us, message.time_us - *last_us);
      last_us = message.time_us;
      if (*outcome == OrderBook::Outcome::in_snapshot) {
        ++report.in_snapshot;
        continue;
      }
      ++report.applied;
      if (book->is_crossed()) ++report.crossed;
      TRY_VOID(after_each(*book));
    }
  }
  return report;
}

}  // namespace margrave
