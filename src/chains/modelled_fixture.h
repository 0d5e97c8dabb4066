#pragma once

#include "chains/chains_fixture.h"
#include "chains/modelled_chain.h"
#include "walk/walk_fixture.h"

namespace margrave {

inline constexpr std::int64_t made_from_hour = 24LL * 19'000;  ///< 2022-01-08

inline Bars made_bars(std::size_t days) {
  return draw_bars({.coin = "BTC", .hours = 24 * days, .seed = 5, .from_hour = made_from_hour, .price = 30'000});
}

/// Flat in strike and time; a level of every day from the 300th day of made_bars(), for 60 days.
inline ModelledCoin made_coin(double vol) {
  ModelledCoin coin{.name = "BTC", .dvol = {}, .shape = {}};
  coin.dvol.first_ms = (made_from_hour + 24 * 300) * hour_ms;
  coin.dvol.open = coin.dvol.close = std::vector<double>(60, vol);
  for (const ChainQuote& quote : made_chain("BTC", 30'000, Timestamp::from_civil(2026, 3, 1, 8)).quotes) {
    if (quote.instrument.terms.kind == Kind::option) coin.option = quote.instrument;
    if (quote.instrument.terms.kind == Kind::perpetual) coin.perpetual = quote.instrument;
  }
  return coin;
}

}  // namespace margrave
