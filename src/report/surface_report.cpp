#include "report/surface_report.h"

#include <fmt/core.h>

#include <cmath>
#include <map>

#include "market/svi.h"

namespace margrave {
namespace {

std::string number(double value, int decimals) {
  return value == value ? fmt::format("{:.{}f}", value, decimals) : "-";
}

std::string points(double vol) { return number(100 * vol, 2); }

double at_the_money(const SviSlice& slice, double years) { return std::sqrt(total_variance(slice, 0) / years); }

void findings_by_kind(const MarketState& state, std::string& out) {
  std::map<Finding::Kind, int> counts;
  for (const Finding& finding : state.findings) ++counts[finding.kind];
  out += "findings:";
  for (const auto& [kind, count] : counts) out += fmt::format(" {} {},", count, to_string(kind));
  if (counts.empty()) {
    out += " none\n";
  } else {
    out.back() = '\n';
  }
}

void heading(const Market& market, UnderlyingId id, std::string& out) {
  const double index = market.state.underlyings.at(id.index()).index;
  out += fmt::format("{} at {}, index {:.2f}\n", market.registry[id].name, to_string(market.state.as_of), index);
}

std::string row(const ExpiryFit& fit) {
  std::string out = fmt::format("  {:<11}{:>8.2f}{:>12.2f} {:<7}", to_date(fit.expiry), fit.years * 365,
                                fit.forward.forward, to_string(fit.forward.source));
  if (!fit.smile) return out + "  no options\n";
  const SmileFit& smile = *fit.smile;
  out += fmt::format("{:>8}{:>7}{:>7}{:>8}{:>11}{:>6}{:>6}  {}{}\n", points(at_the_money(smile.slice, fit.years)),
                     points(smile.rms), points(smile.max_error), number(smile.min_g, 4), number(smile.calendar, 7),
                     smile.quoted, smile.marked, to_string(smile.source), smile.last_resort ? ", last resort" : "");
  return out;
}

}  // namespace

std::string surface_report(const ChainMarket& market) {
  std::string out;
  const ExpiryFit* before = nullptr;
  for (const ExpiryFit& fit : market.fits) {
    if (!before || before->underlying != fit.underlying) {
      if (before) out += "\n";
      heading(market.market, fit.underlying, out);
      out += "  expiry         days     forward from        atm    rms    max   min g   calendar quoted marks  smile\n";
    }
    out += row(fit);
    before = &fit;
  }
  out +=
      "\natm, rms and max in vol points (percent a year); calendar: least distance in total variance to the next "
      "expiry\n";
  findings_by_kind(market.market.state, out);
  return out;
}

std::string surface_report(const Market& market) {
  std::string out;
  for (std::size_t i = 0; i < market.registry.underlyings().size(); ++i) {
    const UnderlyingState& state = market.state.underlyings[i];
    heading(market, UnderlyingId{static_cast<std::uint32_t>(i)}, out);
    out += "  expiry         days     forward     atm    rms   min g   calendar  smile\n";
    for (std::size_t e = 0; e < state.expiries.size(); ++e) {
      const ExpiryState& expiry = state.expiries[e];
      const double years = years_between(market.state.as_of, expiry.expiry);
      out += fmt::format("  {:<11}{:>8.2f}{:>12.2f}", to_date(expiry.expiry), years * 365, expiry.forward);
      if (!expiry.smile) {
        out += "  no smile\n";
        continue;
      }
      const bool next = e + 1 < state.expiries.size() && state.expiries[e + 1].smile;
      const double calendar = next ? calendar_margin(*expiry.smile, *state.expiries[e + 1].smile) : absent;
      out += fmt::format("{:>8}{:>7}{:>8}{:>11}  {}\n", points(at_the_money(*expiry.smile, years)),
                         points(expiry.fit_error), number(min_butterfly(*expiry.smile), 4), number(calendar, 7),
                         expiry.last_resort ? "last resort" : "given");
    }
  }
  findings_by_kind(market.state, out);
  return out;
}

std::string survey_report(const FitSurvey& survey, std::size_t worst) {
  std::string out =
      fmt::format("{} chains, {} smiles: {} with an arbitrage left, {} blended, {} last resorts ({:.2f} %)\n",
                  survey.chains, survey.fits, survey.violations, survey.blended, survey.last_resorts,
                  survey.fits == 0 ? 0.0 : 100.0 * survey.last_resorts / survey.fits);
  out += fmt::format("RMS in vol points over {} smiles beyond two days: median {}, 95 % {}, worst {}\n",
                     survey.measured.size(), points(survey.rms_quantile(0.5)), points(survey.rms_quantile(0.95)),
                     points(survey.rms_quantile(1)));
  if (worst == 0) return out;
  out += "  underlying  as of                     expiry       quoted    rms    max\n";
  for (const SurveyedFit& fit : survey.worst(worst)) {
    out += fmt::format("  {:<12}{:<26}{:<11}{:>8}{:>7}{:>7}\n", fit.underlying, to_string(fit.as_of),
                       to_date(fit.expiry), fit.quoted, points(fit.rms), points(fit.max_error));
  }
  return out;
}

}  // namespace margrave
