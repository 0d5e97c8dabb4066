#include "dialect/distribution_tables.h"

#include <cmath>
#include <numbers>

#include "study/coverage.h"
#include "volatility/student_t.h"

namespace margrave {
namespace {

/// A cell within limits, as the tables promise it.
Result<double> number(const CsvReader& csv, std::string_view name, double low, double high) {
  const std::size_t column = TRY(csv.column(name));
  const double value = TRY(csv.real(column));
  if (value >= low && value <= high) return value;
  return fail(csv.error(column, "it is outside what the table is of", "correct the table"));
}

void begin_row(const CsvReader& csv, Tally& tally) { tally.begin("line " + std::to_string(csv.line())); }

}  // namespace

bool is_tail_table(const CsvReader& csv) { return has_columns(csv, {"nu", "alpha", "VaR_raw", "ES_unitvar"}); }

Result<void> check_tail_table(CsvReader& csv, Tally& tally) {
  tally.name_model("Student t: value at risk and expected shortfall");
  const std::size_t nu_column = csv.find("nu");
  while (TRY(csv.next())) {
    if (csv.cell(nu_column) == "inf") {
      tally.skip();
      continue;
    }
    const double nu = TRY(number(csv, "nu", 2.001, 1e6)), tail = TRY(number(csv, "alpha", 1e-6, 0.5));
    const TailLoss plain = student_t_tail(tail, nu), unit = unit_t_tail(tail, nu);
    begin_row(csv, tally);
    const auto check = [&](std::string_view name, double computed, double relative) -> Result<void> {
      const double expected = TRY(number(csv, name, 0, 1e9));
      tally.check(name, expected, computed, relative * expected);
      return {};
    };
    TRY_VOID(check("VaR_raw", plain.var, 1e-8));
    TRY_VOID(check("ES_raw", plain.es, 2e-8));
    TRY_VOID(check("VaR_unitvar", unit.var, 1e-8));
    TRY_VOID(check("ES_unitvar", unit.es, 2e-8));
    tally.end();
  }
  return {};
}

bool is_bivariate_table(const CsvReader& csv) { return has_columns(csv, {"nu", "rho", "tail_dep", "kendall_tau"}); }

Result<void> check_bivariate_table(CsvReader& csv, Tally& tally) {
  tally.name_model("bivariate Student t");
  const std::size_t near = csv.find("P(X<-2&Y<-2)_raw_t"), far = csv.find("P(X<q01&Y<q01)");
  while (TRY(csv.next())) {
    const double nu = TRY(number(csv, "nu", 0.1, 1e6)), rho = TRY(number(csv, "rho", -0.999, 0.999));
    begin_row(csv, tally);
    const double dependence = TRY(number(csv, "tail_dep", 0, 1)), tau = TRY(number(csv, "kendall_tau", -1, 1));
    tally.check("tail_dep", dependence, t_tail_dependence(nu, rho), 1e-11);
    // Lindskog, McNeil and Schmock (2003): of every elliptical distribution.
    tally.check("kendall_tau", tau, 2 / std::numbers::pi * std::asin(rho), 1e-11);
    if (near != CsvReader::none) {
      const double expected = TRY(csv.real(near));
      tally.check("P(X<-2, Y<-2)", expected, bivariate_t_cdf(-2, -2, nu, rho), 1e-8 * expected);
    }
    if (far != CsvReader::none) {
      const double expected = TRY(csv.real(far)), q = student_t_quantile(0.01, nu);
      tally.check("P(X<q01, Y<q01)", expected, bivariate_t_cdf(q, q, nu, rho), 2e-8 * expected);
    }
    tally.end();
  }
  return {};
}

bool is_coverage_table(const CsvReader& csv) { return has_columns(csv, {"n", "p", "x", "LRuc", "pchi2", "p_exact"}); }

Result<void> check_coverage_table(CsvReader& csv, Tally& tally) {
  tally.name_model("Kupiec's test of coverage");
  const std::size_t n_column = csv.find("n"), x_column = csv.find("x");
  while (TRY(csv.next())) {
    const std::int64_t n = TRY(csv.integer(n_column, 1, 100'000)), x = TRY(csv.integer(x_column, 0, n));
    const double p = TRY(number(csv, "p", 1e-6, 0.999999));
    const auto coverage = unconditional_coverage({static_cast<std::size_t>(n), static_cast<std::size_t>(x)}, p);
    if (!coverage) return fail(csv.row_error(coverage.error().message, "correct the table"));
    begin_row(csv, tally);
    const double ratio = TRY(number(csv, "LRuc", 0, 1e9)), chi = TRY(number(csv, "pchi2", 0, 1)),
                 exact = TRY(number(csv, "p_exact", 0, 1));
    tally.check("LRuc", ratio, coverage->ratio, 1e-8 * (1 + ratio));
    tally.check("pchi2", chi, coverage->chi_square_p, 1e-8);
    tally.check("p_exact", exact, coverage->exact_p, 1e-8);
    tally.end();
  }
  return {};
}

}  // namespace margrave
