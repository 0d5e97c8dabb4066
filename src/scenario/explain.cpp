#include "scenario/explain.h"

#include <algorithm>

#include "math/elementary.h"
#include "scenario/option_smile.h"
#include "scenario/row_pricer.h"

namespace margrave {
namespace {

const Stretch& stretch_of(const MarketPath& path, std::uint32_t column) {
  const auto found = std::find_if(path.stretches().begin(), path.stretches().end(),
                                  [&](const Stretch& s) { return column >= s.begin && column < s.begin + s.size; });
  CHECK(found != path.stretches().end());
  return *found;
}

/// The vol an option is revalued with; the kernel of option_row.h takes the same steps on total variance.
double scenario_vol(const Market& market, const RowPricer& pricer, InstrumentId id, double years_now,
                    std::uint32_t column) {
  const Instrument& instrument = market.registry[id];
  const ExpiryPath& path = pricer.path_of(instrument);
  const double floor = path.vol_floor[column];
  const double k = stable_log(instrument.strike.to_double() / path.forward[column]);
  const double vol = vol_at(smile_of(market, id), k, years_now) * pricer.vol_multiplier(id, column);
  return vol < floor ? floor : vol;
}

ContractPoint point_at(const Market& market, const MarketPath& path, const RowPricer& pricer, InstrumentId id,
                       std::uint32_t column, double value) {
  const Instrument& instrument = market.registry[id];
  const double move = path.price(market.registry[instrument.underlying].coin)[column];
  ContractPoint point;
  point.index = market.state.underlyings[instrument.underlying.index()].index * move;
  point.value = value;
  if (instrument.expires()) point.forward = pricer.path_of(instrument).forward[column];
  if (instrument.kind == Kind::option) {
    const std::int64_t seconds = seconds_between(market.state.as_of, instrument.expiry);
    const std::int64_t left = seconds - stretch_of(path, column).horizon_seconds;
    point.years = left > 0 ? static_cast<double>(left) / static_cast<double>(seconds_per_year) : 0.0;
    point.vol =
        scenario_vol(market, pricer, id, static_cast<double>(seconds) / static_cast<double>(seconds_per_year), column);
    const double undiscounted = value / pricer.option_units(instrument)[column];
    point.price = instrument.style == Style::inverse ? undiscounted / point.forward
                                                     : undiscounted * pricer.path_of(instrument).discount[column];
  } else {
    point.price = pricer.forward_prices(id)[column];
  }
  return point;
}

/// The part of the change that a column counts.
double dampening_of(const std::vector<ScenarioSet>& sets, std::uint32_t column) {
  std::size_t before = 1;  // now
  for (const ScenarioSet& set : sets) {
    if (column >= before && column < before + set.size()) return set.dampening[column - before];
    before += set.size();
  }
  return 1;
}

}  // namespace

ExplainedEntry explain_entry(const Market& market, const std::vector<ScenarioSet>& sets, const RiskArray& array,
                             InstrumentId id, std::uint32_t column) {
  // Undampened: what a contract is worth there, not what counts of it.
  std::vector<ScenarioSet> plain = sets;
  for (ScenarioSet& set : plain) set.dampening.assign(set.size(), 1.0);
  const MarketPath path(market, plain, Isa::portable);
  RowPricer pricer(market, path, Isa::portable, market.registry.asset(array.plan().numeraire), array.plan().discounted);
  pricer.prepare(id);
  std::vector<double> values(path.columns());
  pricer.instrument_values(id, values);

  const auto row = array.find_row(market.registry[id].name);
  CHECK(row.has_value() && column < path.columns());
  ExplainedEntry explained;
  explained.dampening = dampening_of(sets, column);
  explained.counted =
      explained.dampening == 1 ? values[column] : values[0] + explained.dampening * (values[column] - values[0]);
  explained.now = point_at(market, path, pricer, id, 0, values[0]);
  explained.then = point_at(market, path, pricer, id, column, values[column]);
  explained.exponent = array.exponent(*row);
  explained.entry_now = array.entry(*row, 0);
  explained.entry = array.entry(*row, column);
  return explained;
}

}  // namespace margrave
