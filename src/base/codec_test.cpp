#include "base/codec.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>

#include "base/random.h"

namespace margrave {
namespace {

enum class Side : std::uint8_t { buy = 1, sell = 2 };

struct Leg {
  std::int32_t count{0};
  double price{0};
  bool operator==(const Leg&) const = default;
  static constexpr auto fields() { return std::tuple{field("count", &Leg::count), field("price", &Leg::price)}; }
};

struct Order {
  std::string name;
  Side side{Side::buy};
  bool open{false};
  i128 amount{0};
  std::optional<std::uint64_t> id;
  std::vector<Leg> legs;
  std::vector<std::string> notes;
  bool operator==(const Order&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("name", &Order::name),     field("side", &Order::side), field("open", &Order::open),
                      field("amount", &Order::amount), field("id", &Order::id),     field("legs", &Order::legs),
                      field("notes", &Order::notes)};
  }
};

std::string hex(const std::vector<std::byte>& bytes) {
  std::string text;
  for (const std::byte b : bytes) {
    text += "0123456789abcdef"[static_cast<unsigned>(b) >> 4];
    text += "0123456789abcdef"[static_cast<unsigned>(b) & 15];
  }
  return text;
}

Order random_order(Random random) {
  Order order;
  order.name = std::string(random.below(20), 'n');
  order.side = random.below(2) == 0 ? Side::buy : Side::sell;
  order.open = random.below(2) == 0;
  order.amount = static_cast<i128>((static_cast<u128>(random.bits()) << 64) | random.bits());
  if (random.below(2) == 0) order.id = random.bits();
  for (std::uint64_t i = random.below(5); i > 0; --i) {
    order.legs.push_back({static_cast<std::int32_t>(random.bits()), random.uniform() * 1e6 - 5e5});
  }
  for (std::uint64_t i = random.below(3); i > 0; --i) order.notes.push_back(std::to_string(random.bits()));
  return order;
}

// Written out by hand from the rules in codec.h: the bytes are a promise to files that exist.
TEST(Codec, BytesAreThose) {
  const Order order{
      .name = "ab", .side = Side::sell, .open = true, .amount = -2, .id = 0x0102, .legs = {{-1, 1.0}}, .notes = {""}};
  EXPECT_EQ(hex(encode(order)),
            "0200000000000000"
            "6162"
            "02"
            "01"
            "feffffffffffffffffffffffffffffff"
            "01"
            "0201000000000000"
            "0100000000000000"
            "ffffffff"
            "000000000000f03f"
            "0100000000000000"
            "0000000000000000");
}

RC_GTEST_PROP(Codec, WhatIsEncodedIsDecoded, (std::uint64_t seed)) {
  const Order order = random_order({.seed = seed});
  RC_ASSERT(decode<Order>(Bytes(encode(order))).value() == order);
}

RC_GTEST_PROP(Codec, EveryShorterOrLongerInputIsRefused, (std::uint64_t seed)) {
  std::vector<std::byte> bytes = encode(random_order({.seed = seed}));
  for (std::size_t n = 0; n < bytes.size(); ++n) RC_ASSERT(!decode<Order>(Bytes(bytes).first(n)));
  bytes.push_back(std::byte{0});
  RC_ASSERT(!decode<Order>(Bytes(bytes)));
}

RC_GTEST_PROP(Codec, WhateverDecodesEncodesToTheSameBytes, (std::uint64_t seed)) {
  Random random{.seed = seed};
  std::vector<std::byte> bytes = encode(random_order(random));
  random.stream = 1;
  bytes[random.below(bytes.size())] = static_cast<std::byte>(random.bits() & 0xFF);
  const auto order = decode<Order>(Bytes(bytes));
  if (order) RC_ASSERT(encode(*order) == bytes);
}

TEST(Codec, HostileCountsAllocateNothing) {
  std::vector<std::byte> bytes = encode(std::numeric_limits<std::uint64_t>::max());
  EXPECT_FALSE(decode<std::string>(Bytes(bytes)));
  EXPECT_FALSE(decode<std::vector<Leg>>(Bytes(bytes)));
  EXPECT_FALSE(decode<std::vector<std::string>>(Bytes(bytes)));
  bytes = {std::byte{2}};
  EXPECT_FALSE(decode<bool>(Bytes(bytes)));
  EXPECT_FALSE(decode<std::optional<std::uint8_t>>(Bytes(bytes)));
}

TEST(Codec, NegativeZeroAndNotANumberKeepTheirBits) {
  EXPECT_EQ(hex(encode(-0.0)), "0000000000000080");
  EXPECT_NE(encode(0.0), encode(-0.0));
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(encode(decode<double>(Bytes(encode(nan))).value()), encode(nan));
}

TEST(Digest, MatchesThePublishedHashOfNothing) {
  // XXH3, 128 bits, seed 0, empty input: test vector of the xxHash specification, as `xxh128sum` prints it.
  EXPECT_EQ(to_string(digest(std::string_view())), "99aa06d3014798d86001c324468d497f");
}

TEST(Digest, EveryBitAndTheLengthCount) {
  const std::string text(300, 'x');
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::string other = text;
    other[i] = 'y';
    EXPECT_NE(digest(other), digest(text));
  }
  EXPECT_NE(digest(std::string(299, 'x')), digest(text));
  EXPECT_EQ(digest_of(std::uint32_t{7}), digest(Bytes(encode(std::uint32_t{7}))));
}

}  // namespace
}  // namespace margrave
