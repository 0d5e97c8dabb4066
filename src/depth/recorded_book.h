#pragma once

#include <functional>
#include <string>
#include <vector>

#include "depth/order_book.h"

namespace margrave {

/// Reads a recorded snapshot: CSV, gzip allowed, with the columns local_us, last_update_id, side (b or a), price, qty;
/// all rows are of one moment. Other columns are passed over.
/// Errors with file, line and field: two moments in one file, a side that is neither, what OrderBook::start refuses, no
/// rows.
Result<BookMessage> read_book_snapshot(const std::string& path);

/// Reads recorded updates: CSV, gzip allowed, with the columns local_us, update_id, side (b or a), price, qty_after
/// (the whole size then) and where the venue says it previous_id; rows of one update_id are one message. The order of
/// the messages is not looked at here: OrderBook::apply does. Errors: as above.
Result<std::vector<BookMessage>> read_book_updates(const std::string& path);

/// A quote of a recorded top of book.
struct RecordedQuote {
  std::int64_t time_us{0};
  BookQuote quote;
};
/// Reads CSV, gzip allowed, with the columns local_us, bid, bid_qty, ask, ask_qty. Errors: times that fall; a price or
/// size not above 0; a bid above its ask.
Result<std::vector<RecordedQuote>> read_top_of_book(const std::string& path);

/// What was found while a book was rebuilt.
struct RebuildReport {
  std::size_t applied{0}, in_snapshot{0};
  std::size_t crossed{0};              ///< messages after which the best bid was at or above the best ask
  std::int64_t longest_silence_us{0};  ///< between two messages
};

/// Rebuilds a book from a snapshot and files of updates that follow each other, and shows it after every message that
/// was applied. Errors: those of the readers and of OrderBook::apply with the file; what `after_each` returns.
Result<RebuildReport> rebuild_book(const std::string& snapshot, const std::vector<std::string>& updates,
                                   const std::function<Result<void>(const OrderBook&)>& after_each);

}  // namespace margrave
