#include "report/smile_svg.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "market/model_chain.h"
#include "report/surface_report.h"

namespace margrave {
namespace {

ChainMarket model_market() {
  Result<ChainMarket> market =
      build_market(model_chain({.as_of = Timestamp::from_civil(2026, 1, 5, 8), .expiries = 4, .options = 120}));
  EXPECT_TRUE(market.has_value());
  return *std::move(market);
}

std::size_t occurrences(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(SmileSvg, AllExpiriesHaveACurveAndEveryQuotedStrikeABar) {
  const ChainMarket market = model_market();
  const Result<std::string> svg = smile_svg({.title = "A & B", .panels = smile_panels(market.fits)});
  ASSERT_TRUE(svg.has_value());
  std::size_t quoted = 0;
  for (const ExpiryFit& fit : market.fits) {
    quoted += static_cast<std::size_t>(
        std::count_if(fit.quotes.begin(), fit.quotes.end(), [](const SmileQuote& q) { return q.quoted(); }));
  }
  EXPECT_EQ(occurrences(*svg, "class=\"fit\""), 4u + 1u);  // and one in the legend
  EXPECT_EQ(occurrences(*svg, "class=\"quote\""), quoted + 1);
  EXPECT_EQ(occurrences(*svg, "A &amp; B"), 2u);
  EXPECT_EQ(occurrences(*svg, "nan"), 0u);
  EXPECT_EQ(occurrences(*svg, "<svg"), occurrences(*svg, "</svg>"));
}

TEST(SmileSvg, OneExpiryIsDrawnAloneAndNoneIsAnError) {
  const ChainMarket market = model_market();
  SmilePlot plot{.title = "one", .panels = {{"third", &market.fits[2]}}};
  const Result<std::string> svg = smile_svg(plot);
  ASSERT_TRUE(svg.has_value());
  EXPECT_EQ(occurrences(*svg, "class=\"fit\""), 2u);
  plot.panels.clear();
  EXPECT_FALSE(smile_svg(plot).has_value());
}

// The fitted curve goes through most marks and would hide those drawn before it.
TEST(SmileSvg, MarksAreDrawnAboveTheCurve) {
  const ChainMarket market = model_market();
  const Result<std::string> svg = smile_svg({.title = "one", .panels = {{"third", &market.fits[2]}}});
  ASSERT_TRUE(svg.has_value());
  const std::size_t curve = svg->rfind("class=\"fit\"");
  const std::size_t marks = occurrences(svg->substr(curve), "class=\"mark\"");
  EXPECT_GT(marks, 0u);
  EXPECT_EQ(occurrences(*svg, "class=\"mark\""), marks + 1);  // and one in the legend
}

TEST(SurfaceReport, HasALineForEveryExpiry) {
  const ChainMarket market = model_market();
  for (const std::string& text : {surface_report(market), surface_report(market.market)}) {
    for (const ExpiryFit& fit : market.fits) EXPECT_EQ(occurrences(text, to_date(fit.expiry)), 1u);
    EXPECT_NE(text.find("findings: 1 assumed\n"), std::string::npos) << text;  // the dollars
  }
}

TEST(SurveyReport, CountsFitsAndListsTheWorst) {
  FitSurvey survey;
  survey.add(model_market());
  EXPECT_EQ(survey.chains, 1);
  EXPECT_EQ(survey.fits, 4);
  EXPECT_EQ(survey.violations, 0);
  EXPECT_LE(survey.rms_quantile(0.5), survey.rms_quantile(1));
  EXPECT_EQ(survey.worst(1)[0].rms, survey.rms_quantile(1));
  EXPECT_NE(survey_report(survey).find("1 chains, 4 smiles"), std::string::npos);
}

}  // namespace
}  // namespace margrave
