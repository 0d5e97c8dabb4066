#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "dialect/deribit_chain.h"
#include "market/fit_survey.h"

namespace margrave {
namespace {

TEST(RecordedMonth, SmilesFitAndHaveNoArbitrage) {
  const std::string path = MARGRAVE_SHARED_DIR "/data/options/deribit_chain_2026-02.csv.gz";  // the crash of 5 February
  if (!std::filesystem::exists(path)) {
    if (std::getenv("CI")) FAIL() << "the reference data is missing";
    GTEST_SKIP() << "the reference data is missing";
  }
  FitSurvey survey;
  std::size_t findings = 0;
  const Result<std::size_t> taken = stream_deribit_csv(path, [&](const Chain& chain) {
    const Result<ChainMarket> market = build_market(chain);
    EXPECT_TRUE(market.has_value()) << (market ? "" : to_string(market.error()));
    if (!market) return false;
    survey.add(*market);
    findings += market->market.state.findings.size();
    return true;
  });
  ASSERT_TRUE(taken.has_value()) << to_string(taken.error());
  EXPECT_GE(survey.chains, 140);
  EXPECT_EQ(survey.violations, 0);
  EXPECT_LE(survey.last_resorts, survey.fits / 50);
  EXPECT_LE(survey.rms_quantile(0.5), 0.0040);
  EXPECT_LE(survey.rms_quantile(0.95), 0.0120);
  RecordProperty("fits", survey.fits);
  RecordProperty("findings", static_cast<int>(findings));
  for (const SurveyedFit& fit : survey.worst(10)) {
    RecordProperty("worst_" + fit.underlying + "_" + to_string(fit.as_of) + "_" + to_date(fit.expiry),
                   std::to_string(fit.rms));
  }
}

}  // namespace
}  // namespace margrave
