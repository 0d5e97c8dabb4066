#include "scenario/depth_rows.h"

#include "base/mul_div.h"

namespace margrave {
namespace {

tl::unexpected<Error> too_small(const Instrument& instrument) {
  return fail({.kind = ErrorKind::overflow,
               .message = "the depth of " + instrument.name + " counts too many lots",
               .remedy = "check its lot and the depth's unit, which is contracts"});
}

}  // namespace

Result<DepthLadder> depth_ladder(const Market& market, InstrumentId id, std::uint32_t row) {
  const Instrument& instrument = market.registry[id];
  const DepthCurve& curve = market.state.instruments[id.index()].depth.curve;
  // size 10^-12 contracts / (lot units 10^-lot decimals) in 10^-6 lots
  i128 divisor = 0;
  const int decimals = DepthLadder::lot_decimals + instrument.lot.decimals;
  if (decimals > 38 || !multiply(instrument.lot.units, power_of_ten(BookSize::decimals), divisor)) {
    return too_small(instrument);
  }
  DepthLadder ladder{.row = row, .distances = curve.distances, .bid = {}, .ask = {}};
  for (const BookSide side : {BookSide::bid, BookSide::ask}) {
    for (const BookSize size : curve.side(side)) {
      i128 lots = 0;
      if (!mul_div(size.raw, power_of_ten(decimals), divisor, Round::down, lots)) return too_small(instrument);
      (side == BookSide::bid ? ladder.bid : ladder.ask).push_back(lots);
    }
  }
  return ladder;
}

}  // namespace margrave
