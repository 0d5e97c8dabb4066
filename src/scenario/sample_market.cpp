#include "scenario/sample_market.h"

#include "base/random.h"
#include "math/elementary.h"

namespace margrave {
namespace {

template <class T>
T sure(Result<T> result) {
  CHECK(result.has_value());
  return *std::move(result);
}

double between(Random& random, double low, double high) { return low + (high - low) * random.uniform(); }

/// A smile without butterfly arbitrage: gentle slopes, a positive bottom.
SviSlice sample_smile(Random& random, double years) {
  const double vol = between(random, 0.35, 0.8);
  const double variance = vol * vol * years;
  return {.a = 0.7 * variance,
          .b = 0.25 * variance,
          .rho = between(random, -0.4, 0.2),
          .m = between(random, -0.05, 0.05),
          .sigma = between(random, 0.3, 0.6)};
}

class SampleBuilder {
 public:
  SampleBuilder(const SampleSize& size, std::uint64_t seed) : size_(size), random_{.seed = seed} {}

  Market build() {
    market_.state.version = 1;
    market_.state.as_of = Timestamp::from_civil(2026, 3, 1, 8);
    usdc_ = add_asset("USDC", 6, 0.9998);
    for (std::size_t c = 0; c < size_.coins; ++c) add_coin("C" + std::to_string(c), c);
    return std::move(market_);
  }

 private:
  AssetId add_asset(const std::string& name, int decimals, double usd) {
    market_.state.asset_usd.push_back(usd);
    return sure(market_.registry.list(Asset{name, decimals}));
  }

  void add(Instrument instrument, double mark, double vol) {
    InstrumentState state;
    state.mark = mark;
    state.vol = vol;
    state.funding_rate = instrument.kind == Kind::perpetual ? 0.0001 : 0.0;
    sure(market_.registry.list(std::move(instrument)));
    market_.state.instruments.push_back(state);
  }

  void add_coin(const std::string& name, std::size_t c) {
    const double price = c == 0 ? 60000 : between(random_, 0.0002, 3000);
    const AssetId coin = add_asset(name, 8, price);
    const UnderlyingId underlying = sure(market_.registry.list(Underlying{name, coin}));
    market_.state.underlyings.push_back({.index = price, .expiries = {}});
    for (std::size_t e = 0; e < size_.expiries; ++e) add_expiry(name, underlying, coin, price, size_.first + e);
    if (!size_.forwards) return;
    add({.name = name + "-PERPETUAL",
         .kind = Kind::perpetual,
         .style = Style::inverse,
         .underlying = underlying,
         .settlement = coin},
        price * 1.0002, absent);
    add({.name = name + "_USDC-PERPETUAL",
         .kind = Kind::perpetual,
         .underlying = underlying,
         .settlement = usdc_,
         .lot = Decimal{1, 3}},
        price * 0.9999, absent);
  }

  void add_expiry(const std::string& name, UnderlyingId underlying, AssetId coin, double price, std::size_t e) {
    const std::int64_t hours = e == 0 ? 6 : static_cast<std::int64_t>(24 * (e * e * 4 - 3));
    const Timestamp expiry{market_.state.as_of.ns + hours * 3600 * 1'000'000'000};
    const double years = years_between(market_.state.as_of, expiry);
    ExpiryState state{
        .expiry = expiry, .forward = price * (1 + 0.05 * years), .rate = 0.03, .smile = sample_smile(random_, years)};
    market_.state.underlyings[underlying.index()].expiries.push_back(state);
    const std::string stem = name + "-" + to_date(expiry) + "-" + std::to_string(e);
    if (size_.forwards) {
      add({.name = stem,
           .kind = Kind::future,
           .style = Style::inverse,
           .underlying = underlying,
           .settlement = coin,
           .expiry = expiry},
          state.forward, absent);
    }
    for (std::size_t k = 0; k < size_.strikes; ++k) {
      const double moneyness = -0.8 + 1.6 * (static_cast<double>(k) + 0.5) / static_cast<double>(size_.strikes);
      for (const bool is_call : {true, false}) add_option(stem, underlying, coin, state, moneyness, k, is_call);
    }
  }

  /// Strikes are decimals near forward * (1 + moneyness); every third option has a mark vol, every fourth is linear.
  void add_option(const std::string& stem, UnderlyingId underlying, AssetId coin, const ExpiryState& expiry,
                  double moneyness, std::size_t k, bool is_call) {
    const auto strike = static_cast<std::int64_t>(expiry.forward * (1 + moneyness) * 1e6);
    const bool linear = k % 4 == 3;
    add({.name = stem + "-" + std::to_string(k) + (is_call ? "-C" : "-P"),
         .kind = Kind::option,
         .style = linear ? Style::linear : Style::inverse,
         .underlying = underlying,
         .settlement = linear ? usdc_ : coin,
         .lot = Decimal{1, 1},
         .expiry = expiry.expiry,
         .strike = Decimal{strike > 0 ? strike : 1, 6},
         .is_call = is_call},
        absent, k % 3 == 2 ? between(random_, 0.4, 0.9) : absent);
  }

  SampleSize size_;
  Random random_;
  Market market_;
  AssetId usdc_{};
};

}  // namespace

Market sample_market(const SampleSize& size, std::uint64_t seed) { return SampleBuilder(size, seed).build(); }

ScenarioSet sample_scenarios(const Market& market, std::size_t count, std::uint64_t seed, bool at_horizon) {
  Random random{.seed = seed, .stream = 1};
  ScenarioSet set;
  set.name = at_horizon ? "ahead" : "now";
  set.horizon_seconds = 8 * 3600;
  set.at_horizon = at_horizon;
  set.vol_term = {.power_short = 0.3, .power_long = 0.13, .cap = 4};
  set.price.resize(market.registry.assets().size());
  set.uncovered.assign(market.registry.assets().size(), false);
  for (std::size_t s = 0; s < count; ++s) {
    set.names.push_back(set.name + " " + std::to_string(s));
    set.weights.push_back(Ratio{power_of_ten(Ratio::decimals)});
    set.dampening.push_back(s % 7 == 6 ? 0.5 : 1.0);
    set.vol_shock.push_back(between(random, -0.4, 0.6));
    set.vol_floor.push_back(s % 5 == 4 ? 0.6 : 0.0);
    set.basis_shift.push_back(s % 3 == 2 ? between(random, -0.1, 0.1) : 0.0);
    set.rate_shift.push_back(s % 3 == 1 ? between(random, -0.02, 0.02) : 0.0);
    for (std::size_t a = 0; a < set.price.size(); ++a) {
      const double low = a == 0 ? 0.98 : 0.4, high = a == 0 ? 1.01 : 2.0;
      set.price[a].push_back(between(random, low, high));
    }
  }
  return set;
}

}  // namespace margrave
