#include "market/chain.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "document/read.h"
#include "market/market_reader.h"
#include "market/market_writer.h"
#include "market/model_chain.h"
#include "market/quote_vol.h"
#include "market/surface.h"
#include "market/svi.h"

namespace margrave {
namespace {

Chain small_chain() {
  return model_chain({.as_of = Timestamp::from_civil(2026, 1, 5, 8), .expiries = 4, .options = 120});
}

ChainQuote& quote_of(Chain& chain, Kind kind, std::size_t nth = 0) {
  for (ChainQuote& quote : chain.quotes) {
    if (quote.instrument.terms.kind == kind && nth-- == 0) return quote;
  }
  ADD_FAILURE() << "no such quote";
  return chain.quotes.front();
}

ChainMarket built(const Chain& chain, const ChainOptions& options = {}) {
  Result<ChainMarket> market = build_market(chain, options);
  EXPECT_TRUE(market.has_value()) << (market ? "" : to_string(market.error()));
  return market ? *std::move(market) : ChainMarket{};
}

int count(const ChainMarket& market, Finding::Kind kind) {
  const auto& findings = market.market.state.findings;
  return static_cast<int>(
      std::count_if(findings.begin(), findings.end(), [&](const Finding& f) { return f.kind == kind; }));
}

bool has_finding(const ChainMarket& market, Finding::Kind kind, const std::string& subject) {
  const auto& findings = market.market.state.findings;
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& f) { return f.kind == kind && f.subject == subject; });
}

TEST(Chain, CleanChainGivesAWholeMarketWhereOnlyTheDollarsAreAssumed) {
  const Chain chain = small_chain();
  const ChainMarket market = built(chain);
  EXPECT_EQ(market.market.registry.instruments().size(), chain.quotes.size());
  EXPECT_EQ(market.market.state.instruments.size(), chain.quotes.size());
  EXPECT_EQ(market.fits.size(), 4u);
  EXPECT_EQ(market.market.state.as_of, chain.time);
  EXPECT_EQ(market.market.state.findings.size(), 1u);
  EXPECT_TRUE(has_finding(market, Finding::Kind::assumed, "USDC, USDT"));
  for (const char* dollar : {"USD", "USDC", "USDT"}) {
    const auto id = market.market.registry.asset(dollar);
    ASSERT_TRUE(id.has_value()) << dollar;
    EXPECT_EQ(market.market.state.asset_usd[id->index()], 1);
  }
  for (const ExpiryFit& fit : market.fits) {
    EXPECT_LT(fit.smile->rms, 0.004);
    EXPECT_EQ(fit.forward.source, ForwardSource::quoted);
  }
}

TEST(Chain, OrderOfTheQuotesDoesNotChangeTheDigest) {
  Chain chain = small_chain();
  const Digest digest = digest_of(built(chain).market);
  std::reverse(chain.quotes.begin(), chain.quotes.end());
  EXPECT_EQ(digest_of(built(chain).market), digest);
}

TEST(Chain, ForwardFallsBackOnTheFutureThenOnParityThenOnTheIndex) {
  Chain chain = small_chain();
  const double truth = quote_of(chain, Kind::option).underlying_price;
  for (ChainQuote& quote : chain.quotes) quote.underlying_price = absent;
  ChainMarket market = built(chain);
  EXPECT_EQ(market.fits[0].forward.source, ForwardSource::future);
  EXPECT_NEAR(market.fits[0].forward.forward, truth, 1e-9);
  std::erase_if(chain.quotes, [](const ChainQuote& q) { return q.instrument.terms.kind == Kind::future; });
  market = built(chain);
  EXPECT_EQ(market.fits[0].forward.source, ForwardSource::parity);
  EXPECT_NEAR(market.fits[0].forward.forward, truth, 1e-4 * truth);
  std::erase_if(chain.quotes, [](const ChainQuote& q) {
    return q.instrument.terms.kind == Kind::option && q.instrument.terms.is_call;
  });
  market = built(chain);
  EXPECT_EQ(market.fits[0].forward.source, ForwardSource::index);
  EXPECT_GE(count(market, Finding::Kind::assumed), 4);
}

