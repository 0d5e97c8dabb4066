#include "chains/modelled_shape.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "math/elementary.h"
#include "scenario/vol_marks.h"

namespace margrave {
namespace {

constexpr std::size_t rows = SmileShape::days.size(), columns = SmileShape::columns, middle = columns / 2;
constexpr double year_days = 365, month_years = 30 / year_days;
constexpr double least_days = 0.25;      ///< shorter options are all time value and no smile
constexpr std::size_t least_points = 5;  ///< strikes of an expiry with a smile

/// One expiry's ln(vol / level) by z; absent beyond its strikes.
struct Curve {
  double log_days{0};
  std::array<double, columns> log_ratio{};
};

double interpolated(const std::map<double, double>& points, double z) {
  const auto above = points.lower_bound(z);
  if (above == points.end()) return absent;
  if (above->first == z) return above->second;
  if (above == points.begin()) return absent;
  const auto below = std::prev(above);
  const double share = (z - below->first) / (above->first - below->first);
  return (1 - share) * below->second + share * above->second;
}

/// The curves of a chain's expiries, ascending.
std::vector<Curve> curves_of(const Chain& chain, const std::string& underlying, double level) {
  std::map<Timestamp, std::map<double, double>> points;
  for (const ChainQuote& quote : chain.quotes) {
    const Instrument& option = quote.instrument.terms;
    if (option.kind != Kind::option || quote.instrument.underlying != underlying) continue;
    const double years = years_between(chain.time, option.expiry), strike = option.strike.to_double();
    if (year_days * years < least_days || !(quote.mark_vol > 0) || !(quote.underlying_price > 0)) continue;
    if (option.is_call != (strike >= quote.underlying_price)) continue;
    const double z = stable_log(strike / quote.underlying_price) / (level * __builtin_sqrt(years));
    points[option.expiry].emplace(z, stable_log(quote.mark_vol / level));
  }
  std::vector<Curve> curves;
  for (const auto& [expiry, smile] : points) {
    if (smile.size() < least_points) continue;
    Curve curve;
    curve.log_days = stable_log(year_days * years_between(chain.time, expiry));
    for (std::size_t c = 0; c < columns; ++c) curve.log_ratio[c] = interpolated(smile, SmileShape::z_of(c));
    curves.push_back(curve);
  }
  return curves;
}

/// The two curves around so many days, nullptr where there are none on both sides.
std::pair<const Curve*, const Curve*> around(const std::vector<Curve>& curves, double log_days) {
  for (std::size_t i = 0; i + 1 < curves.size(); ++i) {
    if (curves[i].log_days <= log_days && log_days <= curves[i + 1].log_days) return {&curves[i], &curves[i + 1]};
  }
  return {nullptr, nullptr};
}

}  // namespace

double SmileShape::at(double z, double years) const {
  const double column = std::clamp(z / step + middle, 0.0, static_cast<double>(columns - 1));
  const auto c = std::min(static_cast<std::size_t>(column), columns - 2);
  const double across = column - static_cast<double>(c);
  const auto on_row = [&](std::size_t r) { return (1 - across) * log_ratio[r][c] + across * log_ratio[r][c + 1]; };
  const double of = year_days * years;
  if (!(of > days.front())) return on_row(0);
  if (of >= days.back()) return on_row(rows - 1);
  const auto above = static_cast<std::size_t>(std::upper_bound(days.begin(), days.end(), of) - days.begin());
  const double low = stable_log(days[above - 1]), high = stable_log(days[above]);
  const double share = (stable_log(of) - low) / (high - low);
  return (1 - share) * on_row(above - 1) + share * on_row(above);
}

double level_of_index(const SmileShape& shape, double index_vol) {
  std::array<double, columns> ratio{};
  for (std::size_t c = 0; c < columns; ++c) ratio[c] = stable_exp(shape.at(SmileShape::z_of(c), month_years));
  const double root = __builtin_sqrt(month_years);
  double level = index_vol;
  // The ratio of the variance to the level squared hardly moves with the level: each step leaves a hundredth or less.
  for (int i = 0; i < 30; ++i) {
    double variance = 0, above = 0, before = 0;
    for (std::size_t c = 0; c < columns; ++c) {
      const double vol = level * ratio[c];
      const double beyond = normal_cdf(-SmileShape::z_of(c) / ratio[c] - 0.5 * vol * root);  // falls with z
      // Of the first column all strikes below it.
      variance += c == 0 ? vol * vol * (1 - beyond) : 0.5 * (before * before + vol * vol) * (above - beyond);
      above = beyond;
      before = vol;
    }
    variance += before * before * above;
    level *= index_vol / __builtin_sqrt(variance);
  }
  return level;
}

void MeanShape::add(const Chain& chain) {
  const double level = month_level(chain, underlying_);
  if (!(level > 0)) return;
  const std::vector<Curve> curves = curves_of(chain, underlying_, level);
  bool counted = false;
  for (std::size_t r = 0; r < rows; ++r) {
    const double log_days = stable_log(SmileShape::days[r]);
    const auto [before, after] = around(curves, log_days);
    if (before == nullptr) continue;
    const double share = (log_days - before->log_days) / (after->log_days - before->log_days);
    for (std::size_t c = 0; c < columns; ++c) {
      const double value = (1 - share) * before->log_ratio[c] + share * after->log_ratio[c];
      if (std::isnan(value)) continue;
      sum_[r][c] += value;
      ++count_[r][c];
      counted = true;
    }
  }
  if (!counted) return;
  first_ = chains_ == 0 ? chain.time : std::min(first_, chain.time);
  last_ = chains_ == 0 ? chain.time : std::max(last_, chain.time);
  ++chains_;
}

Result<SmileShape> MeanShape::mean() const {
  const std::size_t least = std::max<std::size_t>(1, chains_ / 10);
  SmileShape shape;
  std::array<bool, rows> has{};
  for (std::size_t r = 0; r < rows; ++r) {
    has[r] = count_[r][middle] >= least;
    if (!has[r]) continue;
    const auto fill = [&](std::size_t c, std::size_t towards_money) {
      shape.log_ratio[r][c] =
          count_[r][c] >= least ? sum_[r][c] / static_cast<double>(count_[r][c]) : shape.log_ratio[r][towards_money];
    };
    for (std::size_t c = middle; c < columns; ++c) fill(c, c - 1);
    for (std::size_t c = middle; c-- > 0;) fill(c, c + 1);
  }
  if (std::none_of(has.begin(), has.end(), [](bool one) { return one; })) {
    return fail({.message = "no recorded chain has a smile of " + underlying_,
                 .field = "--chains",
                 .remedy = "give chains with options on it that have a mark vol and several expiries"});
  }
  for (std::size_t r = 0; r < rows; ++r) {
    if (has[r]) continue;
    std::size_t nearest = rows;
    for (std::size_t other = 0; other < rows; ++other) {
      const auto far = [&](std::size_t of) { return of > r ? of - r : r - of; };
      if (has[other] && (nearest == rows || far(other) < far(nearest))) nearest = other;
    }
    shape.log_ratio[r] = shape.log_ratio[nearest];
  }
  return shape;
}

}  // namespace margrave
