#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <vector>

#include "base/result.h"
#include "depth/book_units.h"

namespace margrave {

enum class BookSide : std::uint8_t { bid, ask };

/// The whole size that rests at a price after a message; 0: nothing rests there any more.
struct BookLevel {
  BookSide side{BookSide::bid};
  BookPrice price{};
  BookSize size{};
};

/// What a venue sends at once: a snapshot, or the levels that changed.
struct BookMessage {
  std::int64_t time_us{0};                    ///< when it was received, UTC
  std::int64_t update_id{0};                  ///< of its last change; a snapshot's: of the last change it has in it
  std::optional<std::int64_t> previous_id{};  ///< the update_id of the message before, where the venue says it
  std::vector<BookLevel> levels;
};

struct BookQuote {
  BookPrice bid{};
  BookSize bid_size{};
  BookPrice ask{};
  BookSize ask_size{};
  friend bool operator==(const BookQuote&, const BookQuote&) = default;
};

/// The orders of one instrument, by price. A refused message changes nothing.
class OrderBook {
 public:
  using Bids = std::map<BookPrice, BookSize, std::greater<>>;  ///< best first
  using Asks = std::map<BookPrice, BookSize>;

  /// Errors: a size that is not above 0, a price that is not, either beyond its limit, a level twice.
  static Result<OrderBook> start(const BookMessage& snapshot);

  enum class Outcome : std::uint8_t { applied, in_snapshot };
  /// Takes in a message. One whose changes the snapshot has already (update_id at or below its) is passed over.
  ///
  /// Errors: an update_id at or below that of the message before; a previous_id that is not that of the message before
  /// (of the first one: above the snapshot's), since then messages are missing; a time before that of the message
  /// before; a size below 0, a price not above 0, either beyond its limit, a level twice.
  Result<Outcome> apply(const BookMessage& message);

  const Bids& bids() const { return bids_; }
  const Asks& asks() const { return asks_; }
  /// Best bid and ask; none where a side is empty.
  std::optional<BookQuote> top() const;
  /// The best bid is at or above the best ask: some message is missing or wrong.
  bool is_crossed() const;

  /// When the book became what it is: of the last message, or of the snapshot where that came after it (the feed runs
  /// ahead of the answer to a request, so the first messages that apply may be older than their snapshot).
  std::int64_t time_us() const { return time_us_; }
  std::int64_t update_id() const { return update_id_; }
  /// The outermost prices of the snapshot: beyond them only the levels that have changed since are known.
  BookPrice lowest_known() const { return lowest_known_; }
  BookPrice highest_known() const { return highest_known_; }

 private:
  OrderBook() = default;
  Result<void> check_order(const BookMessage& message) const;
  void set(const BookLevel& level);

  Bids bids_;
  Asks asks_;
  std::int64_t time_us_{0}, snapshot_id_{0}, update_id_{0};
  std::int64_t message_us_{0};  ///< of the last message that was applied
  bool updated_{false};         ///< a message was applied after the snapshot
  BookPrice lowest_known_{}, highest_known_{};
};

}  // namespace margrave