TEST(Chain, LinearOptionsGiveForwardAndRateByParity) {
  const double forward = 105, rate = 0.06, years = 0.5;
  Chain chain{.source = "linear", .time = Timestamp::from_civil(2026, 1, 1), .quotes = {}};
  for (int strike = 70; strike <= 150; strike += 5) {
    for (const bool call : {false, true}) {
      ChainQuote quote;
      quote.instrument = {.underlying = "SOL", .coin = "SOL", .settlement = "USDC"};
      Instrument& terms = quote.instrument.terms;
      terms.name = std::to_string(strike) + (call ? "C" : "P");
      terms.kind = Kind::option;
      terms.expiry = Timestamp::from_seconds(chain.time.ns / 1'000'000'000 + seconds_per_year / 2);
      terms.strike = {strike, 0};
      terms.is_call = call;
      const PricedOption option{.terms = &terms, .forward = forward, .years = years, .rate = rate};
      quote.mark = price_of_vol(option, 0.8);
      quote.bid = price_of_vol(option, 0.79);
      quote.ask = price_of_vol(option, 0.81);
      quote.index = 102;
      chain.quotes.push_back(quote);
    }
  }
  const ChainMarket market = built(chain);
  ASSERT_EQ(market.fits.size(), 1u);
  EXPECT_EQ(market.fits[0].forward.source, ForwardSource::parity);
  EXPECT_NEAR(market.fits[0].forward.forward, forward, 1e-8);
  EXPECT_NEAR(market.fits[0].forward.rate, rate, 1e-9);
  EXPECT_NEAR(std::sqrt(total_variance(market.fits[0].smile->slice, 0.1) / years), 0.8, 1e-3);
  EXPECT_EQ(count(market, Finding::Kind::arbitrage), 0);
  EXPECT_TRUE(has_finding(market, Finding::Kind::assumed, "USDC, USDT"));
}

TEST(Chain, ExpiriesWithinOneSecondAreBothListed) {
  Chain chain = small_chain();
  const std::size_t before = chain.quotes.size();
  for (std::size_t i = 0; i < before; ++i) {
    if (chain.quotes[i].instrument.terms.kind != Kind::option) continue;
    ChainQuote twin = chain.quotes[i];
    twin.instrument.terms.name += "-TWIN";
    twin.instrument.terms.expiry.ns += 1;
    chain.quotes.push_back(twin);
  }
  const ChainMarket market = built(chain);
  EXPECT_EQ(market.market.registry.instruments().size(), chain.quotes.size());
  const auto& state = market.market.state;
  const auto vol = surface_vol(state.underlyings[0], state.as_of, Timestamp{market.fits[0].expiry.ns + 1}, 0.01);
  EXPECT_TRUE(vol.has_value() && std::isfinite(*vol));
}

TEST(Chain, CrossedQuoteIsReportedAndNotUsed) {
  Chain chain = small_chain();
  ChainQuote& quote = quote_of(chain, Kind::option, 10);
  quote.bid = 0.5;
  quote.ask = 0.4;
  const ChainMarket market = built(chain);
  EXPECT_TRUE(has_finding(market, Finding::Kind::crossed, quote.instrument.terms.name));
  const InstrumentId id = *market.market.registry.instrument(quote.instrument.terms.name);
  EXPECT_TRUE(std::isnan(market.market.state.instruments[id.index()].depth.bid));
}

TEST(Chain, OldQuoteIsReportedAndNotUsed) {
  Chain chain = small_chain();
  ChainQuote& quote = quote_of(chain, Kind::option, 10);
  quote.time = Timestamp::from_seconds(chain.time.ns / 1'000'000'000 - 901);
  const ChainMarket market = built(chain);
  EXPECT_TRUE(has_finding(market, Finding::Kind::stale, quote.instrument.terms.name));
  EXPECT_EQ(count(built(chain, {.stale_seconds = 1000}), Finding::Kind::stale), 0);
}

TEST(Chain, ExpiredInstrumentsAreLeftOutWithAFinding) {
  const Chain chain = small_chain();
  const Timestamp later = Timestamp::from_civil(2026, 1, 6, 9);
  const ChainMarket market = built(chain, {.as_of = later, .stale_seconds = 1'000'000});
  EXPECT_EQ(market.market.state.as_of, later);
  EXPECT_EQ(market.fits.size(), 3u);
  EXPECT_LT(market.market.registry.instruments().size(), chain.quotes.size());
  EXPECT_EQ(market.market.registry.instruments().size() + static_cast<std::size_t>(count(market, Finding::Kind::stale)),
            chain.quotes.size());
}

TEST(Chain, MarksThatContradictEachOtherAreFound) {
  Chain chain = small_chain();
  ChainQuote& quote = quote_of(chain, Kind::option, 15);
  quote.mark += 0.01;
  const ChainMarket market = built(chain);
  EXPECT_GE(count(market, Finding::Kind::arbitrage), 1);
  EXPECT_EQ(count(built(chain, {.arbitrage_tolerance = 0.02}), Finding::Kind::arbitrage), 0);
}

TEST(Chain, SmileThatMissesItsQuotesIsAFinding) {
  Chain chain = small_chain();
  const Timestamp expiry = quote_of(chain, Kind::option).instrument.terms.expiry;
  bool high = false;
  for (ChainQuote& quote : chain.quotes) {
    if (quote.instrument.terms.expiry != expiry || quote.instrument.terms.kind != Kind::option) continue;
    high = !high;
    quote.mark_vol = high ? 1.2 : 0.4;
    quote.bid = quote.ask = absent;
    const PricedOption option{.terms = &quote.instrument.terms,
                              .forward = quote.underlying_price,
                              .years = years_between(chain.time, expiry)};
    quote.bid = price_of_vol(option, quote.mark_vol - 0.01);
    quote.ask = price_of_vol(option, quote.mark_vol + 0.01);
    if (quote.instrument.terms.is_call) high = !high;  // both sides of a strike agree, its neighbours do not
  }
  EXPECT_TRUE(has_finding(built(chain), Finding::Kind::arbitrage, "BTC " + to_date(expiry)));
}

TEST(Chain, OptionWithoutQuotesAndVolGetsItsVolFromTheSurface) {
  Chain chain = small_chain();
  ChainQuote& quote = quote_of(chain, Kind::option, 12);
  quote.bid = quote.ask = quote.mark_vol = absent;
  const ChainMarket market = built(chain);
  EXPECT_TRUE(has_finding(market, Finding::Kind::missing, quote.instrument.terms.name));
  EXPECT_TRUE(market.market.registry.instrument(quote.instrument.terms.name).has_value());
}

TEST(Chain, OptionsOfAnUnderlyingWithoutAnyVolAreLeftOut) {
  Chain chain = small_chain();
  for (ChainQuote& quote : chain.quotes) {
    if (quote.instrument.terms.kind == Kind::option) quote.bid = quote.ask = quote.mark = quote.mark_vol = absent;
  }
  const ChainMarket market = built(chain);
  EXPECT_EQ(market.market.registry.instruments().size(), 5u);  // a perpetual and four futures
  EXPECT_GT(count(market, Finding::Kind::missing), 100);
}

TEST(Chain, PerpetualThatIsNotQuotedIsListedAtTheIndexWithAFinding) {
  Chain chain = small_chain();
  const Listing perpetual = quote_of(chain, Kind::perpetual).instrument;
  chain.perpetuals = {perpetual};
  const ChainMarket quoted = built(chain);
  EXPECT_FALSE(has_finding(quoted, Finding::Kind::assumed, perpetual.terms.name));
  std::erase_if(chain.quotes, [](const ChainQuote& q) { return q.instrument.terms.kind == Kind::perpetual; });
  const ChainMarket market = built(chain);
  EXPECT_TRUE(has_finding(market, Finding::Kind::assumed, perpetual.terms.name));
  const auto id = market.market.registry.instrument(perpetual.terms.name);
  ASSERT_TRUE(id.has_value());
  EXPECT_EQ(*id, quoted.market.registry.instrument(perpetual.terms.name)) << "its place in the listing is the same";
  EXPECT_EQ(market.market.state.instruments[id->index()].mark, market.market.state.underlyings[0].index);
  chain.perpetuals.clear();
  EXPECT_FALSE(built(chain).market.registry.instrument(perpetual.terms.name).has_value());
}

TEST(Chain, OptionWithQuotesAndNoVolIsAFindingUnlessTheSurfaceIsPreferred) {
  Chain chain = small_chain();
  ChainQuote& quote = quote_of(chain, Kind::option, 12);
  quote.mark_vol = absent;
  EXPECT_TRUE(has_finding(built(chain), Finding::Kind::assumed, quote.instrument.terms.name));
  EXPECT_FALSE(
      has_finding(built(chain, {.prefer = VolSource::surface}), Finding::Kind::assumed, quote.instrument.terms.name));
}

TEST(Chain, NumbersThatNoMarketHasAreErrors) {
  const std::pair<double ChainQuote::*, const char*> fields[] = {{&ChainQuote::mark_vol, "mark_vol"},
                                                                 {&ChainQuote::index, "index"},
                                                                 {&ChainQuote::underlying_price, "underlying_price"},
                                                                 {&ChainQuote::ask, "ask"}};
  for (const auto& [member, field] : fields) {
    Chain chain = small_chain();
    quote_of(chain, Kind::option, 3).*member = 1e300;
    const Result<ChainMarket> market = build_market(chain);
    ASSERT_FALSE(market.has_value()) << field;
    EXPECT_EQ(market.error().field, field);
    EXPECT_FALSE(market.error().remedy.empty());
  }
}

TEST(Chain, ForwardFarFromItsIndexIsAFinding) {
  Chain chain = small_chain();
  for (ChainQuote& quote : chain.quotes) quote.index = 10'000;  // forwards are near 80,000
  EXPECT_GE(count(built(chain), Finding::Kind::arbitrage), 4);
}

TEST(Chain, BrokenChainsAreErrors) {
  Chain chain = small_chain();
  chain.quotes.push_back(chain.quotes.front());
  EXPECT_FALSE(build_market(chain).has_value()) << "the same instrument twice";
  chain = small_chain();
  quote_of(chain, Kind::option).mark = -0.1;
  const Result<ChainMarket> negative = build_market(chain);
  ASSERT_FALSE(negative.has_value());
  EXPECT_EQ(negative.error().field, "mark");
  EXPECT_FALSE(build_market(Chain{.source = "x", .time = chain.time, .quotes = {}}).has_value());
  EXPECT_FALSE(build_market(Chain{.source = "x", .time = {}, .quotes = small_chain().quotes}).has_value());
  chain = small_chain();
  std::erase_if(chain.quotes, [](const ChainQuote& q) { return q.instrument.terms.kind == Kind::perpetual; });
  EXPECT_FALSE(build_market(chain, {.as_of = Timestamp::from_civil(2040, 1, 1)}).has_value()) << "all have expired";
}

TEST(Chain, WrittenMarketReadsBackToTheSameDigest) {
  Chain chain = small_chain();
  chain.perpetuals = {quote_of(chain, Kind::perpetual).instrument};
  std::erase_if(chain.quotes, [](const ChainQuote& q) { return q.instrument.terms.kind == Kind::perpetual; });
  quote_of(chain, Kind::option, 12).mark_vol = absent;
  quote_of(chain, Kind::option, 14).bid = 0.9;  // crossed: a finding
  for (const DocumentFormat format : {DocumentFormat::yaml, DocumentFormat::json}) {
    const VolSource prefer = format == DocumentFormat::yaml ? VolSource::mark : VolSource::surface;
    const Market market = built(chain, {.prefer = prefer, .version = 7}).market;
    const std::string text = write_market(market, format);
    const Result<Document> document = parse_document(text, format == DocumentFormat::yaml ? "m.yaml" : "m.json");
    ASSERT_TRUE(document.has_value()) << to_string(document.error());
    const Result<Market> again = read_market(*document);
    ASSERT_TRUE(again.has_value()) << to_string(again.error());
    EXPECT_EQ(digest_of(*again), digest_of(market));
    ASSERT_EQ(again->state.findings.size(), market.state.findings.size());
    EXPECT_EQ(again->state.findings[0].text, market.state.findings[0].text);
    EXPECT_EQ(write_market(*again, format), text);
  }
}

}  // namespace
}  // namespace margrave
