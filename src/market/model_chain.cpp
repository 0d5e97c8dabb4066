#include "market/model_chain.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "base/random.h"
#include "market/quote_vol.h"

namespace margrave {
namespace {

/// SSVI with a power law, free of arbitrage for these numbers (Gatheral and Jacquier 2014, theorem 4.1 and 4.2):
/// w(k) = theta / 2 (1 + rho phi k + sqrt((phi k + rho)^2 + 1 - rho^2)), phi = eta theta^-1/2 (1 + theta)^-1/2.
double model_variance(double theta, double k) {
  constexpr double rho = -0.25, eta = 0.9;
  const double phi = eta / std::sqrt(theta * (1 + theta));
  const double shifted = phi * k + rho;
  return 0.5 * theta * (1 + rho * phi * k + std::sqrt(shifted * shifted + 1 - rho * rho));
}

Listing listing(const ModelChain& model, Kind kind, Timestamp expiry) {
  Listing result{.underlying = model.coin, .coin = model.coin, .settlement = model.coin};
  Instrument& terms = result.terms;
  terms.kind = kind;
  terms.style = Style::inverse;
  terms.expiry = expiry;
  terms.contract_size = {1, 0};
  terms.lot = kind == Kind::option ? Decimal{1, 1} : Decimal{10, 0};
  terms.tick = kind == Kind::option ? Decimal{1, 4} : Decimal{5, 1};
  std::string day = to_date(expiry);
  std::erase(day, '-');
  terms.name = model.coin + "-" + (kind == Kind::perpetual ? "PERPETUAL" : day);
  return result;
}

/// Strikes as venues set them: round, closer near the money; two significant digits of the width.
double round_strike(double strike, double width) {
  const double step = std::pow(10.0, std::floor(std::log10(width)));
  return std::max(std::round(strike / step), 1.0) * step;
}

class Maker {
 public:
  explicit Maker(const ModelChain& model) : model_(model), random_{.seed = model.seed} {}

  Chain run() {
    chain_ = {.source = "model chain", .time = model_.as_of, .quotes = {}};
    add_forward(listing(model_, Kind::perpetual, {}), model_.index);
    for (int i = 0; i < model_.expiries; ++i) add_expiry(i);
    return chain_;
  }

 private:
  void add_forward(Listing what, double price) {
    ChainQuote quote{.instrument = std::move(what),
                     .bid = price * 0.9999,
                     .bid_size = 50'000,
                     .ask = price * 1.0001,
                     .ask_size = 50'000,
                     .mark = price,
                     .index = model_.index,
                     .time = model_.as_of};
    if (quote.instrument.terms.kind == Kind::perpetual) quote.funding_rate = 0.0001;
    quote.open_interest = 1e6;
    chain_.quotes.push_back(std::move(quote));
  }

  void add_expiry(int i) {
    const double share = model_.expiries > 1 ? static_cast<double>(i) / (model_.expiries - 1) : 0;
    const auto days =
        std::max(static_cast<std::int64_t>(std::round(std::pow(730.0, share))), static_cast<std::int64_t>(i + 1));
    const Timestamp expiry = Timestamp::from_seconds(model_.as_of.ns / 1'000'000'000 + days * seconds_per_day);
    const double years = years_between(model_.as_of, expiry), forward = model_.index * std::exp(0.04 * years);
    add_forward(listing(model_, Kind::future, expiry), forward);
    const double theta = years * model_.vol * model_.vol * (1 - 0.2 * std::exp(-4 * years)), width = std::sqrt(theta);
    const int strikes = std::max(model_.options / (2 * model_.expiries), 1);
    std::set<std::int64_t> taken;
    for (int j = 0; j < strikes; ++j) {
      const double z = strikes > 1 ? -3 + 6 * static_cast<double>(j) / (strikes - 1) : 0;
      const double strike = round_strike(forward * std::exp(z * width), forward * width * 6 / strikes);
      if (!taken.insert(static_cast<std::int64_t>(std::llround(strike * 100))).second) continue;
      add_strike(expiry, forward, strike, theta);
    }
  }

  void add_strike(Timestamp expiry, double forward, double strike, double theta) {
    const double years = years_between(model_.as_of, expiry), k = std::log(strike / forward);
    const double vol = std::sqrt(model_variance(theta, k) / years) + model_.noise * (2 * random_.uniform() - 1);
    for (const bool call : {false, true}) {
      ChainQuote quote{.instrument = listing(model_, Kind::option, expiry),
                       .underlying_price = forward,
                       .index = model_.index,
                       .time = model_.as_of};
      Instrument& terms = quote.instrument.terms;
      terms.is_call = call;
      terms.strike = Decimal{std::llround(strike * 100), 2};
      terms.name += "-" + terms.strike.to_string() + (call ? "-C" : "-P");
      const PricedOption option{.terms = &terms, .forward = forward, .years = years};
      quote.mark_vol = std::round(vol * 1e4) / 1e4;
      quote.mark = std::round(price_of_vol(option, quote.mark_vol) * 1e8) / 1e8;
      quote.bid = std::floor(price_of_vol(option, vol - model_.half_spread) * 1e4) / 1e4;
      quote.ask = std::ceil(price_of_vol(option, vol + model_.half_spread) * 1e4) / 1e4;
      if (!(quote.bid > 0)) quote.bid = absent;
      quote.bid_size = quote.ask_size = 10;
      quote.open_interest = std::round(1000 * std::exp(-2 * k * k / theta));
      chain_.quotes.push_back(std::move(quote));
    }
  }

  const ModelChain& model_;
  Random random_;
  Chain chain_;
};

}  // namespace

Chain model_chain(const ModelChain& model) { return Maker(model).run(); }

}  // namespace margrave
