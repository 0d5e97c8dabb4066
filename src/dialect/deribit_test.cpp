#include "dialect/deribit.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace margrave {
namespace {

Listing parsed(const std::string& name) {
  Result<Listing> listing = parse_deribit_name(name);
  EXPECT_TRUE(listing.has_value()) << (listing ? "" : to_string(listing.error()));
  return listing ? *std::move(listing) : Listing{};
}

TEST(DeribitName, InverseOptionHasTheVenuesTerms) {
  const Listing listing = parsed("BTC-27MAR26-100000-C");
  EXPECT_EQ(listing.terms.kind, Kind::option);
  EXPECT_EQ(listing.terms.style, Style::inverse);
  EXPECT_EQ(to_string(listing.terms.expiry), "2026-03-27T08:00:00Z");
  EXPECT_EQ(listing.terms.strike, (Decimal{100000, 0}));
  EXPECT_TRUE(listing.terms.is_call);
  EXPECT_EQ(listing.settlement, "BTC");
  EXPECT_EQ(listing.terms.lot, (Decimal{1, 1}));
  EXPECT_EQ(parsed("ETH-2JAN26-3000-P").terms.lot, (Decimal{1, 0}));
}

TEST(DeribitName, InverseForwardsAreContractsOfOneDollar) {
  EXPECT_EQ(parsed("BTC-PERPETUAL").terms.kind, Kind::perpetual);
  EXPECT_EQ(parsed("BTC-PERPETUAL").terms.lot, (Decimal{10, 0}));
  EXPECT_EQ(parsed("BTC-PERPETUAL").terms.contract_size, (Decimal{1, 0}));
  EXPECT_EQ(parsed("ETH-27MAR26").terms.kind, Kind::future);
  EXPECT_EQ(parsed("ETH-27MAR26").terms.lot, (Decimal{1, 0}));
}

TEST(DeribitName, PairsAreLinearAndDecimalStrikesHaveAD) {
  const Listing listing = parsed("XRP_USDC-27MAR26-0d55-C");
  EXPECT_EQ(listing.terms.style, Style::linear);
  EXPECT_EQ(listing.underlying, "XRP");
  EXPECT_EQ(listing.settlement, "USDC");
  EXPECT_EQ(listing.terms.strike, (Decimal{55, 2}));
  EXPECT_EQ(parsed("BTC_USDC-PERPETUAL").terms.kind, Kind::perpetual);
  EXPECT_EQ(parsed("BTC_USDC").terms.kind, Kind::spot);
}

TEST(DeribitName, WhatTheVenueDoesNotWriteIsRefused) {
  for (const char* name : {"",
                           "BTC",
                           "btc-PERPETUAL",
                           "BTC-PERPETUAL-1",
                           "BTC-02FEB26",
                           "BTC-31FEB26",
                           "BTC-27MRZ26",
                           "BTC-27MAR2026",
                           "BTC-27MAR26-100000",
                           "BTC-27MAR26-100000-X",
                           "BTC-27MAR26-0-C",
                           "BTC-27MAR26-1e5-C",
                           "BTC-27MAR26-0d50-C",
                           "BTC-27MAR26-d5-C",
                           "BTC-27MAR26-007-C",
                           "BTC_BTC",
                           "BTC_USDC_X-PERPETUAL",
                           "BTC-27MAR26-100000-C-1",
                           "-27MAR26",
                           "BTC--C"}) {
    const Result<Listing> listing = parse_deribit_name(name);
    ASSERT_FALSE(listing.has_value()) << name;
    EXPECT_FALSE(listing.error().remedy.empty());
  }
}

TEST(DeribitName, ExpiryAtAnotherHourHasNoName) {
  Listing listing = parsed("BTC-27MAR26");
  listing.terms.expiry.ns += 1;
  EXPECT_FALSE(print_deribit_name(listing).has_value());
}

RC_GTEST_PROP(DeribitName, PrintingWhatWasParsedGivesTheNameBack, ()) {
  const std::string coin = *rc::gen::element<std::string>("BTC", "ETH", "SOL", "XRP", "PAXG", "1INCH");
  const std::string quote = *rc::gen::element<std::string>("", "_USDC", "_USDT");
  const Timestamp day =
      Timestamp::from_seconds(*rc::gen::inRange<std::int64_t>(0, 36'000) * seconds_per_day + 946'684'800);
  const CivilDate date = civil_date(day);
  static const char* months[] = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
  const std::string year = std::to_string(100 + date.year % 100).substr(1);
  const std::string expiry = "-" + std::to_string(date.day) + months[date.month - 1] + year;
  const int whole = *rc::gen::inRange(0, 1'000'000), fraction = *rc::gen::inRange(0, 10);
  const std::string strike =
      std::to_string(whole) + (fraction == 0 ? (whole == 0 ? "1" : "") : "d" + std::to_string(fraction));
  std::string name = coin + quote;
  const int kind = *rc::gen::inRange(quote.empty() ? 1 : 0, 4);
  if (kind == 1) name += "-PERPETUAL";
  if (kind >= 2) name += expiry;
  if (kind == 3)
    name += "-" + std::string(whole == 0 && fraction == 0 ? "1" : strike) + *rc::gen::element<std::string>("-C", "-P");
  const Result<Listing> listing = parse_deribit_name(name);
  RC_ASSERT(listing.has_value());
  const Result<std::string> printed = print_deribit_name(*listing);
  RC_ASSERT(printed.has_value());
  RC_ASSERT(*printed == name);
}

}  // namespace
}  // namespace margrave
