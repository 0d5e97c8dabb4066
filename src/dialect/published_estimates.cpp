#include "dialect/published_estimates.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "volatility/aparch.h"
#include "volatility/arma.h"
#include "volatility/egarch.h"
#include "volatility/garch_fit.h"
#include "volatility/har.h"
#include "volatility/realised_garch.h"

namespace margrave {
namespace {

using Series = std::vector<double>;

/// One vector: a fit and its published numbers.
class Estimate {
 public:
  Estimate(Tally& tally, const std::string& name) : tally_(tally) { tally_.begin(name); }
  Estimate(const Estimate&) = delete;
  Estimate& operator=(const Estimate&) = delete;
  ~Estimate() { tally_.end(); }

  void within(std::string_view name, double published, double ours, double allowed) {
    tally_.check(name, published, ours, allowed);
  }
  /// To so many significant digits: the log-relative error of McCullough and Vinod (1999).
  void digits(std::string_view name, double published, double ours, double count) {
    within(name, published, ours, std::abs(published) * std::pow(10, -count));
  }
  /// Nothing came out.
  void missing(const Error& error) { tally_.check(error.message, 0, std::nan(""), 0); }

 private:
  Tally& tally_;
};

/// Bollerslev and Ghysels (1996), the benchmark of Brooks, Burke and Persand (2001).
void check_mark_and_pound(const Series& returns, Tally& tally) {
  {
    Estimate estimate(tally, "DEM/GBP, GARCH(1,1)");
    const auto fit = fit_garch(GarchModel::garch, returns);
    if (!fit) return estimate.missing(fit.error());
    const GarchParameters& p = fit->parameters;
    estimate.digits("mu", -0.00619041, p.mean, 4);
    estimate.digits("omega", 0.0107613, p.omega, 4);
    estimate.digits("alpha", 0.153134, p.alpha, 4);
    estimate.digits("beta", 0.805974, p.beta, 4);
    estimate.within("log-likelihood", -1106.607881, fit->log_likelihood, 1e-5);
    estimate.within("next variance", 0.146993, fit->next_variance, 1e-6);
    const std::array<double, 6>& errors = fit->errors.hessian;
    estimate.digits("standard error of mu", 0.00846212, errors[0], 2.5);
    estimate.digits("standard error of omega", 0.00285271, errors[1], 2.5);
    estimate.digits("standard error of alpha", 0.0265228, errors[2], 2.5);
    estimate.digits("standard error of beta", 0.0335527, errors[4], 2.5);
  }
  constexpr EgarchParameters published{.mean = -0.01167873487,
                                       .omega = -0.12633933747,
                                       .sign = -0.03845788444,
                                       .size = 0.33305592776,
                                       .beta = 0.91265373928};
  Estimate estimate(tally, "DEM/GBP, EGARCH(1,1)");
  double there = 0;
  egarch_log_likelihoods(returns, {&published, 1}, {&there, 1});
  estimate.within("log-likelihood at the published point", -1102.25825, there, 5e-6);
  const auto fit = fit_egarch(returns);
  if (!fit) return estimate.missing(fit.error());
  estimate.within("log-likelihood", -1102.25825, fit->log_likelihood, 0.05);
  // Another start of the recursion moves the optimum; by less than a fiftieth of a standard error.
  estimate.within("mu", published.mean, fit->parameters.mean, 0.02 * fit->errors.mean);
  estimate.within("omega", published.omega, fit->parameters.omega, 0.02 * fit->errors.omega);
  estimate.within("sign", published.sign, fit->parameters.sign, 0.02 * fit->errors.sign);
  estimate.within("size", published.size, fit->parameters.size, 0.02 * fit->errors.size);
  estimate.within("beta", published.beta, fit->parameters.beta, 0.02 * fit->errors.beta);
}

/// The commercial benchmarks of rugarch.
void check_alcoa(const Series& returns, Tally& tally) {
  {
    Estimate estimate(tally, "AA, ARMA(2,2)-GARCH(1,1)-t");
    const auto fit = fit_arma_garch(GarchModel::garch_t, {.ar = {0.4, 0.5}, .ma = {-0.4, -0.5}}, returns);
    if (!fit) return estimate.missing(fit.error());
    estimate.within("log-likelihood", 14004.118, fit->log_likelihood, 0.05);
    estimate.within("alpha", 0.044669, fit->variance.alpha, 1e-5);
    estimate.within("beta", 0.949917, fit->variance.beta, 1e-5);
    estimate.within("nu", 6.727497, fit->variance.nu, 1e-3);
  }
  {
    Estimate estimate(tally, "AA, ARMA(1,1)-GJR-t");
    const auto fit = fit_arma_garch(GarchModel::gjr_t, {.ar = {-0.5}, .ma = {0.5}}, returns);
    if (!fit) return estimate.missing(fit.error());
    estimate.within("log-likelihood", 14002, fit->log_likelihood, 0.05);
    estimate.within("alpha", 0.03235, fit->variance.alpha, 1e-5);
    estimate.within("gamma", 0.030108, fit->variance.leverage, 1e-5);
    estimate.within("beta", 0.945559, fit->variance.beta, 1e-5);
  }
  Estimate estimate(tally, "AA, ARMA(1,1)-APARCH-t");
  const auto fit = fit_aparch({.student_t = true}, {.ar = {-0.5}, .ma = {0.5}}, returns);
  if (!fit) return estimate.missing(fit.error());
  estimate.within("log-likelihood", 14011.7, fit->log_likelihood, 0.05);
  estimate.within("beta", 0.952363, fit->variance.beta, 1e-3);
}

/// The examples of the Python package arch.
void check_sp500(const Series& close, Tally& tally) {
  Series returns;
  for (std::size_t i = 1; i < close.size(); ++i) returns.push_back(100 * (close[i] / close[i - 1] - 1));
  constexpr double printed = 5.1e-6;
  for (const GarchModel model : {GarchModel::garch, GarchModel::gjr}) {
    const bool plain = model == GarchModel::garch;
    Estimate estimate(tally, plain ? "S&P 500, GARCH(1,1)" : "S&P 500, GJR");
    const auto fit = fit_garch(model, returns, Presample::backcast);
    if (!fit) return estimate.missing(fit.error());
    const GarchParameters& p = fit->parameters;
    estimate.within("mu", plain ? 0.05635 : 0.01749, p.mean, printed);
    estimate.within("omega", plain ? 0.01751 : 0.01957, p.omega, printed);
    estimate.within("alpha", plain ? 0.10215 : 0, p.alpha, printed);
    estimate.within("gamma", plain ? 0 : 0.18307, p.leverage, printed);
    estimate.within("beta", plain ? 0.88521 : 0.89224, p.beta, printed);
    estimate.within("log-likelihood", plain ? -6936.721 : -6822.882, fit->log_likelihood, 1e-3);
  }
  Estimate estimate(tally, "S&P 500, TARCH");
  const auto fit = fit_aparch({.delta = 1.0, .presample = Presample::backcast}, {}, returns);
  if (!fit) return estimate.missing(fit.error());
  const AparchParameters& p = fit->variance;
  estimate.within("omega", 0.02583, p.omega, printed);
  estimate.within("gamma", 0.17071, p.alpha * (1 + p.gamma), printed);
  estimate.within("beta", 0.90977, p.beta, printed);
  estimate.within("log-likelihood", -6799.178, fit->log_likelihood, 1e-3);
}

/// Returns from open to close and the realised kernel, as variance, in per cent and its square.
void check_spy(const Series& returns, const Series& measures, Tally& tally) {
  {
    Estimate estimate(tally, "SPY, realised GARCH");
    const auto fit = fit_realised_garch(returns, measures);
    if (!fit) return estimate.missing(fit.error());
    const RealisedGarchParameters& p = fit->parameters;
    constexpr double printed = 6e-6;
    estimate.within("omega", 0.07135, p.omega, printed);
    estimate.within("beta", 0.52914, p.beta, printed);
    estimate.within("gamma", 0.43320, p.gamma, printed);
    estimate.within("xi", -0.19549, p.xi, printed);
    estimate.within("phi", 1.02485, p.phi, printed);
    estimate.within("tau_1", -0.06111, p.tau_1, printed);
    estimate.within("tau_2", 0.07450, p.tau_2, printed);
    estimate.within("sigma_u", 0.38328, p.sigma_u, printed);
    estimate.within("log-likelihood", -2740.236, fit->log_likelihood.joint(), 1e-3);
  }
  constexpr std::array<double, 5> levels{0.05387248, 0.66021244, 0.15648744, 0.11543099, 0.74018},
      logs{-0.02958257, 0.41450682, 0.42399771, 0.11814003, 0.78160};
  for (const HarForm form : {HarForm::levels, HarForm::logs}) {
    Estimate estimate(tally, form == HarForm::levels ? "SPY, HAR" : "SPY, log-HAR");
    const auto fit = fit_har({}, form, measures);
    if (!fit) return estimate.missing(fit.error());
    const std::array<double, 5>& published = form == HarForm::levels ? levels : logs;
    estimate.within("constant", published[0], fit->coefficients.constant, 1e-8);
    estimate.within("day", published[1], fit->coefficients.day, 1e-8);
    estimate.within("week", published[2], fit->coefficients.week, 1e-8);
    estimate.within("month", published[3], fit->coefficients.month, 1e-8);
    estimate.within("R squared", published[4], fit->r_squared, 5.1e-6);
  }
}

/// A series by the columns of its file.
struct Known {
  std::string_view name;
  std::vector<std::string_view> columns;  ///< those that are read come first
  std::size_t read, length;
  double first;  ///< number of the first column
};
const std::array<Known, 4>& known_series() {
  static const std::array<Known, 4> all{{{"the mark against the pound", {"ret_pct", "monday"}, 1, 1974, 0.12533286},
                                         {"Alcoa", {"AA", "date"}, 1, 5521, -0.024466052154406448},
                                         {"S&P 500", {"Adj Close", "Date"}, 1, 5031, 1228.099976},
                                         {"SPY", {"SPY_OC", "SPY_RK", "date"}, 2, 1662, 0.0051151006667709}}};
  return all;
}

const Known* known_of(const CsvReader& csv) {
  for (const Known& known : known_series()) {
    const bool all = std::all_of(known.columns.begin(), known.columns.end(),
                                 [&](std::string_view name) { return csv.find(name) != CsvReader::none; });
    if (all) return &known;
  }
  return nullptr;
}

Series times(Series values, double unit) {
  for (double& value : values) value *= unit;
  return values;
}

}  // namespace

bool is_published_series(const CsvReader& csv) { return known_of(csv) != nullptr; }

Result<void> check_published_series(CsvReader& csv, Tally& tally) {
  const Known& known = *known_of(csv);
  std::vector<Series> read(known.read);
  while (TRY(csv.next())) {
    for (std::size_t i = 0; i < read.size(); ++i) read[i].push_back(TRY(csv.real(csv.find(known.columns[i]))));
  }
  if (read[0].size() != known.length || read[0][0] != known.first) {
    for (std::size_t i = 0; i < read[0].size(); ++i) tally.skip();
    tally.note("The columns are those of " + std::string(known.name) + ", the numbers are not.");
    return {};
  }
  tally.name_model("published estimates of " + std::string(known.name));
  if (&known == &known_series()[0]) check_mark_and_pound(read[0], tally);
  if (&known == &known_series()[1]) check_alcoa(read[0], tally);
  if (&known == &known_series()[2]) check_sp500(read[0], tally);
  if (&known == &known_series()[3]) check_spy(times(read[0], 100), times(read[1], 100), tally);
  return {};
}

}  // namespace margrave
