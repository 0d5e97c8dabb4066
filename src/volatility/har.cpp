#include "volatility/har.h"

#include "base/check.h"
#include "math/elementary.h"
#include "volatility/least_squares.h"
#include "volatility/series.h"

namespace margrave {
namespace {

double in_form(HarForm form, double measure) { return form == HarForm::levels ? measure : stable_log(measure); }

/// value(i) is the value i steps before the last one, in the form asked for.
template <class Value>
HarRow row_of(const HarSpans& spans, const Value& value) {
  double sum = 0;
  HarRow row;
  for (std::size_t i = 0; i < spans.month; ++i) {
    sum += value(i);
    if (i == 0) row.day = sum;
    if (i + 1 == spans.week) row.week = sum / static_cast<double>(spans.week);
  }
  row.month = sum / static_cast<double>(spans.month);
  return row;
}

double linear(const HarCoefficients& c, const HarRow& row) {
  return c.constant + c.day * row.day + c.week * row.week + c.month * row.month;
}

}  // namespace

Result<HarAverages> HarAverages::start(const HarSpans& spans, HarForm form) {
  if (spans.week < 1 || spans.week > spans.month || spans.month > 4096) {
    return fail({.kind = ErrorKind::config,
                 .message = "the spans of a HAR model do not rise",
                 .field = "spans",
                 .remedy = "use 1 <= week <= month <= 4096"});
  }
  return HarAverages(spans, form);
}

Result<void> HarAverages::update(double measure) {
  TRY_VOID(check_positive(measure, "measure"));
  ring_[next_] = in_form(form_, measure);
  next_ = next_ + 1 == spans_.month ? 0 : next_ + 1;
  ++count_;
  return {};
}

HarRow HarAverages::row() const {
  CHECK(ready());
  return row_of(spans_,
                [this](std::size_t i) { return ring_[next_ > i ? next_ - 1 - i : next_ + spans_.month - 1 - i]; });
}

Result<std::vector<HarRow>> har_rows(const HarSpans& spans, HarForm form, std::span<const double> measures) {
  TRY_VOID(HarAverages::start(spans, form));
  TRY_VOID(check_positive_series(measures, "measures", 0));
  std::vector<double> values;
  for (const double measure : measures) values.push_back(in_form(form, measure));
  std::vector<HarRow> rows;
  for (std::size_t last = spans.month - 1; last < values.size(); ++last) {
    rows.push_back(row_of(spans, [&](std::size_t i) { return values[last - i]; }));
  }
  return rows;
}

double har_forecast(const HarCoefficients& coefficients, HarForm form, const HarRow& row) {
  const double value = linear(coefficients, row);
  return form == HarForm::levels ? value : stable_exp(value) * coefficients.smearing;
}

Result<HarFit> fit_har(const HarSpans& spans, HarForm form, std::span<const double> measures) {
  const std::vector<HarRow> rows = TRY(har_rows(spans, form, measures));
  TRY_VOID(check_series(measures, "measures", spans.month + 30));
  std::vector<double> cells, targets;
  for (std::size_t i = 0; i + 1 < rows.size(); ++i) {
    cells.insert(cells.end(), {rows[i].day, rows[i].week, rows[i].month});
    targets.push_back(rows[i + 1].day);
  }
  const LinearFit linear_fit = TRY(least_squares(cells, targets, 3));
  HarFit fit{.coefficients = {.constant = linear_fit.constant,
                              .day = linear_fit.slopes[0],
                              .week = linear_fit.slopes[1],
                              .month = linear_fit.slopes[2]},
             .r_squared = linear_fit.r_squared,
             .count = targets.size()};
  if (form == HarForm::levels) return fit;
  double sum = 0;
  for (const double residual : linear_fit.residuals) sum += stable_exp(residual);
  fit.coefficients.smearing = sum / static_cast<double>(targets.size());
  return fit;
}

}  // namespace margrave
