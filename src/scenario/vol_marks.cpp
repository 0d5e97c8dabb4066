#include "scenario/vol_marks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "math/elementary.h"
#include "volatility/symmetric_matrix.h"

namespace margrave {
namespace {

constexpr double month_days = 30, least_days = 1, most_widths = 3;

/// An expiry's vol at the money.
struct Term {
  double days{0}, distance{0}, vol{0};  ///< distance: of the strike from the forward
};

std::map<Timestamp, Term> terms_of(const Chain& chain, const std::string& underlying) {
  std::map<Timestamp, Term> terms;
  for (const ChainQuote& quote : chain.quotes) {
    const Instrument& option = quote.instrument.terms;
    if (option.kind != Kind::option || quote.instrument.underlying != underlying) continue;
    const double days = 365 * years_between(chain.time, option.expiry);
    if (!(days > 1.0 / 24) || !(quote.mark_vol > 0) || !(quote.underlying_price > 0)) continue;
    const double distance = std::fabs(option.strike.to_double() - quote.underlying_price);
    const auto [at, fresh] = terms.try_emplace(option.expiry, Term{days, distance, quote.mark_vol});
    if (!fresh && distance < at->second.distance) at->second = {days, distance, quote.mark_vol};
  }
  return terms;
}

/// What a contract's log move of vol is a sum of, by component.
std::array<double, vol_components.size()> parts_of(const VolMark& mark) {
  return {mark.level_scale, mark.place.x, mark.place.x * mark.place.x, mark.place.u};
}

}  // namespace

VolMarks vol_marks(const Chain& chain, const std::string& underlying) {
  VolMarks marks;
  for (const ChainQuote& quote : chain.quotes) {
    const Instrument& option = quote.instrument.terms;
    if (option.kind != Kind::option || quote.instrument.underlying != underlying) continue;
    if (!(quote.mark_vol > 0) || !(quote.underlying_price > 0)) continue;
    const double strike = option.strike.to_double();
    const std::int64_t seconds = seconds_between(chain.time, option.expiry);
    if (option.is_call != (strike >= quote.underlying_price)) continue;
    const double log_moneyness = stable_log(strike / quote.underlying_price);
    const double months = static_cast<double>(seconds) / (month_days * static_cast<double>(seconds_per_day));
    const bool tells = months >= least_days / month_days &&
                       std::fabs(log_moneyness) <= most_widths * usual_surface_width * __builtin_sqrt(months);
    marks.emplace(std::pair(option.expiry, strike),
                  VolMark{stable_log(quote.mark_vol), vol_term_scale(level_term, seconds),
                          surface_place(usual_surface_width, log_moneyness, seconds), tells});
  }
  return marks;
}

VolMove vol_moved(const VolMarks& before, const VolMarks& after) {
  constexpr std::size_t n = vol_components.size();
  SymmetricMatrix products(n);
  std::vector<double> right(n);
  std::size_t count = 0;
  std::set<Timestamp> expiries;
  for (const auto& [contract, mark] : before) {
    const auto later = after.find(contract);
    if (!mark.tells || later == after.end()) continue;
    ++count;
    expiries.insert(contract.first);
    const auto parts = parts_of(mark);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) products.set(i, j, products(i, j) + parts[i] * parts[j]);
      right[i] += parts[i] * (later->second.log_vol - mark.log_vol);
    }
  }
  VolMove moved{absent, absent, absent, absent};
  if (count < least_vol_marks || expiries.size() < 2) return moved;
  const auto solution = solve(products, right);
  if (solution) std::copy(solution->begin(), solution->end(), moved.begin());
  return moved;
}

double month_level(const Chain& chain, const std::string& underlying) {
  const std::map<Timestamp, Term> terms = terms_of(chain, underlying);
  const Term* before = nullptr;
  for (const auto& [unused, term] : terms) {
    if (term.days < month_days) {
      before = &term;
      continue;
    }
    if (before == nullptr) return term.vol;
    const double share = (month_days - before->days) / (term.days - before->days);
    const double variance =
        (1 - share) * before->vol * before->vol * before->days + share * term.vol * term.vol * term.days;
    return __builtin_sqrt(variance / month_days);
  }
  return before == nullptr ? absent : before->vol;
}

}  // namespace margrave
