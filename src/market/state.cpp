#include "market/state.h"

#include <algorithm>

#include "base/codec.h"

namespace margrave {
namespace {

void put(Encoder& to, const Asset& asset) {
  to.put(asset.name);
  to.put(static_cast<std::int32_t>(asset.decimals));
  to.put(asset.follows.has_value());
  if (asset.follows) to.put(asset.follows->value);
}

void put(Encoder& to, const Decimal& value) {
  to.put(value.units);
  to.put(static_cast<std::int32_t>(value.decimals));
}

void put(Encoder& to, const Instrument& i) {
  to.put(i.name);
  to.put(i.kind);
  to.put(i.style);
  to.put(i.underlying.value);
  to.put(i.settlement.value);
  for (const Decimal* value : {&i.contract_size, &i.tick, &i.lot, &i.strike}) put(to, *value);
  to.put(i.expiry.ns);
  to.put(i.is_call);
}

void put(Encoder& to, const ExpiryState& e) {
  to.put(e.expiry.ns);
  to.put(e.forward);
  to.put(e.rate);
  to.put(e.fixed);
  to.put(e.confidence);
  to.put(e.smile.has_value());
  if (e.smile) {
    for (const double x : {e.smile->a, e.smile->b, e.smile->rho, e.smile->m, e.smile->sigma}) to.put(x);
  }
}

void put(Encoder& to, const InstrumentState& i) {
  for (const double x : {i.mark, i.vol, i.funding_rate, i.open_interest, i.depth.bid, i.depth.bid_size, i.depth.ask,
                         i.depth.ask_size, i.confidence}) {
    to.put(x);
  }
}

void put(Encoder& to, const DepthCurve& curve) {
  to.put(static_cast<std::uint64_t>(curve.distances.size()));
  for (const Ratio distance : curve.distances) to.put(distance.raw);
  for (const BookSide side : {BookSide::bid, BookSide::ask}) {
    for (const BookSize size : curve.side(side)) to.put(size.raw);
  }
}

bool has_liquidity(const InstrumentState& i) { return i.volume == i.volume || !i.depth.curve.is_empty(); }

/// What is traded and rests: at the end, and only where something of it is known, so that a market without it has the
/// digest that it had before there was such a thing.
void put_liquidity(Encoder& to, const std::vector<InstrumentState>& instruments) {
  if (std::none_of(instruments.begin(), instruments.end(), has_liquidity)) return;
  to.put(std::string("liquidity"));
  for (const InstrumentState& instrument : instruments) {
    to.put(instrument.volume);
    put(to, instrument.depth.curve);
  }
}

}  // namespace

std::string_view to_string(Finding::Kind kind) {
  switch (kind) {
    case Finding::Kind::missing:
      return "missing";
    case Finding::Kind::stale:
      return "stale";
    case Finding::Kind::crossed:
      return "crossed";
    case Finding::Kind::arbitrage:
      return "arbitrage";
    case Finding::Kind::last_resort:
      return "last resort";
    case Finding::Kind::assumed:
      return "assumed";
  }
  return "unknown";
}

double confidence_of(const MarketState& state, AssetId asset) {
  return asset.index() < state.asset_confidence.size() ? state.asset_confidence[asset.index()] : 1.0;
}

Digest digest_of(const Market& market) {
  Encoder to;
  to.put(std::string("margrave market 2"));
  for (const Asset& asset : market.registry.assets()) put(to, asset);
  for (const Underlying& underlying : market.registry.underlyings()) {
    to.put(underlying.name);
    to.put(underlying.coin.value);
  }
  for (const Instrument& instrument : market.registry.instruments()) put(to, instrument);
  to.put(market.state.version);
  to.put(market.state.as_of.ns);
  to.put(market.state.prefer);
  to.put(market.state.peg);
  to.put(market.state.asset_usd);
  for (std::uint32_t a = 0; a < market.state.asset_usd.size(); ++a) to.put(confidence_of(market.state, AssetId{a}));
  for (const UnderlyingState& underlying : market.state.underlyings) {
    to.put(underlying.index);
    to.put(underlying.confidence);
    to.put(static_cast<std::uint64_t>(underlying.expiries.size()));
    for (const ExpiryState& expiry : underlying.expiries) put(to, expiry);
  }
  for (const InstrumentState& instrument : market.state.instruments) put(to, instrument);
  put_liquidity(to, market.state.instruments);
  return digest(Bytes(to.bytes()));
}

const ExpiryState* expiry_of(const Market& market, const Instrument& instrument) {
  const auto& expiries = market.state.underlyings.at(instrument.underlying.index()).expiries;
  const auto at = std::lower_bound(expiries.begin(), expiries.end(), instrument.expiry,
                                   [](const ExpiryState& e, Timestamp t) { return e.expiry < t; });
  return at != expiries.end() && at->expiry == instrument.expiry ? &*at : nullptr;
}

}  // namespace margrave
