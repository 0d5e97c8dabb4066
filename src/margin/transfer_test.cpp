#include "margin/transfer.h"

#include <gtest/gtest.h>

#include <map>

#include "base/random.h"

namespace margrave {
namespace {

const AssetId dollar{0}, coin{1};
const InstrumentId call{0}, perpetual{1};

Number number(const char* text) { return Number::from_decimal(*Decimal::parse(text)); }

Book holder(const char* account, std::vector<Balance> balances, std::vector<Position> positions = {}) {
  return {account, std::move(balances), std::move(positions)};
}

i128 units(const Book& book, AssetId asset) {
  for (const Balance& balance : book.balances) {
    if (balance.asset == asset) return balance.units;
  }
  return 0;
}

SaleBooks sold(const Book& seller, const Book& buyer, const Sale& sale) {
  const Result<SaleBooks> books = sell_share(seller, buyer, sale);
  EXPECT_TRUE(books.has_value()) << to_string(books.error());
  return books.value_or(SaleBooks{});
}

TEST(SplitUnits, WhatIsKeptIsRoundedDownOfAssetsAndDebtsAlike) {
  const Number third = number("0.333333333333333333333333333333333333");
  EXPECT_TRUE(split_units(10, third).given == 4 && split_units(10, third).kept == 6);
  EXPECT_TRUE(split_units(-10, third).given == -3 && split_units(-10, third).kept == -7);
  EXPECT_TRUE(split_units(-10, number("0.5")).given == -5 && split_units(7, Number(0)).given == 0);
  EXPECT_TRUE(split_units(i128_max, Number(1)).given == i128_max && split_units(-i128_max, Number(1)).kept == 0);
}

TEST(SplitUnits, TheSmallestShareOfTheLargestBalanceIsExact) {
  const Split split = split_units(power_of_ten(38), number("0.000000000000000000000000000000000003"));
  EXPECT_TRUE(split.given == 300 && split.kept == power_of_ten(38) - 300);
}

TEST(SellShare, MovesAPartOfEverythingAndThePayment) {
  const Book seller = holder("seller", {{dollar, -1000}, {coin, 7}}, {{call, Lots{-9}, std::nullopt}});
  const SaleBooks books = sold(seller, holder("buyer", {{dollar, 500}}), {number("0.5"), dollar, 0, 40});
  EXPECT_TRUE(units(books.seller, dollar) == -460 && units(books.buyer, dollar) == -40);
  EXPECT_TRUE(units(books.seller, coin) == 3 && units(books.buyer, coin) == 4);
  EXPECT_EQ(books.seller.positions[0].lots.raw, -5);
  EXPECT_EQ(books.buyer.positions[0].lots.raw, -4);
}

TEST(SellShare, UnsettledProfitDebtsAndAccruedFundingAreSplitAndNoneIsLost) {
  Book seller = holder("seller", {{dollar, 90, 21, 11}}, {{perpetual, Lots{5}, Decimal{100, 0}, -7}});
  const Book buyer = holder("buyer", {{dollar, 10, 1, 2}}, {{perpetual, Lots{-2}, Decimal{100, 0}, 3}});
  const SaleBooks books = sold(seller, buyer, {number("0.4"), dollar, 0, 0});
  const Balance &left = books.seller.balances[0], &right = books.buyer.balances[0];
  EXPECT_TRUE(left.units == 54 && left.unsettled == 12 && left.borrowed == 6);
  EXPECT_TRUE(right.units == 46 && right.unsettled == 10 && right.borrowed == 7);
  // Beside the buyer's own position, which has funding of its own to receive.
  ASSERT_EQ(books.buyer.positions.size(), 2u);
  EXPECT_TRUE(books.seller.positions[0].lots.raw == 3 && books.seller.positions[0].accrued == -5);
  EXPECT_TRUE(books.buyer.positions[1].lots.raw == 2 && books.buyer.positions[1].accrued == -2);
}

TEST(SellShare, WhatEarlierBuyersPaidInStaysWithTheSeller) {
  const Book seller = holder("seller", {{dollar, 100}}), buyer = holder("buyer", {});
  const SaleBooks books = sold(seller, buyer, {number("0.5"), dollar, 30, 10});
  EXPECT_TRUE(units(books.seller, dollar) == 75);
  EXPECT_TRUE(units(books.buyer, dollar) == 25);
}

TEST(SellShare, TheWholeLeavesTheSellerWithThePaymentOnly) {
  const Book seller = holder("seller", {{dollar, 100}, {coin, -3}}, {{perpetual, Lots{5}, Decimal{100, 0}}});
  const SaleBooks books = sold(seller, holder("buyer", {}), {Number(1), dollar, 0, 60});
  EXPECT_TRUE(books.seller.positions.empty() && books.seller.balances.size() == 1);
  EXPECT_TRUE(units(books.seller, dollar) == 60);
  EXPECT_TRUE(units(books.buyer, dollar) == 40 && units(books.buyer, coin) == -3);
  EXPECT_EQ(books.buyer.positions[0].lots.raw, 5);
}

TEST(SellShare, PositionsKeepTheirEntryPriceAndNetOnlyAtTheSameOne) {
  const Book seller = holder("seller", {}, {{perpetual, Lots{4}, Decimal{100, 0}}, {call, Lots{2}, std::nullopt}});
  const Book buyer =
      holder("buyer", {}, {{perpetual, Lots{-2}, Decimal{1000, 1}}, {perpetual, Lots{1}, Decimal{90, 0}}});
  const SaleBooks books = sold(seller, buyer, {number("0.5"), dollar});
  ASSERT_EQ(books.buyer.positions.size(), 2u);  // -2 and 2 at 100 are nothing
  EXPECT_EQ(books.buyer.positions[0].entry_price, (Decimal{90, 0}));
  EXPECT_EQ(books.buyer.positions[1].instrument, call);
}

TEST(SellShare, RefusesWhatCannotBeShared) {
  const Book seller = holder("seller", {{dollar, i128_max}}), buyer = holder("buyer", {{dollar, 1}});
  EXPECT_EQ(sell_share(seller, buyer, {number("1.5"), dollar}).error().field, "share");
  EXPECT_EQ(sell_share(seller, buyer, {Number(-1), dollar}).error().field, "share");
  EXPECT_EQ(sell_share(seller, buyer, {Number(1), dollar}).error().kind, ErrorKind::overflow);
  EXPECT_EQ(sell_share(seller, buyer, {Number(1), dollar, -1}).error().kind, ErrorKind::overflow);
  EXPECT_EQ(sell_share(holder("least", {{coin, i128_min}}), buyer, {Number(1), dollar}).error().kind,
            ErrorKind::overflow);
  Book unknown = seller;
  unknown.excluded.push_back("X");
  EXPECT_FALSE(sell_share(unknown, buyer, {Number(0), dollar}).has_value());
  const Book full = holder("full", {}, {{call, Lots{INT64_MAX}, std::nullopt}});
  EXPECT_EQ(sell_share(full, full, {Number(1), dollar}).error().kind, ErrorKind::overflow);
}

struct Dice {
  Random random;
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(high - low + 1)));
  }
  Book book(const char* account) {
    Book book = holder(account, {});
    for (std::uint32_t i = 0; i < 4; ++i) {
      if (between(0, 2) > 0) book.balances.push_back({AssetId{i}, between(-1000, 1000) * power_of_ten(18) + 1});
      const InstrumentId id{static_cast<std::uint32_t>(between(0, 2))};
      book.positions.push_back({id, Lots{between(1, 50) * (between(0, 1) == 0 ? 1 : -1)}, Decimal{between(1, 2), 0}});
    }
    return book;
  }
};

