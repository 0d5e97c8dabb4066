#include "market/surface.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "market/svi.h"
#include "math/elementary.h"

namespace margrave {
namespace {

struct Node {
  double years;
  double variance;
};

Node node_at(const ExpiryState& expiry, Timestamp as_of, double k) {
  return {.years = years_between(as_of, expiry.expiry), .variance = std::max(total_variance(*expiry.smile, k), 0.0)};
}

double along(const Node& from, const Node& to, double years) {
  if (!(to.years > from.years)) return to.variance;  // two expiries within one second
  return from.variance + (to.variance - from.variance) * (years - from.years) / (to.years - from.years);
}

}  // namespace

std::optional<double> surface_variance(const UnderlyingState& state, Timestamp as_of, Timestamp expiry, double k) {
  const double years = years_between(as_of, expiry);
  if (!(years > 0)) return std::nullopt;
  const ExpiryState* before = nullptr;  // the last smile at or before the expiry
  const ExpiryState* before_that = nullptr;
  for (const ExpiryState& each : state.expiries) {
    if (!each.smile || each.expiry <= as_of) continue;
    const Node here = node_at(each, as_of, k);
    if (each.expiry == expiry) return here.variance;
    if (each.expiry > expiry) {
      if (!before) return here.variance * years / here.years;
      return along(node_at(*before, as_of, k), here, years);
    }
    before_that = before;
    before = &each;
  }
  if (!before) return std::nullopt;
  const Node last = node_at(*before, as_of, k);
  if (!before_that) return last.variance * years / last.years;
  return std::max(along(node_at(*before_that, as_of, k), last, years), last.variance);
}

std::optional<double> surface_vol(const UnderlyingState& state, Timestamp as_of, Timestamp expiry, double k) {
  const std::optional<double> variance = surface_variance(state, as_of, expiry, k);
  if (!variance) return std::nullopt;
  return std::sqrt(*variance / years_between(as_of, expiry));
}

std::optional<double> vol_of(const Market& market, InstrumentId option) {
  const Instrument& terms = market.registry[option];
  CHECK(terms.kind == Kind::option);
  const double mark = market.state.instruments.at(option.index()).vol;
  const bool marked = mark == mark;
  if (marked && market.state.prefer == VolSource::mark) return mark;
  std::optional<double> vol;
  const ExpiryState* expiry = expiry_of(market, terms);
  if (expiry && expiry->forward > 0) {
    const double k = stable_log_ratio(terms.strike.to_double(), expiry->forward);
    vol = surface_vol(market.state.underlyings.at(terms.underlying.index()), market.state.as_of, terms.expiry, k);
  }
  if (!vol && marked) return mark;
  return vol;
}

Finding borrowed_vol(const std::string& option) {
  return {.kind = Finding::Kind::assumed, .subject = option, .text = "no vol is given; it comes from the surface"};
}

}  // namespace margrave
