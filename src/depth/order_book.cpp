#include "depth/order_book.h"

#include <algorithm>
#include <string>

namespace margrave {
namespace {

std::string name_of(const BookLevel& level) {
  return std::string(level.side == BookSide::bid ? "bid" : "ask") + " at " + to_string(level.price);
}

/// A snapshot has no levels without orders; an update says so by a size of 0.
Result<void> check_level(const BookLevel& level, BookSize least) {
  if (level.price.raw <= 0 || level.price > largest_book_price) {
    return fail({.message = "the " + name_of(level) + " is no price", .field = "price", .remedy = "correct it"});
  }
  if (level.size < least || level.size > largest_book_size) {
    return fail({.message = "the size " + to_string(level.size) + " of the " + name_of(level) + " is out of range",
                 .field = "size",
                 .remedy = least.raw > 0 ? "a snapshot's sizes are above 0" : "0 takes a level away, none is below 0"});
  }
  return {};
}

Result<void> check_levels(const BookMessage& message, BookSize least) {
  std::vector<std::pair<BookSide, BookPrice>> places;
  places.reserve(message.levels.size());
  for (const BookLevel& level : message.levels) {
    TRY_VOID(check_level(level, least));
    places.emplace_back(level.side, level.price);
  }
  std::sort(places.begin(), places.end());
  const auto twice = std::adjacent_find(places.begin(), places.end());
  if (twice == places.end()) return {};
  return fail({.message = "the " + name_of({twice->first, twice->second, {}}) + " stands twice in one message",
               .field = "price",
               .remedy = "give each level once"});
}

}  // namespace

Result<OrderBook> OrderBook::start(const BookMessage& snapshot) {
  TRY_VOID(check_levels(snapshot, BookSize{1}));
  OrderBook book;
  for (const BookLevel& level : snapshot.levels) book.set(level);
  book.time_us_ = snapshot.time_us;
  book.snapshot_id_ = book.update_id_ = snapshot.update_id;
  if (!book.bids_.empty()) book.lowest_known_ = book.bids_.rbegin()->first;
  if (!book.asks_.empty()) book.highest_known_ = book.asks_.rbegin()->first;
  return book;
}

Result<void> OrderBook::check_order(const BookMessage& message) const {
  const std::string id = std::to_string(message.update_id), before = std::to_string(update_id_);
  if (updated_ && message.update_id <= update_id_) {
    return fail({.message = "update " + id + " does not come after " + before,
                 .field = "update_id",
                 .remedy = "sort the messages and give each once"});
  }
  // The first message after a snapshot may begin inside it, so it follows one that the snapshot has.
  if (message.previous_id && (updated_ ? *message.previous_id != update_id_ : *message.previous_id > update_id_)) {
    return fail({.message = "update " + id + " follows " + std::to_string(*message.previous_id) +
                            ", but the book is at " + before + ": messages are missing",
                 .field = "update_id",
                 .remedy = "start again from a snapshot"});
  }
  if (updated_ && message.time_us < message_us_) {
    return fail({.message = "update " + id + " was received before the message before it",
                 .field = "time",
                 .remedy = "sort the messages by the time of receipt"});
  }
  return {};
}

Result<OrderBook::Outcome> OrderBook::apply(const BookMessage& message) {
  TRY_VOID(check_levels(message, BookSize{0}));
  if (message.update_id <= snapshot_id_ && !updated_) return Outcome::in_snapshot;
  TRY_VOID(check_order(message));
  for (const BookLevel& level : message.levels) set(level);
  message_us_ = message.time_us;
  time_us_ = std::max(time_us_, message.time_us);
  update_id_ = message.update_id;
  updated_ = true;
  return Outcome::applied;
}

void OrderBook::set(const BookLevel& level) {
  const auto put = [&](auto& side) {
    if (level.size.raw == 0) {
      side.erase(level.price);
    } else {
      side[level.price] = level.size;
    }
  };
  if (level.side == BookSide::bid) {
    put(bids_);
  } else {
    put(asks_);
  }
}

std::optional<BookQuote> OrderBook::top() const {
  if (bids_.empty() || asks_.empty()) return std::nullopt;
  return BookQuote{bids_.begin()->first, bids_.begin()->second, asks_.begin()->first, asks_.begin()->second};
}

bool OrderBook::is_crossed() const {
  return !bids_.empty() && !asks_.empty() && bids_.begin()->first >= asks_.begin()->first;
}

}  // namespace margrave
