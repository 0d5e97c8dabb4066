#include "scenario/path.h"

#include <algorithm>

#include "math/elementary.h"

namespace margrave {
namespace {

bool all_zero(const std::vector<double>& moves) {
  return std::all_of(moves.begin(), moves.end(), [](double move) { return move == 0; });
}

double years_left(std::int64_t seconds, std::int64_t ahead) {
  return seconds <= ahead ? 0.0 : static_cast<double>(seconds - ahead) / static_cast<double>(seconds_per_year);
}

}  // namespace

std::vector<Stretch> stretches(const std::vector<ScenarioSet>& sets) {
  std::vector<Stretch> all{{}};
  std::size_t begin = 1;
  for (const ScenarioSet& set : sets) {
    all.push_back({&set, begin, set.size(), set.at_horizon ? set.horizon_seconds : 0, !all_zero(set.basis_shift),
                   !all_zero(set.rate_shift), !all_zero(set.vol_shock)});
    begin += set.size();
  }
  return all;
}

MarketPath::MarketPath(const Market& market, const std::vector<ScenarioSet>& sets, Isa isa)
    : isa_(isa), stretches_(margrave::stretches(sets)) {
  for (const ScenarioSet& set : sets) columns_ += set.size();
  dampening_.reserve(columns_);
  dampening_.push_back(1.0);
  for (const ScenarioSet& set : sets) dampening_.insert(dampening_.end(), set.dampening.begin(), set.dampening.end());
  dampens_ = std::any_of(dampening_.begin(), dampening_.end(), [](double d) { return d != 1.0; });
  move_prices(market);
}

void MarketPath::move_prices(const Market& market) {
  const std::size_t assets = market.registry.assets().size();
  price_.resize(assets);
  log_price_.resize(assets);
  for (std::size_t a = 0; a < assets; ++a) {
    price_[a].reserve(columns_);
    price_[a].push_back(1.0);
    for (const Stretch& stretch : stretches_) {
      if (stretch.set == nullptr) continue;
      const std::vector<double>& moves = stretch.set->price[a];
      price_[a].insert(price_[a].end(), moves.begin(), moves.end());
      price_[a].resize(stretch.begin + stretch.size, 1.0);
    }
  }
  for (const Instrument& instrument : market.registry.instruments()) {
    if (!instrument.expires()) continue;
    const std::size_t coin = market.registry[instrument.underlying].coin.index();
    if (!log_price_[coin].empty()) continue;
    log_price_[coin].resize(columns_);
    stable_log(isa_, price_[coin], log_price_[coin]);
  }
}

ExpiryPath MarketPath::expiry(const Market& market, UnderlyingId underlying, const ExpiryState& state) const {
  const std::size_t coin = market.registry[underlying].coin.index();
  const double index = market.state.underlyings[underlying.index()].index;
  const std::int64_t seconds = seconds_between(market.state.as_of, state.expiry);
  ExpiryPath path;
  for (std::vector<double>* column : {&path.log_forward, &path.forward, &path.per_forward}) column->resize(columns_);
  path.vol_multiplier.assign(columns_, 1.0);
  path.vol_floor.assign(columns_, 0.0);
  path.discount.assign(columns_, 1.0);
  for (const Stretch& stretch : stretches_) {
    const double years = years_left(seconds, stretch.horizon_seconds);
    // What expires inside the horizon settles at the scenario's index, not at its forward.
    const double base = seconds <= stretch.horizon_seconds ? index : state.forward;
    if (state.fixed == 0) {
      move_forward(stretch, years, base, base == state.forward ? 0.0 : stable_log(base / state.forward), coin, path);
    } else {
      move_unfixed(stretch, years, state, coin, path);
    }
    move_vol(stretch, seconds, path);
    move_discount(stretch, years, state.rate, path);
  }
  for (std::size_t c = 0; c < columns_; ++c) path.per_forward[c] = 1.0 / path.forward[c];
  return path;
}

void MarketPath::move_forward(const Stretch& stretch, double years, double base, double log_base, std::size_t coin,
                              ExpiryPath& path) const {
  const std::size_t end = stretch.begin + stretch.size;
  for (std::size_t c = stretch.begin; c < end; ++c) {
    path.log_forward[c] = log_price_[coin][c] + log_base;
    path.forward[c] = base * price_[coin][c];
  }
  if (!stretch.moves_basis) return;
  std::vector<double> basis(stretch.size), growth(stretch.size);
  for (std::size_t s = 0; s < stretch.size; ++s) basis[s] = stretch.set->basis_shift[s] * years;
  stable_exp(isa_, basis, growth);
  for (std::size_t s = 0; s < stretch.size; ++s) {
    path.log_forward[stretch.begin + s] += basis[s];
    path.forward[stretch.begin + s] *= growth[s];
  }
}

/// What is left of a forward that is fixed in part: F_s = F + (F - fixed) (x - 1), which is F to the bit where x is 1.
/// It is the settlement average, so that is what a contract settles at inside the horizon too.
void MarketPath::move_unfixed(const Stretch& stretch, double years, const ExpiryState& state, std::size_t coin,
                              ExpiryPath& path) const {
  std::vector<double> growth(stretch.size, 1.0);
  if (stretch.moves_basis) {
    for (std::size_t s = 0; s < stretch.size; ++s) growth[s] = stretch.set->basis_shift[s] * years;
    stable_exp(isa_, growth, growth);
  }
  for (std::size_t s = 0; s < stretch.size; ++s) {
    const std::size_t c = stretch.begin + s;
    path.forward[c] = state.forward + (state.forward - state.fixed) * (price_[coin][c] * growth[s] - 1.0);
  }
  const std::vector<double> now(stretch.size, state.forward);
  stable_log_ratio(isa_, std::span(path.forward).subspan(stretch.begin, stretch.size), now,
                   std::span(path.log_forward).subspan(stretch.begin, stretch.size));
}

void MarketPath::move_vol(const Stretch& stretch, std::int64_t seconds, ExpiryPath& path) const {
  if (stretch.set == nullptr) return;
  const ScenarioSet& set = *stretch.set;
  std::copy(set.vol_floor.begin(), set.vol_floor.end(), path.vol_floor.begin() + stretch.offset());
  if (!stretch.moves_vol) return;
  const double scale = vol_term_scale(set.vol_term, seconds);
  for (std::size_t s = 0; s < stretch.size; ++s) {
    path.vol_multiplier[stretch.begin + s] = std::max(0.0, 1.0 + set.vol_shock[s] * scale);
  }
}

void MarketPath::move_discount(const Stretch& stretch, double years, double rate, ExpiryPath& path) const {
  if (!stretch.moves_rate) {
    const double discount = rate * years == 0 ? 1.0 : stable_exp(-(rate * years));
    std::fill_n(path.discount.begin() + stretch.offset(), stretch.size, discount);
    return;
  }
  std::vector<double> exponents(stretch.size);
  for (std::size_t s = 0; s < stretch.size; ++s) exponents[s] = -((rate + stretch.set->rate_shift[s]) * years);
  stable_exp(isa_, exponents, std::span(path.discount).subspan(stretch.begin, stretch.size));
}

}  // namespace margrave
