#include "chains/modelled_chain.h"

#include <algorithm>
#include <cmath>

#include "chains/modelled_listing.h"
#include "market/quote_vol.h"
#include "math/elementary.h"

namespace margrave {
namespace {

constexpr std::int64_t stale_ms = 2LL * 3'600'000;

/// The two options of a strike, marked.
void add_strike(const ModelledCoin& coin, const Decimal& strike, Timestamp expiry, double vol, ChainQuote quote,
                Chain& chain) {
  std::string day = to_date(expiry);
  std::erase(day, '-');
  quote.instrument = coin.option;
  Instrument& terms = quote.instrument.terms;
  terms.expiry = expiry;
  terms.strike = strike;
  quote.mark_vol = vol;
  for (const bool is_call : {false, true}) {
    terms.is_call = is_call;
    terms.name = coin.name + "-" + day + "-" + strike.to_string() + (is_call ? "-C" : "-P");
    const PricedOption option{
        .terms = &terms, .forward = quote.underlying_price, .years = years_between(chain.time, expiry)};
    quote.mark = std::round(price_of_vol(option, vol) * 1e8) / 1e8;  // of far options 0, as a venue shows it
    chain.quotes.push_back(quote);
  }
}

}  // namespace

std::optional<double> index_at(const Bars& bars, std::int64_t at_ms) {
  const auto after = std::upper_bound(bars.t_ms.begin(), bars.t_ms.end(), at_ms - bars.step_ms);
  if (after == bars.t_ms.begin()) return std::nullopt;
  const auto last = static_cast<std::size_t>(after - bars.t_ms.begin()) - 1;
  if (at_ms - (bars.t_ms[last] + bars.step_ms) > stale_ms) return std::nullopt;
  return bars.close[last];
}

Result<ModelledChains> ModelledChains::of(std::vector<ModelledCoin> coins, const std::vector<Bars>& bars) {
  ModelledChains made;
  for (ModelledCoin& coin : coins) {
    const auto file = std::find_if(bars.begin(), bars.end(), [&](const Bars& one) { return one.coin == coin.name; });
    if (file == bars.end()) {
      return fail({.message = "there are no bars of " + coin.name + ", whose closes would be its index",
                   .field = "--data",
                   .remedy = "name a folder that has its bars"});
    }
    made.makers_.push_back({.coin = std::move(coin), .bars = &*file});
  }
  return made;
}

std::int64_t ModelledChains::first_ms() const {
  std::int64_t first = 0;
  for (const Maker& maker : makers_) first = std::max(first, maker.coin.dvol.first_ms);
  return first;
}

std::int64_t ModelledChains::end_ms() const {
  std::int64_t end = makers_.empty() ? 0 : makers_.front().coin.dvol.end_ms();
  for (const Maker& maker : makers_) end = std::min(end, maker.coin.dvol.end_ms());
  return end;
}

std::optional<Chain> ModelledChains::next(Timestamp at) {
  const std::int64_t at_ms = at.ns / 1'000'000;
  Chain chain{.source = "modelled chain", .time = at, .quotes = {}};
  for (Maker& maker : makers_) {
    const std::optional<double> index = index_at(*maker.bars, at_ms), vol = maker.coin.dvol.known_at(at_ms);
    if (!index || !vol) return std::nullopt;
    add_quotes(maker, *index, level_of_index(maker.coin.shape, *vol), chain);
  }
  return chain;
}

void ModelledChains::add_quotes(Maker& maker, double index, double level, Chain& chain) {
  std::erase_if(maker.listed, [&](const auto& one) { return one.first <= chain.time; });
  for (const Timestamp expiry : modelled_expiries(chain.time)) {
    for (const Decimal& strike : modelled_strikes(index, years_between(chain.time, expiry)))
      maker.listed[expiry].insert(strike);
  }
  for (const auto& [expiry, strikes] : maker.listed) {
    const double years = years_between(chain.time, expiry);
    for (const Decimal& strike : strikes) {
      const double z = stable_log(strike.to_double() / index) / (level * __builtin_sqrt(years));
      const double vol = level * stable_exp(maker.coin.shape.at(z, years));
      add_strike(maker.coin, strike, expiry, vol, {.underlying_price = index, .index = index, .time = chain.time},
                 chain);
    }
  }
  chain.perpetuals.push_back(maker.coin.perpetual);
}

}  // namespace margrave
