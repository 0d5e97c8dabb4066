#include "volatility/har.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/least_squares.h"
#include "volatility/reference_data_test.h"

namespace margrave {
namespace {

std::vector<double> some_measures(std::size_t n) {
  std::vector<double> measures;
  for (std::size_t i = 0; i < n; ++i) {
    const auto x = static_cast<double>(i);
    measures.push_back(1.5 + std::sin(x * x * 0.37) + 0.3 * std::sin(0.02 * x));
  }
  return measures;
}

// reference.md 1.6: SPY realised kernel in per cent squared.
TEST(Har, FitOfSpyMatchesReference) {
  const auto measures = reference_column("spyreal.csv", 2, 100);
  NEED_REFERENCE(measures);
  const auto fit = fit_har({}, HarForm::levels, measures);
  ASSERT_TRUE(fit);
  const HarCoefficients& c = fit->coefficients;
  EXPECT_NEAR(c.constant, 0.05387248, 1e-8);
  EXPECT_NEAR(c.day, 0.66021244, 1e-8);
  EXPECT_NEAR(c.week, 0.15648744, 1e-8);
  EXPECT_NEAR(c.month, 0.11543099, 1e-8);
  EXPECT_NEAR(fit->r_squared, 0.74018, 5e-6);
  EXPECT_EQ(fit->count, 1640u);
}

TEST(Har, LogFitOfSpyMatchesReference) {
  const auto measures = reference_column("spyreal.csv", 2, 100);
  NEED_REFERENCE(measures);
  const auto fit = fit_har({}, HarForm::logs, measures);
  ASSERT_TRUE(fit);
  const HarCoefficients& c = fit->coefficients;
  EXPECT_NEAR(c.constant, -0.02958257, 1e-8);
  EXPECT_NEAR(c.day, 0.41450682, 1e-8);
  EXPECT_NEAR(c.week, 0.42399771, 1e-8);
  EXPECT_NEAR(c.month, 0.11814003, 1e-8);
  EXPECT_NEAR(fit->r_squared, 0.78160, 5e-6);
  EXPECT_GT(c.smearing, 1);
}

TEST(Har, StreamAndBatchHaveTheSameBits) {
  const auto measures = some_measures(300);
  for (const HarForm form : {HarForm::levels, HarForm::logs}) {
    auto stream = HarAverages::start({.week = 7, .month = 30}, form);
    const auto rows = har_rows({.week = 7, .month = 30}, form, measures);
    ASSERT_TRUE(stream && rows);
    ASSERT_EQ(rows->size(), 271u);
    for (std::size_t i = 0; i < measures.size(); ++i) {
      ASSERT_TRUE(stream->update(measures[i]));
      ASSERT_EQ(stream->ready(), i >= 29);
      if (!stream->ready()) continue;
      EXPECT_EQ(stream->row().day, (*rows)[i - 29].day);
      EXPECT_EQ(stream->row().week, (*rows)[i - 29].week);
      EXPECT_EQ(stream->row().month, (*rows)[i - 29].month);
    }
  }
}

TEST(Har, ScaledMeasuresScaleTheForecast) {
  auto measures = some_measures(300);
  const auto fit = fit_har({}, HarForm::logs, measures);
  const HarRow row = har_rows({}, HarForm::logs, measures)->back();
  for (double& value : measures) value *= 1e-4;
  const auto small = fit_har({}, HarForm::logs, measures);
  const HarRow small_row = har_rows({}, HarForm::logs, measures)->back();
  const double before = har_forecast(fit->coefficients, HarForm::logs, row);
  EXPECT_NEAR(har_forecast(small->coefficients, HarForm::logs, small_row), before * 1e-4, before * 1e-14);
}

TEST(Har, RefusesGapsShortAndConstantSeries) {
  auto measures = some_measures(100);
  EXPECT_FALSE(HarAverages::start({.week = 30, .month = 7}, HarForm::levels));
  EXPECT_EQ(fit_har({}, HarForm::levels, std::span(measures).first(40)).error().message,
            "measures has 40 values and needs at least 52");
  measures[3] = 0;
  EXPECT_EQ(fit_har({}, HarForm::levels, measures).error().message, "measures[3] is 0, not above zero");
  const std::vector<double> constant(100, 1.0);
  EXPECT_EQ(fit_har({}, HarForm::levels, constant).error().message,
            "the columns of the regression depend on each other");
  auto stream = HarAverages::start({}, HarForm::levels);
  EXPECT_FALSE(stream->update(std::nan("")));
}

TEST(LeastSquares, RidgeShrinksTheSlopes) {
  const double x[] = {1, 2, 3, 4, 5, 6}, y[] = {2.1, 3.9, 6.2, 7.8, 10.1, 11.9};
  const auto plain = least_squares(x, y, 1), ridge = least_squares(x, y, 1, 1.0);
  EXPECT_NEAR(plain->slopes[0], 34.6 / 17.5, 1e-14);  // sum of (x - 3.5) y over sum of (x - 3.5)^2
  EXPECT_NEAR(ridge->slopes[0], plain->slopes[0] / 2, 1e-14);
}

}  // namespace
}  // namespace margrave
