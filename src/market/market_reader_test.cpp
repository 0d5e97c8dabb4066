#include "market/market_reader.h"

#include <gtest/gtest.h>

#include <cmath>

#include "document/read.h"
#include "market/market_writer.h"

namespace margrave {
namespace {

const std::string good = R"(version: 3
as_of: 2026-01-05T08:00:00Z
volatility: mark
assets:
  USDC: {decimals: 6, usd: 0.9995}
  BTC: {decimals: 8}
underlyings:
  BTC:
    index: 80000
    expiries:
      - {expiry: 2026-03-27T08:00:00Z, forward: 81000, svi: {a: 0.01, b: 0.1, rho: -0.3, m: 0, sigma: 0.2}}
instruments:
  - {name: BTC-PERPETUAL, kind: perpetual, style: inverse, underlying: BTC, settlement: BTC, contract_size: 1,
     tick: 0.5, lot: 10, mark: 80010, funding_rate: 0.0001}
  - {name: BTC-27MAR26-100000-C, kind: option, style: inverse, underlying: BTC, settlement: BTC, contract_size: 1,
     tick: 0.0001, lot: 0.1, expiry: 2026-03-27T08:00:00Z, strike: 100000, type: call, mark: 0.01, vol: 0.55}
)";

Result<Market> read(const std::string& text, const MarketReadOptions& options = {}) {
  const Document document = TRY(parse_document(text, "market.yaml"));
  return read_market(document, options);
}

std::string with(const std::string& from, const std::string& to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(MarketReader, ReadsEveryPart) {
  const Result<Market> market = read(good);
  ASSERT_TRUE(market.has_value()) << to_string(market.error());
  EXPECT_EQ(market->state.version, 3u);
  EXPECT_EQ(market->state.asset_usd, (std::vector<double>{0.9995, 80000}));  // a coin takes its index
  EXPECT_EQ(market->state.underlyings[0].expiries[0].forward, 81000);
  EXPECT_EQ(market->state.underlyings[0].expiries[0].smile->rho, -0.3);
  EXPECT_EQ(market->state.instruments[0].funding_rate, 0.0001);
  EXPECT_EQ(market->state.instruments[1].vol, 0.55);
  EXPECT_EQ(market->registry.instruments()[1].lot, (Decimal{1, 1}));
  EXPECT_TRUE(market->registry.instruments()[1].is_call);
}

TEST(MarketReader, WrittenMarketReadsBackToTheSameDigest) {
  const Result<Market> market = read(good);
  ASSERT_TRUE(market.has_value());
  const Result<Market> again = read(write_market(*market));
  ASSERT_TRUE(again.has_value()) << to_string(again.error());
  EXPECT_EQ(digest_of(*again), digest_of(*market));
}

TEST(MarketReader, ReadsAndWritesVolumeAndDepthExactly) {
  const std::string with_depth = with(
      "mark: 80010,",
      "mark: 80010, volume: 1234.5,\n     depth: {distances: [0.0001, 0.01], bid: [0, 35.000000000001], ask: [7, 7]},");
  const Result<Market> market = read(with_depth);
  ASSERT_TRUE(market.has_value()) << to_string(market.error());
  const InstrumentState& state = market->state.instruments[0];
  EXPECT_EQ(state.volume, 1234.5);
  EXPECT_EQ(state.depth.curve.bid[1], (BookSize{35'000'000'000'001}));
  EXPECT_EQ(state.depth.curve.distances[0], (Ratio{100'000'000}));
  for (const DocumentFormat format : {DocumentFormat::yaml, DocumentFormat::json}) {
    const Result<Market> again = read(write_market(*market, format));
    ASSERT_TRUE(again.has_value()) << to_string(again.error());
    EXPECT_EQ(again->state.instruments[0].depth.curve, state.depth.curve);
    EXPECT_EQ(digest_of(*again), digest_of(*market));
  }
  EXPECT_NE(digest_of(*market), digest_of(*read(good)));
  EXPECT_NE(digest_of(*market), digest_of(*read(with("mark: 80010,", "mark: 80010, volume: 1234.5,"))));
}

TEST(MarketReader, AMarketWithoutDepthKeepsTheDigestItHad) {
  EXPECT_EQ(to_string(digest_of(*read(good))), "4fa7f408ab850d61960109bc5e493fe1");
}

TEST(MarketReader, ADepthThatIsNoneIsRefused) {
  const char* wrong[] = {"volume: -1",
                         "depth: {distances: [0.01], bid: [1]}",
                         "depth: {distances: [], bid: [], ask: []}",
                         "depth: {distances: [0.01, 0.01], bid: [1, 1], ask: [1, 1]}",
                         "depth: {distances: [0.01, 0.02], bid: [2, 1], ask: [1, 1]}",
                         "depth: {distances: [0.01, 0.02], bid: [1], ask: [1, 1]}",
                         "depth: {distances: [1.01], bid: [1], ask: [1]}",
                         "depth: {distances: [0.01], bid: [-1], ask: [1]}",
                         "depth: {distances: [0.01], bid: [1e16], ask: [1]}",
                         "depth: {distances: [0.01], bid: [x], ask: [1]}",
                         "depth: {distances: [0.01], bid: [1], ask: [1], mid: 5}",
                         "depth: 5"};
  for (const char* each : wrong) {
    const Result<Market> market = read(with("mark: 80010,", std::string("mark: 80010,\n     ") + each + ","));
    ASSERT_FALSE(market.has_value()) << each;
    EXPECT_EQ(market.error().place.line, 15) << to_string(market.error());
  }
}

TEST(MarketReader, NameAloneIsEnoughWhereItsTermsAreKnown) {
  const auto terms_of = [](std::string_view name) -> Result<Listing> {
    if (name != "BTC-SPOT") return fail({.message = "unknown name"});
    Listing listing{.underlying = "BTC", .coin = "BTC", .settlement = "USDC"};
    listing.terms.kind = Kind::spot;
    return listing;
  };
  const std::string text = good + "  - {name: BTC-SPOT, mark: 80001}\n";
  const Result<Market> market = read(text, {.terms_of = terms_of});
  ASSERT_TRUE(market.has_value()) << to_string(market.error());
  EXPECT_EQ(market->registry.instruments()[2].name, "BTC-SPOT");
  EXPECT_FALSE(read(text).has_value());
  const Result<Market> unknown = read(good + "  - {name: X, mark: 1}\n", {.terms_of = terms_of});
  ASSERT_FALSE(unknown.has_value());
  EXPECT_EQ(unknown.error().place.line, 17);
}

/// The file above with everything in it that may be left out.
std::string full() {
  std::string text = good;
  const auto add = [&](const std::string& behind, const std::string& more) {
    const std::size_t at = text.find(behind);
    EXPECT_NE(at, std::string::npos) << behind;
    text.insert(at + behind.size(), more);
  };
  add("volatility: mark", "\npeg: 0.997");
  add("usd: 0.9995", ", confidence: 0.9");
  add("  BTC: {decimals: 8}\n", "  ETH: {usd: 3000}\n");
  add("assets:\n", "  STETH: {usd: 2990, follows: ETH, confidence: 0.5}\n");
  add("index: 80000", "\n    confidence: 0.95");
  add("forward: 81000", ", fixed: 30000.5, confidence: 0");
  add("mark: 80010", ", confidence: 0.75");
  return text;
}

TEST(MarketReader, ReadsHowFarPricesAreTrustedAndWhatTheyHangOn) {
  const Result<Market> market = read(full());
  ASSERT_TRUE(market.has_value()) << to_string(market.error());
  const MarketState& state = market->state;
  EXPECT_EQ(state.peg, 0.997);
  EXPECT_EQ(confidence_of(state, *market->registry.asset("STETH")), 0.5);
  EXPECT_EQ(confidence_of(state, *market->registry.asset("ETH")), 1);
  EXPECT_EQ(state.underlyings[0].confidence, 0.95);
  EXPECT_EQ(state.underlyings[0].expiries[0].confidence, 0);
  EXPECT_EQ(state.underlyings[0].expiries[0].fixed, 30000.5);
  EXPECT_EQ(state.instruments[0].confidence, 0.75);
  EXPECT_EQ(state.instruments[1].confidence, 1);
  EXPECT_EQ(market->registry.assets()[0].follows, market->registry.asset("ETH"));
  EXPECT_FALSE(market->registry.assets()[1].follows);
}

TEST(MarketReader, EveryPartIsWrittenAndInTheDigest) {
  const Result<Market> market = read(full());
  ASSERT_TRUE(market.has_value());
  for (const DocumentFormat format : {DocumentFormat::yaml, DocumentFormat::json}) {
    const Result<Market> again = read(write_market(*market, format));
    ASSERT_TRUE(again.has_value()) << to_string(again.error());
    EXPECT_EQ(digest_of(*again), digest_of(*market));
  }
  const std::pair<const char*, const char*> changes[] = {{"peg: 0.997", "peg: 0.998"},
                                                         {"confidence: 0.9}", "confidence: 0.8}"},
                                                         {", follows: ETH", ""},
                                                         {"confidence: 0.95", "confidence: 1"},
                                                         {"fixed: 30000.5", "fixed: 0"},
                                                         {"confidence: 0,", "confidence: 0.1,"},
                                                         {"confidence: 0.75", "confidence: 0.7"}};
  for (const auto& [from, to] : changes) {
    std::string text = full();
    const std::size_t at = text.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    const Result<Market> changed = read(text.replace(at, std::string(from).size(), to));
    ASSERT_TRUE(changed.has_value()) << to_string(changed.error());
    EXPECT_NE(digest_of(*changed), digest_of(*market)) << to;
  }
}

struct Fault {
  const char* from;
  const char* to;
  int line;
  const char* field;
};

TEST(MarketReader, FaultsAreNamedWithLineFieldAndRemedy) {
  const Fault faults[] = {
      {"version: 3", "versoin: 3", 1, "versoin"},
      {"version: 3", "version: -1", 1, "version"},
      {"as_of: 2026-01-05T08:00:00Z", "as_of: yesterday", 2, "as_of"},
      {"volatility: mark", "volatility: mid", 3, "volatility"},
      {"usd: 0.9995", "usd: -1", 5, "assets.USDC.usd"},
      {"usd: 0.9995", "usd: .nan", 5, "assets.USDC.usd"},
      {"decimals: 6", "decimals: 19", 5, "assets.USDC.decimals"},
      {"BTC: {decimals: 8}", "ETH: {decimals: 8}", 9, "underlyings.BTC"},
      {"index: 80000", "index: 0", 9, "underlyings.BTC.index"},
      {"forward: 81000, ", "", 11, "underlyings.BTC.expiries[0]"},
      {"forward: 81000", "forward: -5", 11, "underlyings.BTC.expiries[0].forward"},
      {"expiry: 2026-03-27T08:00:00Z, forward", "expiry: 2025-03-27T08:00:00Z, forward", 11,
       "underlyings.BTC.expiries[0].expiry"},
      {"sigma: 0.2", "sigma: 0", 11, "underlyings.BTC.expiries[0].svi"},
      {"b: 0.1", "b: 3", 11, "underlyings.BTC.expiries[0].svi"},
      {"kind: perpetual", "kind: swap", 13, "instruments[0].kind"},
      {"lot: 10", "lot: 0", 14, "instruments[0].lot"},
      {"mark: 80010", "mark: -80010", 14, "instruments[0].mark"},
      {"mark: 80010", "mark: lots", 14, "instruments[0].mark"},
      {"mark: 80010", "mark: 80010, vol: 0.5", 13, "instruments[0]"},
      {"name: BTC-27MAR26-100000-C", "name: BTC-PERPETUAL", 15, "instruments[1].name"},
      {"settlement: BTC, contract_size: 1,\n     tick: 0.0001", "settlement: EUR, contract_size: 1,\n     tick: 0.0001",
       15, "instruments[1]"},
      {"lot: 0.1, expiry: 2026-03-27T08:00:00Z", "lot: 0.1, expiry: 2025-03-27T08:00:00Z", 15, "instruments[1]"},
      {"lot: 0.1, expiry: 2026-03-27T08:00:00Z", "lot: 0.1, expiry: 2026-06-26T08:00:00Z", 15, "instruments[1]"},
      {"lot: 0.1, expiry: 2026-03-27T08:00:00Z, ", "lot: 0.1, ", 15, "instruments[1]"},
      {"type: call", "type: straddle", 16, "instruments[1].type"},
      {"vol: 0.55", "vol: 0", 16, "instruments[1].vol"},
      {"vol: 0.55", "vol: 55", 16, "instruments[1].vol"},
      {"vol: 0.55", "vol: 1e200", 16, "instruments[1].vol"},
      {"usd: 0.9995", "usd: 1e300", 5, "assets.USDC.usd"},
      {"usd: 0.9995", "usd: 1e-16", 5, "assets.USDC.usd"},
      {"index: 80000", "index: 1e300", 9, "underlyings.BTC.index"},
      {"forward: 81000", "forward: 1.1e15", 11, "underlyings.BTC.expiries[0].forward"},
      {"mark: 80010", "mark: 1e16", 14, "instruments[0].mark"},
      {"mark: 0.01,", "mark: 0.01, ask: 1e16,", 16, "instruments[1].ask"},
      {"volatility: mark", "peg: 0", 3, "peg"},
      {"volatility: mark", "peg: much", 3, "peg"},
      {"usd: 0.9995", "confidence: 1.5", 5, "assets.USDC.confidence"},
      {"usd: 0.9995", "confidence: -0.1", 5, "assets.USDC.confidence"},
      {"usd: 0.9995", "follows: ETH", 5, "assets.USDC.follows"},
      {"usd: 0.9995", "follows: USDC", 5, "assets.USDC.follows"},
      {"BTC: {decimals: 8}", "BTC: {follows: USDC}\n  WBTC: {usd: 1, follows: BTC}", 7, "assets.WBTC.follows"},
      {"BTC: {decimals: 8}", "BTC: {follows: AAA}\n  AAA: {usd: 1, follows: USDC}", 7, "assets.AAA.follows"},
      {"index: 80000", "index: 80000\n    confidence: 97", 10, "underlyings.BTC.confidence"},
      {"forward: 81000", "forward: 81000, fixed: 81001", 11, "underlyings.BTC.expiries[0].fixed"},
      {"forward: 81000", "forward: 81000, fixed: -1", 11, "underlyings.BTC.expiries[0].fixed"},
      {"forward: 81000", "forward: 81000, confidence: x", 11, "underlyings.BTC.expiries[0].confidence"},
      {"mark: 80010", "mark: 80010, confidence: 2", 14, "instruments[0].confidence"}};
  for (const Fault& fault : faults) {
    const Result<Market> market = read(with(fault.from, fault.to));
    ASSERT_FALSE(market.has_value()) << fault.to;
    const Error& error = market.error();
    EXPECT_EQ(error.place.line, fault.line) << to_string(error);
    EXPECT_TRUE(error.field.starts_with(fault.field)) << to_string(error);
    EXPECT_EQ(error.place.file, "market.yaml");
    EXPECT_FALSE(error.remedy.empty()) << to_string(error);
  }
}

TEST(MarketReader, OptionNeedsAVolOrASmile) {
  EXPECT_TRUE(read(with(", vol: 0.55", "")).has_value());  // the smile is there
  std::string bare = with(", svi: {a: 0.01, b: 0.1, rho: -0.3, m: 0, sigma: 0.2}", "");
  EXPECT_FALSE(read(bare.erase(bare.find(", vol: 0.55"), 11)).has_value());
}

TEST(MarketReader, VolInPercentIsRefusedWithTheFractionItShouldBe) {
  const Result<Market> market = read(with("vol: 0.55", "vol: 65"));
  ASSERT_FALSE(market.has_value());
  EXPECT_EQ(to_string(market.error()),
            "market.yaml:16:105: instruments[1].vol: a vol of 65 is 6500 % a year, above 2000 % (0.65 is 65 %)");
  EXPECT_TRUE(read(with("vol: 0.55", "vol: 20")).has_value());
}

TEST(MarketReader, OptionWithoutAVolIsAFindingUnlessTheSurfaceIsPreferred) {
  const std::string text = with(", vol: 0.55", "");
  const Result<Market> market = read(text);
  ASSERT_TRUE(market.has_value()) << to_string(market.error());
  ASSERT_EQ(market->state.findings.size(), 1u);
  EXPECT_EQ(market->state.findings[0].kind, Finding::Kind::assumed);
  EXPECT_EQ(market->state.findings[0].subject, "BTC-27MAR26-100000-C");
  EXPECT_EQ(read(write_market(*market))->state.findings.size(), 1u) << "written and read it is not found again";
  EXPECT_TRUE(read(good)->state.findings.empty());
  std::string surface = text;
  EXPECT_TRUE(
      read(surface.replace(surface.find("volatility: mark"), 16, "volatility: surface"))->state.findings.empty());
}

TEST(MarketReader, ForwardFarFromItsIndexIsAFinding) {
  for (const char* forward : {"forward: 15000", "forward: 500000"}) {
    const Result<Market> market = read(with("forward: 81000", forward));
    ASSERT_TRUE(market.has_value()) << to_string(market.error());
    ASSERT_EQ(market->state.findings.size(), 1u);
    EXPECT_EQ(market->state.findings[0].kind, Finding::Kind::arbitrage);
    EXPECT_EQ(market->state.findings[0].subject, "BTC 2026-03-27");
    EXPECT_EQ(read(write_market(*market))->state.findings.size(), 1u);
  }
  EXPECT_TRUE(read(with("forward: 81000", "forward: 399999"))->state.findings.empty());
}

TEST(MarketReader, SmileBelowTheOneBeforeIsAnError) {
  const std::string second =
      "      - {expiry: 2026-06-26T08:00:00Z, forward: 82000, svi: {a: 0.005, b: 0.1, rho: -0.3, m: 0, sigma: 0.2}}\n";
  EXPECT_FALSE(read(with("instruments:\n", second + "instruments:\n")).has_value());
}

TEST(MarketReader, EmptyAndForeignDocumentsAreErrors) {
  for (const char* text : {"[]", "a: b", "assets: 1", "as_of: 2026-01-05T08:00:00Z\n"})
    EXPECT_FALSE(read(text).has_value()) << text;
}

}  // namespace
}  // namespace margrave
