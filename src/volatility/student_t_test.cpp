#include "volatility/student_t.h"

#include <gtest/gtest.h>

#include <cmath>

#include "volatility/reference_data_test.h"

namespace margrave {
namespace {

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

// reference.md 3. The file prints 12 digits, but its quantiles were solved to about 1e-8 only: see the next test.
TEST(StudentT, TailLossesMatchReference) {
  const auto rows = reference_cells("student_t_es.csv");
  NEED_REFERENCE(rows);
  int checked = 0;
  for (const auto& row : rows) {
    const double nu = number(row[0]), tail = number(row[1]);
    if (!(nu < 1e6)) continue;  // the normal distribution
    const TailLoss plain = student_t_tail(tail, nu), unit = unit_t_tail(tail, nu);
    EXPECT_NEAR(plain.var / number(row[2]), 1, 1e-8) << nu << " " << tail;
    EXPECT_NEAR(plain.es / number(row[3]), 1, 2e-8) << nu << " " << tail;
    EXPECT_NEAR(unit.var / number(row[4]), 1, 1e-8) << nu << " " << tail;
    EXPECT_NEAR(unit.es / number(row[5]), 1, 2e-8) << nu << " " << tail;
    ++checked;
  }
  EXPECT_GE(checked, 40);
}

// mpmath with 30 digits: quantile by root finding on the regularised incomplete beta function.
TEST(StudentT, TailLossesMatchThirtyDigits) {
  const double rows[][4] = {
      {2.5, 0.01, 5.35311117303087432, 9.09135503575194069},
      {4, 0.01, 3.74694738797919684, 5.22058419449221963},
      {4, 0.025, 2.77644510519779436, 3.99355702271285109},
      {30, 0.001, 3.38518486682930512, 3.75601872293483682},
  };
  for (const auto& row : rows) {
    const TailLoss loss = student_t_tail(row[1], row[0]);
    EXPECT_NEAR(loss.var / row[2], 1, 2e-14) << row[0] << " " << row[1];
    EXPECT_NEAR(loss.es / row[3], 1, 5e-14) << row[0] << " " << row[1];
  }
  // P(X < q, Y < q) for nu = 8, rho = 0, q the 1 % quantile, by mpmath's quadrature.
  const double q = student_t_quantile(0.01, 8);
  EXPECT_NEAR(bivariate_t_cdf(q, q, 8, 0) / 0.000460396332789511901, 1, 1e-10);
}

TEST(StudentT, BivariateValuesMatchReference) {
  const auto rows = reference_cells("bivariate_t.csv");
  NEED_REFERENCE(rows);
  for (const auto& row : rows) {
    const double nu = number(row[0]), rho = number(row[1]);
    EXPECT_NEAR(t_tail_dependence(nu, rho) / number(row[2]), 1, 5e-12) << nu << " " << rho;
    EXPECT_NEAR(bivariate_t_cdf(-2, -2, nu, rho) / number(row[4]), 1, 1e-9) << nu << " " << rho;
    const double q = student_t_quantile(0.01, nu);
    EXPECT_NEAR(bivariate_t_cdf(q, q, nu, rho) / number(row[5]), 1, 2e-8) << nu << " " << rho;
  }
  EXPECT_EQ(rows.size(), 24u);
}

TEST(StudentT, LogGammaAtKnownPoints) {
  EXPECT_NEAR(log_gamma(0.5), 0.5 * std::log(M_PI), 1e-14);
  EXPECT_NEAR(log_gamma(1), 0, 1e-14);
  EXPECT_NEAR(log_gamma(11), std::log(3628800.0), 1e-14);
  EXPECT_NEAR(log_gamma(100.5), std::lgamma(100.5), 1e-12);
}

// nu = 1 is Cauchy, nu = 2 has x / sqrt(2 + x^2).
TEST(StudentT, ClosedForms) {
  for (const double x : {-1e6, -30.0, -2.0, -0.3, 0.0, 0.7, 5.0}) {
    const double cauchy = x < 0 ? std::atan(-1 / x) / M_PI : 0.5 + std::atan(x) / M_PI;
    EXPECT_NEAR(student_t_cdf(x, 1) / cauchy, 1, 1e-12) << x;
  }
  EXPECT_NEAR(student_t_quantile(0.05, 2), -2.9199855803537251, 1e-13);
  EXPECT_NEAR(student_t_quantile(0.95, 2), 2.9199855803537251, 1e-13);
  EXPECT_TRUE(std::isnan(student_t_quantile(0, 3)));
}

}  // namespace
}  // namespace margrave
