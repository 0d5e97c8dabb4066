#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "base/result.h"

namespace margrave {

/// Spans of the averages in steps: a week and a month of trading days; 7 and 30 for markets that never close.
struct HarSpans {
  std::size_t week{5}, month{22};
};

enum class HarForm : unsigned char {
  levels,  ///< the measure itself
  logs,    ///< its logarithm, for the averages and the target
};

/// What a forecast reads: the last value and the means of the last week and month, of measures or of their logarithms.
struct HarRow {
  double day{0}, week{0}, month{0};
};

/// measure = constant + day d + week w + month m of the step before.
/// Source: Corsi (2009), eq. 8; in logarithms, Corsi (2009) and Andersen, Bollerslev and Diebold (2007).
struct HarCoefficients {
  double constant{0}, day{0}, week{0}, month{0};
  /// Mean of e^residual, by which a forecast in logarithms is corrected (Duan 1983); 1 in levels.
  double smearing{1};
};

/// The averages of a stream of measures. Each update reads the last `month` values in time order, so the result
/// depends on them alone: nothing accumulates. Same bits on every machine.
class HarAverages {
 public:
  /// Errors: 1 <= week <= month <= 4096 is not met.
  static Result<HarAverages> start(const HarSpans& spans, HarForm form);

  /// A realised measure of variance, > 0. Errors: not a finite number above 0; the state is then unchanged.
  Result<void> update(double measure);
  /// True after `month` measures.
  bool ready() const { return count_ >= spans_.month; }
  /// CHECK: ready().
  HarRow row() const;

 private:
  HarAverages(const HarSpans& spans, HarForm form) : spans_(spans), form_(form), ring_(spans.month) {}
  HarSpans spans_;
  HarForm form_;
  std::vector<double> ring_;
  std::size_t count_{0}, next_{0};
};

/// measures[n] -> n - month + 1 rows, the i-th known after measures[i + month - 1]; none when n < month.
/// The bits are HarAverages'.
Result<std::vector<HarRow>> har_rows(const HarSpans& spans, HarForm form, std::span<const double> measures);

/// Forecast of the next measure, a variance, from the row known now; in logs e^(linear) smearing.
double har_forecast(const HarCoefficients& coefficients, HarForm form, const HarRow& row);

struct HarFit {
  HarCoefficients coefficients;
  double r_squared{0};  ///< of the regression, in its own form
  std::size_t count{0};
};

/// Ordinary least squares; measures[n], n >= month + 30. Errors: check_positive_series, least_squares.
Result<HarFit> fit_har(const HarSpans& spans, HarForm form, std::span<const double> measures);

}  // namespace margrave
