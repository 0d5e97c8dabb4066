#include "peers.h"

#include <ql/exercise.hpp>
#include <ql/instruments/vanillaoption.hpp>
#include <ql/pricingengines/blackcalculator.hpp>
#include <ql/pricingengines/blackformula.hpp>
#include <ql/pricingengines/vanilla/analyticeuropeanengine.hpp>
#include <ql/processes/blackscholesprocess.hpp>
#include <ql/quotes/simplequote.hpp>
#include <ql/settings.hpp>
#include <ql/termstructures/volatility/equityfx/blackconstantvol.hpp>
#include <ql/termstructures/yield/flatforward.hpp>
#include <ql/time/calendars/nullcalendar.hpp>
#include <ql/time/daycounters/actual365fixed.hpp>

#include <cmath>

namespace margrave::quantlib {

namespace ql = QuantLib;

void black_calls(double forward, const double* strikes, const double* total_vols, double* out, std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) out[i] = ql::blackFormula(ql::Option::Call, strikes[i], forward, total_vols[i]);
}

void implied_total_vols(double forward, const double* strikes, const double* prices, double accuracy, double* out,
                        std::size_t n) {
  for (std::size_t i = 0; i < n; ++i) {
    try {
      out[i] = ql::blackFormulaImpliedStdDevLiRS(ql::Option::Call, strikes[i], forward, prices[i], 1.0, 0.0,
                                                 ql::Null<ql::Real>(), 1.0, accuracy);
    } catch (const ql::Error&) {  // it did not settle to that accuracy
      out[i] = std::nan("");
    }
  }
}

Greeks greeks(bool is_call, double forward, double strike, double expiry, double vol, double discount) {
  const ql::BlackCalculator black(is_call ? ql::Option::Call : ql::Option::Put, strike, forward,
                                  vol * std::sqrt(expiry), discount);
  return {black.value(), black.deltaForward(), black.gammaForward(), black.vega(expiry)};
}

void engine_bumps(double strike, double expiry_days, double vol, const double* spots, double* out, std::size_t n) {
  const ql::Date today(1, ql::January, 2024);
  ql::Settings::instance().evaluationDate() = today;
  const ql::DayCounter days = ql::Actual365Fixed();
  const auto spot = ql::ext::make_shared<ql::SimpleQuote>(strike);
  const ql::Handle<ql::YieldTermStructure> rate(ql::ext::make_shared<ql::FlatForward>(today, 0.0, days));
  const ql::Handle<ql::BlackVolTermStructure> smile(
      ql::ext::make_shared<ql::BlackConstantVol>(today, ql::NullCalendar(), vol, days));
  const auto process =
      ql::ext::make_shared<ql::BlackScholesMertonProcess>(ql::Handle<ql::Quote>(spot), rate, rate, smile);
  ql::VanillaOption option(ql::ext::make_shared<ql::PlainVanillaPayoff>(ql::Option::Call, strike),
                           ql::ext::make_shared<ql::EuropeanExercise>(today + static_cast<ql::Integer>(expiry_days)));
  option.setPricingEngine(ql::ext::make_shared<ql::AnalyticEuropeanEngine>(process));
  for (std::size_t i = 0; i < n; ++i) {
    spot->setValue(spots[i]);
    out[i] = option.NPV();
  }
}

}  // namespace margrave::quantlib
