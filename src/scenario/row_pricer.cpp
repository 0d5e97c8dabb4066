#include "scenario/row_pricer.h"

#include <cmath>
#include <cstring>

#include "math/elementary.h"
#include "scenario/option_smile.h"
#include "scenario/rounding.h"

namespace margrave {
namespace {

/// Fraction of notional that a long perpetual has paid by the time a stretch is valued.
double funding_paid(const Instrument& instrument, const InstrumentState& state, const Stretch& stretch) {
  if (instrument.kind != Kind::perpetual) return 0;
  return state.funding_rate * static_cast<double>(stretch.horizon_seconds) / (8.0 * 3600.0);
}

/// Two values at a time, on any processor; they round as one does.
using Pair [[gnu::vector_size(16)]] = double;

Pair pair_at(const double* values) {
  Pair pair;
  std::memcpy(&pair, values, sizeof pair);
  return pair;
}

/// content (mark moves) (1 - paid) (usd settle) by column, in this order.
void linear_values(double content, double mark, double paid, double usd, std::span<const double> moves,
                   std::span<const double> settle, std::span<double> out) {
  const auto value = [&](const auto& move, const auto& rate) {
    return content * (mark * move) * (1.0 - paid) * (usd * rate);
  };
  std::size_t c = 0;
  for (; c + 2 <= out.size(); c += 2) {
    const Pair values = value(pair_at(&moves[c]), pair_at(&settle[c]));
    std::memcpy(&out[c], &values, sizeof values);
  }
  for (; c < out.size(); ++c) out[c] = value(moves[c], settle[c]);
}

}  // namespace

void RowPricer::prepare(InstrumentId id) {
  const Instrument& instrument = market_.registry[id];
  if (!instrument.expires()) return;
  prepare_path(instrument);
  if (instrument.kind != Kind::option || units_.contains(unit_key(instrument))) return;
  units_.emplace(unit_key(instrument), make_units(instrument));
}

void RowPricer::prepare_path(const Instrument& instrument) {
  const auto key = std::pair(instrument.underlying, instrument.expiry);
  if (paths_.contains(key)) return;
  ExpiryState state;
  if (const ExpiryState* found = expiry_of(market_, instrument)) state = *found;
  state.expiry = instrument.expiry;
  // A future needs no forward of its expiry: its own mark moves with the index.
  if (std::isnan(state.forward)) state.forward = market_.state.underlyings[instrument.underlying.index()].index;
  paths_.emplace(key, path_.expiry(market_, instrument.underlying, state));
}

const ExpiryPath& RowPricer::path_of(const Instrument& instrument) const {
  return paths_.at(std::pair(instrument.underlying, instrument.expiry));
}

void RowPricer::dampen(std::vector<double>& out) const {
  if (!path_.dampens()) return;
  for (std::size_t c = 1; c < out.size(); ++c) {
    const double d = path_.dampening()[c];
    if (d != 1.0) out[c] = out[0] + d * (out[c] - out[0]);
  }
}

double RowPricer::worth(AssetId asset, std::size_t column) const {
  const auto usd = [&](AssetId of) { return market_.state.asset_usd[of.index()] * path_.price(of)[column]; };
  if (!numeraire_) return usd(asset);
  return asset == *numeraire_ ? 1.0 : usd(asset) / usd(*numeraire_);
}

void RowPricer::asset_values(AssetId asset, std::vector<double>& out) const {
  const double smallest = Decimal{1, market_.registry[asset].decimals}.to_double();
  const double unit = market_.state.asset_usd[asset.index()] * smallest;
  const std::vector<double>& moves = path_.price(asset);
  if (numeraire_) {
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = worth(asset, c) * smallest;
  } else {
    for (std::size_t c = 0; c < out.size(); ++c) out[c] = unit * moves[c];
  }
  dampen(out);
}

void RowPricer::instrument_values(InstrumentId id, std::vector<double>& out) const {
  const Instrument& instrument = market_.registry[id];
  if (instrument.kind == Kind::option) {
    out[0] = 0;
    for_each_stretch(
        id, instrument,
        [&](const Stretch& stretch, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile) {
          option_values(isa_, scenarios, terms, smile, out[0], std::span(out).subspan(stretch.begin, stretch.size));
        });
    return;
  }
  forward_values(id, instrument, out);
  dampen(out);
}

void RowPricer::forward_values(InstrumentId id, const Instrument& instrument, std::vector<double>& out) const {
  const InstrumentState& state = market_.state.instruments[id.index()];
  const double content = lot_content(instrument)->to_double();
  const double usd = market_.state.asset_usd[instrument.settlement.index()];
  const std::vector<double>& moves = path_.price(instrument.settlement);
  if (instrument.kind != Kind::future && instrument.style == Style::linear && !numeraire_) {
    const std::vector<double>& coin = path_.price(market_.registry[instrument.underlying].coin);
    for (const Stretch& stretch : path_.stretches()) {
      const auto part = [&](auto& of) { return std::span(of).subspan(stretch.begin, stretch.size); };
      linear_values(content, state.mark, funding_paid(instrument, state, stretch), usd, part(coin), part(moves),
                    part(out));
    }
    return;
  }
  forward_prices(id, out);
  for (const Stretch& stretch : path_.stretches()) {
    const double paid = funding_paid(instrument, state, stretch);
    const std::size_t end = stretch.begin + stretch.size;
    if (instrument.style == Style::linear && !numeraire_) {
      for (std::size_t c = stretch.begin; c < end; ++c) out[c] = content * out[c] * (1.0 - paid) * (usd * moves[c]);
      continue;
    }
    for (std::size_t c = stretch.begin; c < end; ++c) {
      const double settle = worth(instrument.settlement, c);
      out[c] = instrument.style == Style::linear ? content * out[c] * (1.0 - paid) * settle
                                                 : -content / out[c] * (1.0 + paid) * settle;
    }
  }
}

/// A future keeps its distance to its forward; what expires inside the horizon settles at the index.
std::vector<double> RowPricer::forward_prices(InstrumentId id) const {
  std::vector<double> price(path_.columns());
  forward_prices(id, price);
  return price;
}

void RowPricer::forward_prices(InstrumentId id, std::vector<double>& price) const {
  const Instrument& instrument = market_.registry[id];
  const double mark = market_.state.instruments[id.index()].mark;
  if (instrument.kind != Kind::future) {
    const std::vector<double>& moves = path_.price(market_.registry[instrument.underlying].coin);
    for (std::size_t c = 0; c < price.size(); ++c) price[c] = mark * moves[c];
    return;
  }
  const ExpiryPath& path = path_of(instrument);
  const std::int64_t seconds = seconds_between(market_.state.as_of, instrument.expiry);
  for (const Stretch& stretch : path_.stretches()) {
    const bool expired = seconds <= stretch.horizon_seconds;
    for (std::size_t c = stretch.begin; c < stretch.begin + stretch.size; ++c) {
      price[c] = expired ? path.forward[c] : mark * (path.forward[c] / path.forward[0]);
    }
  }
}

double RowPricer::vol_multiplier(InstrumentId id, std::size_t column) const {
  const Instrument& instrument = market_.registry[id];
  const ExpiryPath& path = path_of(instrument);
  for (const Stretch& stretch : path_.stretches()) {
    const bool inside = column >= stretch.begin && column < stretch.begin + stretch.size;
    if (inside && stretch.skews()) return skewed(instrument, stretch, path)[column - stretch.begin];
  }
  return path.vol_multiplier[column];
}

/// Multipliers of one option's vol in a stretch whose scenarios move vol by strike.
std::vector<double> RowPricer::skewed(const Instrument& instrument, const Stretch& stretch,
                                      const ExpiryPath& path) const {
  const double log_moneyness = stable_log(instrument.strike.to_double() / path.forward[0]);
  const std::int64_t seconds = seconds_between(market_.state.as_of, instrument.expiry);
  const auto first = path.vol_multiplier.begin() + stretch.offset();
  std::vector<double> multiplier(first, first + static_cast<std::ptrdiff_t>(stretch.size));
  const ScenarioSet& set = *stretch.set;
  if (!set.skew.empty()) {
    const double root_years = __builtin_sqrt(static_cast<double>(seconds) / static_cast<double>(seconds_per_year));
    for (std::size_t s = 0; s < stretch.size; ++s)
      multiplier[s] *= skew_multiplier(set.skew[s], set.skew_width, log_moneyness, root_years);
  }
  if (set.surface.empty()) return multiplier;
  const SurfacePlace place = surface_place(set.surface_width, log_moneyness, seconds);
  std::vector<double> factor(stretch.size);
  for (std::size_t s = 0; s < stretch.size; ++s) factor[s] = surface_exponent(set.surface[s], place);
  stable_exp(isa_, factor, factor);
  for (std::size_t s = 0; s < stretch.size; ++s) multiplier[s] *= factor[s];
  return multiplier;
}

/// Calls each(stretch, scenarios, terms, smile) for the columns of now and of every set.
template <class Each>
void RowPricer::for_each_stretch(InstrumentId id, const Instrument& instrument, Each&& each) const {
  const ExpiryPath& path = path_of(instrument);
  const std::vector<double>& unit = option_units(instrument);
  const double strike = instrument.strike.to_double();
  const double log_moneyness = stable_log(strike / path.forward[0]);
  const std::int64_t seconds = seconds_between(market_.state.as_of, instrument.expiry);
  const Smile smile = smile_of(market_, id);
  for (const Stretch& stretch : path_.stretches()) {
    const std::int64_t left = seconds > stretch.horizon_seconds ? seconds - stretch.horizon_seconds : 0;
    const OptionTerms terms{
        .strike = strike,
        .log_moneyness = log_moneyness,
        .is_call = instrument.is_call,
        .expiry_years = static_cast<double>(left) / static_cast<double>(seconds_per_year),
        .variance_scale = static_cast<double>(left) / static_cast<double>(seconds),
    };
    const auto part = [&](const std::vector<double>& all) {
      return std::span<const double>(all).subspan(stretch.begin, stretch.size);
    };
    std::vector<double> by_strike;
    if (stretch.skews()) by_strike = skewed(instrument, stretch, path);
    const ExpiryScenarios scenarios{
        .log_forward = part(path.log_forward),
        .forward = part(path.forward),
        .vol_multiplier = stretch.skews() ? std::span<const double>(by_strike) : part(path.vol_multiplier),
        .vol_floor = part(path.vol_floor),
        .unit = part(unit),
        .dampening = part(path_.dampening())};
    each(stretch, scenarios, terms, smile);
  }
}

bool RowPricer::option_entries(InstrumentId id, int exponent, std::span<std::int32_t> out, double& now) const {
  const double scale = power_of_two(-exponent);
  now = 0;  // the first stretch is now: its value is what dampening counts from
  bool fits = true;
  for_each_stretch(
      id, market_.registry[id],
      [&](const Stretch& stretch, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile) {
        if (stretch.set == nullptr) option_values(isa_, scenarios, terms, smile, 0.0, std::span(&now, 1));
        const auto entries = out.subspan(stretch.begin, stretch.size);
        fits = option_row(isa_, scenarios, terms, smile, now, scale, entries) && fits;
      });
  return fits;
}

RowPricer::UnitKey RowPricer::unit_key(const Instrument& instrument) {
  const Decimal content = *lot_content(instrument);
  return {instrument.underlying, instrument.expiry, instrument.style,
          instrument.settlement, content.units,     content.decimals};
}

const std::vector<double>& RowPricer::option_units(const Instrument& instrument) const {
  return units_.at(unit_key(instrument));
}

std::vector<double> RowPricer::make_units(const Instrument& instrument) const {
  const ExpiryPath& path = path_of(instrument);
  const double content = lot_content(instrument)->to_double();
  std::vector<double> unit(path_.columns());
  for (std::size_t c = 0; c < unit.size(); ++c) {
    const double discount = discounted_ ? path.discount[c] : 1.0;
    const double per_price = instrument.style == Style::linear ? discount : path.per_forward[c];
    unit[c] = content * worth(instrument.settlement, c) * per_price;
  }
  return unit;
}

}  // namespace margrave
