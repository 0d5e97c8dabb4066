#include "chains/modelled_listing.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "math/elementary.h"

namespace margrave {
namespace {

constexpr int expiry_hour = 8, days_listed = 2, fridays = 4, months = 3, quarters = 4;
constexpr double inner = 1, outer = 3, most_factor = 4;
constexpr std::int64_t outer_steps = 5;
constexpr std::int64_t day_ns = seconds_per_day * 1'000'000'000;

/// 1970-01-01 was a Thursday.
bool is_friday(Timestamp at) { return at.ns / day_ns % 7 == 1; }

/// The last Friday of a month, which may count on beyond December.
Timestamp last_friday(int year, int month) {
  const Timestamp next_month = Timestamp::from_civil(year + month / 12, month % 12 + 1, 1, expiry_hour);
  Timestamp day{next_month.ns - day_ns};
  while (!is_friday(day)) day.ns -= day_ns;
  return day;
}

/// The largest 1, 2 or 5 times a power of ten that is at most `most`.
struct RoundStep {
  std::int64_t units{1};
  int decimals{0};
  double value{1};
};
RoundStep round_step(double most) {
  RoundStep step;
  double power = 1;
  std::int64_t units = 1;
  while (power * 10 <= most && units < 1'000'000'000'000) power *= 10, units *= 10;
  while (power > most && step.decimals < 12) power /= 10, ++step.decimals;
  const std::int64_t times = power * 5 <= most ? 5 : power * 2 <= most ? 2 : 1;
  step.units = units * times;
  step.value = power * static_cast<double>(times);
  return step;
}

}  // namespace

std::vector<Timestamp> modelled_expiries(Timestamp at) {
  std::set<Timestamp> all;
  const CivilDate today = civil_date(at);
  Timestamp day = Timestamp::from_civil(today.year, today.month, today.day, expiry_hour);
  int listed_days = 0, listed_fridays = 0;
  for (; listed_days < days_listed || listed_fridays < fridays; day.ns += day_ns) {
    if (day <= at) continue;
    if (listed_days < days_listed) all.insert(day), ++listed_days;
    if (is_friday(day) && listed_fridays < fridays) all.insert(day), ++listed_fridays;
  }
  int listed_months = 0, listed_quarters = 0;
  for (int month = today.month; listed_months < months || listed_quarters < quarters; ++month) {
    const Timestamp last = last_friday(today.year + (month - 1) / 12, (month - 1) % 12 + 1);
    if (last <= at) continue;
    if (listed_months < months) all.insert(last), ++listed_months;
    if (month % 3 == 0 && listed_quarters < quarters) all.insert(last), ++listed_quarters;
  }
  return {all.begin(), all.end()};
}

std::vector<Decimal> modelled_strikes(double forward, double years) {
  std::vector<Decimal> strikes;
  if (!(forward > 0) || !(years > 0)) return strikes;
  const double days = 365 * years, root = __builtin_sqrt(years);
  const RoundStep step = round_step(forward * (days <= 35 ? 0.02 : days <= 100 ? 0.05 : 0.1));
  const double factor = std::min(most_factor, stable_exp(outer * root)), near = stable_exp(inner * root);
  const auto first = std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(forward / factor / step.value)));
  const auto last = static_cast<std::int64_t>(std::floor(forward * factor / step.value));
  for (std::int64_t k = first; k <= last; ++k) {
    const double strike = static_cast<double>(k) * step.value;
    const bool is_near = strike * near >= forward && strike <= forward * near;
    if (is_near || k % outer_steps == 0) strikes.push_back(Decimal{k * step.units, step.decimals});
  }
  return strikes;
}

}  // namespace margrave
