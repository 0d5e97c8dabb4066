#include "chains/lot_gain.h"

#include <algorithm>

#include "market/surface.h"
#include "math/elementary.h"
#include "pricing/black76.h"

namespace margrave {
namespace {

/// What an option's price is made of.
struct OptionFacts {
  Black76Option black;
  double unit{0};  ///< USD per unit of the undiscounted price, one lot
};

std::optional<OptionFacts> facts_of(const Market& market, InstrumentId id) {
  const Instrument& instrument = market.registry[id];
  const ExpiryState* expiry = expiry_of(market, instrument);
  const double years = years_between(market.state.as_of, instrument.expiry);
  if (instrument.kind != Kind::option || expiry == nullptr || !(expiry->forward > 0) || !(years > 0))
    return std::nullopt;
  const std::optional<double> vol = vol_of(market, id);
  if (!vol) return std::nullopt;
  const double content = lot_content(instrument)->to_double();
  const double usd = market.state.asset_usd[instrument.settlement.index()];
  const double unit = instrument.style == Style::inverse ? content * usd / expiry->forward
                                                         : content * usd * stable_exp(-expiry->rate * years);
  return OptionFacts{.black = {.forward = expiry->forward,
                               .strike = instrument.strike.to_double(),
                               .expiry = years,
                               .vol = *vol,
                               .is_call = instrument.is_call},
                     .unit = unit};
}

std::optional<double> forward_gain(const Market& market, InstrumentId id, double spot) {
  const Instrument& instrument = market.registry[id];
  const double mark = market.state.instruments[id.index()].mark;
  const double usd = market.state.asset_usd[instrument.settlement.index()];
  const double content = lot_content(instrument)->to_double();
  if (!(mark > 0)) return std::nullopt;
  // Inverse: content (1/mark - 1/(mark (1 + spot))) coins at usd (1 + spot).
  const double notional = instrument.style == Style::inverse ? content / mark * usd : content * mark * usd;
  return notional * spot;
}

}  // namespace

std::optional<double> option_worth(const Market& market, InstrumentId id) {
  const std::optional<OptionFacts> facts = facts_of(market, id);
  if (!facts) return std::nullopt;
  return facts->unit * black76_accurate(facts->black);
}

std::optional<double> lot_gain(const Market& market, InstrumentId id, const FixedMove& move) {
  if (market.registry[id].is_forward()) return forward_gain(market, id, move.spot);
  const std::optional<OptionFacts> facts = facts_of(market, id);
  if (!facts) return std::nullopt;
  // An inverse option's coin and its forward move alike, so that its unit stays.
  Black76Option moved = facts->black;
  moved.forward *= 1 + move.spot;
  if (move.vol != 0) moved.vol = std::max(std::min(least_moved_vol, moved.vol), moved.vol + move.vol);
  return facts->unit * (black76_accurate(moved) - black76_accurate(facts->black));
}

}  // namespace margrave
