#include "depth/order_book.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace margrave {
namespace {

constexpr i128 unit = power_of_ten(BookPrice::decimals);

BookLevel bid(std::int64_t price, std::int64_t size) { return {BookSide::bid, {price * unit}, {size * unit}}; }
BookLevel ask(std::int64_t price, std::int64_t size) { return {BookSide::ask, {price * unit}, {size * unit}}; }

BookMessage message(std::int64_t time_us, std::int64_t id, std::vector<BookLevel> levels) {
  return {.time_us = time_us, .update_id = id, .previous_id = {}, .levels = std::move(levels)};
}

OrderBook some_book() {
  return *OrderBook::start(message(100, 10, {bid(99, 5), bid(98, 7), ask(101, 4), ask(103, 9)}));
}

TEST(OrderBook, SetsChangesAndTakesAwayLevels) {
  OrderBook book = some_book();
  ASSERT_TRUE(book.apply(message(110, 12, {bid(99, 0), bid(97, 1), ask(101, 6), ask(102, 0)})).has_value());
  EXPECT_EQ(book.top(), (BookQuote{{98 * unit}, {7 * unit}, {101 * unit}, {6 * unit}}));
  EXPECT_EQ(book.bids().size(), 2u);
  EXPECT_EQ(book.asks().size(), 2u);
  EXPECT_EQ(book.update_id(), 12);
  EXPECT_EQ(book.time_us(), 110);
  EXPECT_EQ(book.lowest_known(), (BookPrice{98 * unit}));
  EXPECT_EQ(book.highest_known(), (BookPrice{103 * unit}));
}

TEST(OrderBook, PassesOverWhatTheSnapshotHas) {
  OrderBook book = some_book();
  EXPECT_EQ(*book.apply(message(90, 10, {bid(99, 0)})), OrderBook::Outcome::in_snapshot);
  EXPECT_EQ(book.top()->bid, (BookPrice{99 * unit}));
  EXPECT_EQ(*book.apply(message(95, 11, {bid(99, 0)})), OrderBook::Outcome::applied);
}

TEST(OrderBook, RefusedMessagesAreNamedAndChangeNothing) {
  OrderBook book = some_book();
  ASSERT_TRUE(book.apply(message(110, 12, {bid(96, 1)})).has_value());
  BookMessage gap = message(111, 15, {bid(99, 0)});
  gap.previous_id = 13;
  const std::pair<BookMessage, const char*> faults[] = {
      {gap, "update_id"},
      {message(111, 12, {bid(99, 0)}), "update_id"},
      {message(111, 9, {bid(99, 0)}), "update_id"},
      {message(109, 13, {bid(99, 0)}), "time"},
      {message(111, 13, {bid(99, 0), bid(98, -1)}), "size"},
      {message(111, 13, {bid(99, 0), bid(0, 1)}), "price"},
      {message(111, 13, {bid(99, 0), bid(-5, 1)}), "price"},
      {message(111, 13, {bid(99, 0), bid(99, 2)}), "price"},
      {message(111, 13, {bid(99, 0), ask(104, 2'000'000'000'000'000)}), "size"},
  };
  for (const auto& [wrong, field] : faults) {
    const auto outcome = book.apply(wrong);
    ASSERT_FALSE(outcome.has_value()) << field;
    EXPECT_EQ(outcome.error().field, field) << to_string(outcome.error());
    EXPECT_EQ(book.top()->bid, (BookPrice{99 * unit}));
    EXPECT_EQ(book.update_id(), 12);
  }
  EXPECT_FALSE(OrderBook::start(message(0, 1, {bid(1, 0)})).has_value());
  gap.previous_id = 12;
  EXPECT_TRUE(book.apply(gap).has_value());
}

TEST(OrderBook, TheFirstMessageMayBeginInsideTheSnapshotAndNotAfterIt) {
  OrderBook book = some_book();
  BookMessage first = message(110, 14, {bid(99, 1)});
  first.previous_id = 11;  // 11 itself is missing
  EXPECT_FALSE(book.apply(first).has_value());
  first.previous_id = 8;
  EXPECT_TRUE(book.apply(first).has_value());
}

TEST(OrderBook, SaysWhenItIsCrossed) {
  OrderBook book = some_book();
  EXPECT_FALSE(book.is_crossed());
  ASSERT_TRUE(book.apply(message(110, 12, {bid(101, 1)})).has_value());
  EXPECT_TRUE(book.is_crossed());
}

TEST(OrderBook, AnyMessagesAtAllLeaveItWhole) {
  Random random{.seed = 20261127, .stream = 1};
  OrderBook book = some_book();
  for (int i = 0; i < 20'000; ++i) {
    BookMessage any =
        message(static_cast<std::int64_t>(random.below(1000)) + i, static_cast<std::int64_t>(random.below(20)) + i, {});
    if (random.below(2) == 0) any.previous_id = static_cast<std::int64_t>(random.below(20)) + i;
    for (std::uint64_t n = random.below(4); n > 0; --n) {
      const auto price = static_cast<std::int64_t>(random.below(12)) - 1;
      const auto size = static_cast<std::int64_t>(random.below(6)) - 1;
      any.levels.push_back(random.below(2) == 0 ? bid(price, size) : ask(price, size));
    }
    const std::int64_t id = book.update_id(), time = book.time_us();
    const auto outcome = book.apply(any);
    EXPECT_GE(book.update_id(), id);
    EXPECT_GE(book.time_us(), time);
    EXPECT_TRUE(outcome.has_value() || book.update_id() == id) << "seed 20261127";
    for (const auto& [price, size] : book.bids()) ASSERT_TRUE(price.raw > 0 && size.raw > 0) << "seed 20261127";
    for (const auto& [price, size] : book.asks()) ASSERT_TRUE(price.raw > 0 && size.raw > 0) << "seed 20261127";
  }
}

}  // namespace
}  // namespace margrave
