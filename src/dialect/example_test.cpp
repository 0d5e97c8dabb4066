#include <gtest/gtest.h>

#include <cmath>

#include "dialect/deribit.h"
#include "dialect/deribit_chain.h"
#include "document/read.h"
#include "market/market_reader.h"
#include "market/market_writer.h"
#include "market/quote_vol.h"

namespace margrave {
namespace {

TEST(ExampleMarket, IsReadAndItsMarksAgreeWithItsVols) {
  const Result<Market> market =
      read_market_file(MARGRAVE_SOURCE_DIR "/examples/market.yaml", {.terms_of = parse_deribit_name});
  ASSERT_TRUE(market.has_value()) << to_string(market.error());
  EXPECT_EQ(market->registry.underlyings().size(), 3u);
  int options = 0;
  for (std::size_t i = 0; i < market->registry.instruments().size(); ++i) {
    const Instrument& terms = market->registry.instruments()[i];
    if (terms.kind != Kind::option) continue;
    const ExpiryState* expiry = expiry_of(*market, terms);
    ASSERT_NE(expiry, nullptr);
    const PricedOption option{
        .terms = &terms, .forward = expiry->forward, .years = years_between(market->state.as_of, terms.expiry)};
    EXPECT_NEAR(price_of_vol(option, market->state.instruments[i].vol), market->state.instruments[i].mark, 1e-6)
        << terms.name;
    ++options;
  }
  EXPECT_GT(options, 50);
}

TEST(ExampleChain, LacksTheDollarsAndThePerpetualsAndNothingElse) {
  const Result<Chain> chain = read_deribit_csv(MARGRAVE_SOURCE_DIR "/examples/chain.csv");
  ASSERT_TRUE(chain.has_value()) << to_string(chain.error());
  const Result<ChainMarket> built = build_market(*chain);
  ASSERT_TRUE(built.has_value());
  EXPECT_EQ(built->fits.size(), 12u);
  std::vector<std::string> assumed;
  for (const Finding& finding : built->market.state.findings) {
    EXPECT_EQ(finding.kind, Finding::Kind::assumed) << finding.subject << ": " << finding.text;
    assumed.push_back(finding.subject);
  }
  EXPECT_EQ(assumed, (std::vector<std::string>{"BTC-PERPETUAL", "ETH-PERPETUAL", "USDC, USDT"}));
  for (const char* name : {"BTC-PERPETUAL", "ETH-PERPETUAL"}) EXPECT_TRUE(built->market.registry.instrument(name));
  for (const ExpiryFit& fit : built->fits) EXPECT_LT(fit.smile->rms, 0.003);
}

TEST(ExampleChain, WrittenMarketReadsBackToTheSameDigest) {
  const Result<Chain> chain = read_deribit_csv(MARGRAVE_SOURCE_DIR "/examples/chain.csv");
  ASSERT_TRUE(chain.has_value()) << to_string(chain.error());
  const Result<ChainMarket> built = build_market(*chain);
  ASSERT_TRUE(built.has_value());
  const Result<Document> document = parse_document(write_market(built->market), "market.yaml");
  ASSERT_TRUE(document.has_value());
  const Result<Market> again = read_market(*document);
  ASSERT_TRUE(again.has_value()) << to_string(again.error());
  EXPECT_EQ(digest_of(*again), digest_of(built->market));
  EXPECT_EQ(again->state.findings.size(), built->market.state.findings.size());
}

}  // namespace
}  // namespace margrave