using Totals = std::map<std::pair<bool, std::uint32_t>, i128>;

void add_to(Totals& totals, const Book& book) {
  for (const Balance& balance : book.balances) totals[{false, balance.asset.value}] += balance.units;
  for (const Position& position : book.positions) totals[{true, position.instrument.value}] += position.lots.raw;
}

Totals totals_of(const Book& a, const Book& b) {
  Totals totals;
  add_to(totals, a);
  add_to(totals, b);
  std::erase_if(totals, [](const auto& entry) { return entry.second == 0; });
  return totals;
}

TEST(SellShare, NothingIsCreatedOrLostInRandomSales) {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    Dice dice{{.seed = seed}};
    const Book seller = dice.book("seller"), buyer = dice.book("buyer");
    Sale sale{.share = Number::from_units(dice.between(0, 1'000'000'007), 0), .cash = dollar};
    ASSERT_TRUE(Number::divide(sale.share, Number(1'000'000'007), sale.share));
    sale.reserved = dice.between(-1000, 1000), sale.payment = dice.between(-1000, 1000);
    const SaleBooks books = sold(seller, buyer, sale);
    EXPECT_TRUE(totals_of(books.seller, books.buyer) == totals_of(seller, buyer)) << "seed " << seed;
    for (const Balance& balance : books.seller.balances) {
      if (balance.asset == dollar) continue;
      Number part, rest;
      ASSERT_TRUE(Number::subtract(Number(1), sale.share, rest));
      ASSERT_TRUE(Number::multiply(rest, Number::from_units(units(seller, balance.asset), 0), part));
      EXPECT_TRUE(Number::from_units(balance.units, 0) <= part) << "seed " << seed;
    }
  }
}

}  // namespace
}  // namespace margrave
