#include "dialect/names.h"

#include <gtest/gtest.h>

#include "dialect/binance.h"
#include "dialect/ccxt.h"
#include "dialect/deribit.h"
#include "dialect/deribit_chain.h"
#include "dialect/hyperliquid.h"
#include "dialect/okx.h"

namespace margrave {
namespace {

/// What a name says, in one line.
std::string said(const Result<Listing>& listing) {
  if (!listing) return "refused";
  const Instrument& terms = listing->terms;
  std::string text = std::string(to_string(terms.style)) + " " + std::string(to_string(terms.kind)) + " " +
                     listing->coin + "/" + listing->settlement + " x " + terms.contract_size.to_string();
  if (terms.expires()) text += " " + to_string(terms.expiry);
  if (terms.kind == Kind::option) text += " " + terms.strike.to_string() + (terms.is_call ? " call" : " put");
  return text;
}

TEST(OkxName, SaysWhatTheContractIs) {
  EXPECT_EQ(said(parse_okx_name("BTC-USDT")), "linear spot BTC/USDT x 1");
  EXPECT_EQ(said(parse_okx_name("BTC-USDT-SWAP")), "linear perpetual BTC/USDT x 0.01");
  EXPECT_EQ(said(parse_okx_name("ETH-USD-SWAP")), "inverse perpetual ETH/ETH x 10");
  EXPECT_EQ(said(parse_okx_name("BTC-USD-260327")), "inverse future BTC/BTC x 100 2026-03-27T08:00:00Z");
  EXPECT_EQ(said(parse_okx_name("BTC-USD-260327-100000-C")),
            "inverse option BTC/BTC x 0.01 2026-03-27T08:00:00Z 100000 call");
  for (const char* name : {"BTC", "BTC-USDT-260230", "BTC-USDT-260327-100000-C", "BTC-USD-260327-1e5-C", "btc-USDT",
                           "BTC-USD-260327-0100-C", "BTC-USDT-SWAP-", "BTC-BTC", "-", ""}) {
    EXPECT_EQ(said(parse_okx_name(name)), "refused") << name;
  }
}

TEST(BinanceName, SaysWhatTheContractIs) {
  EXPECT_EQ(said(parse_binance_name("BTCUSDT")), "linear perpetual BTC/USDT x 1");
  EXPECT_EQ(said(parse_binance_name("1000SHIBUSDT")), "linear perpetual 1000SHIB/USDT x 1");
  EXPECT_EQ(said(parse_binance_name("BTCUSDT_260327")), "linear future BTC/USDT x 1 2026-03-27T08:00:00Z");
  EXPECT_EQ(said(parse_binance_name("BTCUSD_PERP")), "inverse perpetual BTC/BTC x 100");
  EXPECT_EQ(said(parse_binance_name("ETHUSD_260327")), "inverse future ETH/ETH x 10 2026-03-27T08:00:00Z");
  EXPECT_EQ(said(parse_binance_name("BTC-260327-100000-P")),
            "linear option BTC/USDT x 1 2026-03-27T08:00:00Z 100000 put");
  for (const char* name :
       {"USDT", "BTCUSD", "BTCUSDT_PERP", "BTCUSDT_", "BTCUSDT_260327_1", "BTCEUR", "BTC-260327", ""}) {
    EXPECT_EQ(said(parse_binance_name(name)), "refused") << name;
  }
}

TEST(CcxtName, SaysWhatTheContractIs) {
  EXPECT_EQ(said(parse_ccxt_name("ETH/USDC")), "linear spot ETH/USDC x 1");
  EXPECT_EQ(said(parse_ccxt_name("BTC/USDT:USDT")), "linear perpetual BTC/USDT x 1");
  EXPECT_EQ(said(parse_ccxt_name("BTC/USD:BTC")), "inverse perpetual BTC/BTC x 1");
  EXPECT_EQ(said(parse_ccxt_name("BTC/USD:BTC-300624-52000-P")),
            "inverse option BTC/BTC x 1 2030-06-24T08:00:00Z 52000 put");
  EXPECT_EQ(said(parse_ccxt_name("XRP/USDC:USDC-260327-0.55-C")),
            "linear option XRP/USDC x 1 2026-03-27T08:00:00Z 0.55 call");
  for (const char* name : {"BTC", "BTC/USDT:EUR", "BTC/USDT:BTC", "BTC/USDT:USDT-2603", "BTC/USD:BTC:BTC", "/USDT"}) {
    EXPECT_EQ(said(parse_ccxt_name(name)), "refused") << name;
  }
}

TEST(HyperliquidName, IsABareCoin) {
  EXPECT_EQ(said(parse_hyperliquid_name("BTC")), "linear perpetual BTC/USDC x 1");
  EXPECT_EQ(said(parse_hyperliquid_name("kPEPE")), "linear perpetual kPEPE/USDC x 1");
  for (const char* name : {"xyz:GOLD", "PURR/USDC", "@107", "k", "107", ""}) {
    EXPECT_EQ(said(parse_hyperliquid_name(name)), "refused") << name;
  }
}

TEST(Names, PrintingGivesTheSameNameBack) {
  for (const char* name : {"BTC-USDT", "SOL-USDT-SWAP", "BTC-USD-SWAP", "BTC-USDT-260327", "ETH-USD-260327-1800-P"})
    EXPECT_EQ(*print_okx_name(*parse_okx_name(name)), name);
  for (const char* name : {"BTCUSDT", "1000SHIBUSDT", "BTCUSDT_260327", "BTCUSD_PERP", "BTC-260327-100000-C"})
    EXPECT_EQ(*print_binance_name(*parse_binance_name(name)), name);
  for (const char* name : {"BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC-260327", "XRP/USDC:USDC-260327-0.55-C"})
    EXPECT_EQ(*print_ccxt_name(*parse_ccxt_name(name)), name);
  for (const char* name : {"BTC", "kPEPE"}) EXPECT_EQ(*print_hyperliquid_name(*parse_hyperliquid_name(name)), name);
}

TEST(Names, WhatAVenueDoesNotListHasNoNameThere) {
  EXPECT_FALSE(print_okx_name(*parse_ccxt_name("XRP/USDC:USDC-260327-0.55-C")));
  EXPECT_FALSE(print_binance_name(*parse_okx_name("BTC-USD-260327-100000-C")));
  EXPECT_FALSE(print_hyperliquid_name(*parse_okx_name("BTC-USD-SWAP")));
  EXPECT_EQ(*print_ccxt_name(*parse_deribit_name("BTC-27MAR26-100000-C")), "BTC/USD:BTC-260327-100000-C");
  EXPECT_EQ(*print_okx_name(*parse_deribit_name("BTC-27MAR26-100000-C")), "BTC-USD-260327-100000-C");
}

TEST(Names, AMarketMayListAnyVenuesNameButABareCoin) {
  EXPECT_EQ(said(parse_venue_name("BTC-27MAR26")), "inverse future BTC/BTC x 1 2026-03-27T08:00:00Z");
  EXPECT_EQ(said(parse_venue_name("BTC-USDT-SWAP")), "linear perpetual BTC/USDT x 0.01");
  EXPECT_EQ(said(parse_venue_name("BTCUSDT")), "linear perpetual BTC/USDT x 1");
  const auto bare = parse_venue_name("BTC");
  ASSERT_FALSE(bare);
  EXPECT_NE(bare.error().remedy.find("BTC-USDT-SWAP"), std::string::npos);
}

/// A venue with an inverse perpetual of 1 USD, a linear one of 1 coin in USDC, an option, and one contract twice.
Registry venue() {
  Registry registry;
  for (const char* name : {"BTC-PERPETUAL", "BTC_USDC-PERPETUAL", "BTC-27MAR26-100000-C", "ETH-PERPETUAL"})
    EXPECT_TRUE(list(registry, *parse_deribit_name(name)));
  Listing again = *parse_deribit_name("ETH-PERPETUAL");
  again.terms.name = "ETH-AGAIN";
  EXPECT_TRUE(list(registry, again));
  return registry;
}

TEST(ContractIndex, FindsTheSameContractUnderEveryName) {
  const Registry registry = venue();
  const ContractIndex index(registry);
  const auto found = [&](const char* name) -> std::string {
    const auto alias = index.find(name);
    return alias ? registry[alias->instrument].name + " x " + alias->contracts.to_string() : "nothing";
  };
  EXPECT_EQ(found("BTC-USD-SWAP"), "BTC-PERPETUAL x 100");
  EXPECT_EQ(found("BTCUSD_PERP"), "BTC-PERPETUAL x 100");
  EXPECT_EQ(found("BTC/USD:BTC"), "BTC-PERPETUAL x 1");
  EXPECT_EQ(found("BTC/USDC:USDC"), "BTC_USDC-PERPETUAL x 1");
  EXPECT_EQ(found("BTC-USDC-SWAP"), "BTC_USDC-PERPETUAL x 0.01");
  EXPECT_EQ(found("BTC"), "BTC_USDC-PERPETUAL x 1");
  EXPECT_EQ(found("BTC-USD-260327-100000-C"), "BTC-27MAR26-100000-C x 0.01");
  EXPECT_EQ(found("BTC-USDT-SWAP"), "nothing");  // another settlement asset is another contract
  EXPECT_EQ(found("BTC-USD-260327-100000-P"), "nothing");
  EXPECT_EQ(found("ETH-USD-SWAP"), "nothing");  // two are listed: which one is meant?
  EXPECT_EQ(found("no name"), "nothing");
}

// Every contract of a recorded chain, printed as others spell it, is found again.
TEST(ContractIndex, FindsAWholeChainUnderOthersNames) {
  const auto chain = read_deribit_csv(MARGRAVE_SOURCE_DIR "/examples/chain.csv");
  ASSERT_TRUE(chain) << to_string(chain.error());
  Registry registry;
  for (const ChainQuote& quote : chain->quotes) ASSERT_TRUE(list(registry, quote.instrument));
  const ContractIndex index(registry);
  std::size_t found = 0;
  for (const ChainQuote& quote : chain->quotes) {
    for (const auto& name : {print_ccxt_name(quote.instrument), print_okx_name(quote.instrument)}) {
      ASSERT_TRUE(name) << to_string(name.error());
      const auto alias = index.find(*name);
      ASSERT_TRUE(alias) << *name;
      EXPECT_EQ(registry[alias->instrument].name, quote.instrument.terms.name);
      ++found;
    }
  }
  EXPECT_EQ(found, 2 * chain->quotes.size());
  EXPECT_GT(found, 200u);
}

}  // namespace
}  // namespace margrave
