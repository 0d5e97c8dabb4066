#include "market/svi_fit.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "market/svi_solver.h"

namespace margrave {
namespace {

constexpr double vol_point = 0.01;
constexpr double unquoted_weight = 1e-4;

using Targets = std::vector<SviTarget>;

/// Beyond these no smile is meant: a strike e^10 times the forward, a vol of 0.01 % or of 10,000 %.
bool is_usable(const SmileQuote& quote) {
  const double vol = target_vol(quote);
  return vol > 1e-4 && vol < 100 && std::abs(quote.k) < 10;
}

Targets targets_of(const SmileInput& input) {
  Targets targets;
  for (const SmileQuote& quote : input.quotes) {
    const double vol = target_vol(quote);
    if (!is_usable(quote)) continue;
    double weight = unquoted_weight;
    if (quote.quoted()) {
      const double width = 1 + 0.5 * (quote.ask_vol - quote.bid_vol) / vol_point;
      weight = 1 / width;
    }
    targets.push_back({.k = quote.k, .vol = vol, .weight = weight});
  }
  return targets;
}

/// The quoted vols of shorter expiries, restated at this one so that total variance is the same: all of the one before,
/// and of the others those at strikes further out than anything quoted nearer. Without the latter a narrowly quoted
/// slice would extrapolate below the wide quotes of a shorter one and then, as its ceiling, spoil that fit.
Targets floors_of(std::span<const SmileInput> inputs, std::size_t to) {
  Targets floors;
  double low = 0, high = 0;
  for (std::size_t from = to + 1; from-- > 0;) {
    double next_low = low, next_high = high;
    for (const SmileQuote& quote : inputs[from].quotes) {
      const double vol = target_vol(quote);
      if (!quote.quoted() || !is_usable(quote)) continue;
      next_low = std::min(next_low, quote.k);
      next_high = std::max(next_high, quote.k);
      if (from == to || (from + 1 < to && quote.k >= low && quote.k <= high)) continue;
      floors.push_back({.k = quote.k, .vol = vol * std::sqrt(inputs[from].years / inputs[to].years), .weight = 1});
    }
    low = next_low;
    high = next_high;
  }
  return floors;
}

/// The vols of the nearest expiry that has any, at the same distance in standard deviations.
Targets borrowed_targets(std::span<const SmileInput> inputs, const std::vector<Targets>& targets, std::size_t to) {
  for (std::size_t step = 1; step < inputs.size(); ++step) {
    for (const std::size_t from : {to - step, to + step}) {  // an index below zero wraps and is out of range
      if (from >= inputs.size() || targets[from].empty()) continue;
      Targets borrowed = targets[from];
      for (SviTarget& target : borrowed) target.k *= std::sqrt(inputs[to].years / inputs[from].years);
      return borrowed;
    }
  }
  return {};
}

bool is_safe(const SviSlice& slice, const SviSlice* ceiling) {
  return slice.sigma > 0 && within_lee_bound(slice) && min_butterfly(slice) >= 0 &&
         (!ceiling || calendar_margin(slice, *ceiling) >= 0);
}

/// A slice that is free of arbitrage below the ceiling: the ceiling scaled down in proportion to time, which keeps
/// g >= 0 (with A = (1 - k w'/2w)^2 >= 0 one has g(s w) >= (1 - s) A + s g(w) for 0 <= s <= 1); without a ceiling a
/// nearly flat smile at the fitted level.
SviSlice safe_slice(const SviSlice& fitted, const SviSlice* ceiling, double share) {
  if (ceiling) {
    SviSlice slice = *ceiling;
    slice.a *= share;
    slice.b *= share;
    return slice;
  }
  const double level = std::max(total_variance(fitted, 0), 1e-10);
  return {.a = level, .b = 1e-3 * level, .rho = 0, .m = 0, .sigma = 1};
}

SviSlice blend(const SviSlice& from, const SviSlice& to, double share) {
  const auto mix = [share](double x, double y) { return x + share * (y - x); };
  return {.a = mix(from.a, to.a),
          .b = mix(from.b, to.b),
          .rho = mix(from.rho, to.rho),
          .m = mix(from.m, to.m),
          .sigma = mix(from.sigma, to.sigma)};
}

void repair(SmileFit& fit, const SviSlice* ceiling, double share) {
  if (is_safe(fit.slice, ceiling)) return;
  const SviSlice fitted = fit.slice, safe = safe_slice(fitted, ceiling, share);
  fit.source = SmileSource::blended;
  fit.slice = safe;
  for (const double way : {0.001, 0.003, 0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.8, 0.9}) {
    const SviSlice candidate = blend(fitted, safe, way);
    if (!is_safe(candidate, ceiling)) continue;
    fit.slice = candidate;
    fit.last_resort = way > 0.5;
    return;
  }
  fit.last_resort = true;
}

void measure(SmileFit& fit, const SmileInput& input, const SviSlice* ceiling) {
  double sum = 0, largest = 0;
  for (const SmileQuote& quote : input.quotes) {
    const double vol = target_vol(quote);
    if (!is_usable(quote)) continue;
    if (!quote.quoted()) {
      ++fit.marked;
      continue;
    }
    ++fit.quoted;
    const double error = std::sqrt(std::max(total_variance(fit.slice, quote.k), 0.0) / input.years) - vol;
    sum += error * error;
    largest = std::max(largest, std::abs(error));
  }
  if (fit.quoted > 0) {
    fit.rms = std::sqrt(sum / fit.quoted);
    fit.max_error = largest;
  }
  fit.min_g = min_butterfly(fit.slice);
  if (ceiling) fit.calendar = calendar_margin(fit.slice, *ceiling);
}

}  // namespace

std::string_view to_string(SmileSource source) {
  switch (source) {
    case SmileSource::quotes:
      return "quotes";
    case SmileSource::blended:
      return "blended";
    case SmileSource::borrowed:
      return "borrowed";
  }
  return "unknown";
}

double target_vol(const SmileQuote& quote) {
  const bool bid = quote.bid_vol == quote.bid_vol, ask = quote.ask_vol == quote.ask_vol;
  if (quote.mark_vol == quote.mark_vol) {
    double vol = quote.mark_vol;
    if (ask) vol = std::min(vol, quote.ask_vol);
    if (bid) vol = std::max(vol, quote.bid_vol);
    return vol;
  }
  if (bid && ask) return 0.5 * (quote.bid_vol + quote.ask_vol);
  return bid ? quote.bid_vol : quote.ask_vol;
}

std::vector<SmileFit> fit_smiles(std::span<const SmileInput> inputs) {
  std::vector<Targets> targets;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    CHECK(inputs[i].years > 0 && (i == 0 || inputs[i - 1].years < inputs[i].years));
    targets.push_back(targets_of(inputs[i]));
  }
  if (std::all_of(targets.begin(), targets.end(), [](const Targets& t) { return t.empty(); })) return {};

  std::vector<SmileFit> fits(inputs.size());
  for (std::size_t i = inputs.size(); i-- > 0;) {
    SmileFit& fit = fits[i];
    const bool last = i + 1 == inputs.size();
    const SviSlice* ceiling = last ? nullptr : &fits[i + 1].slice;
    const double share = last ? 1 : inputs[i].years / inputs[i + 1].years;
    if (targets[i].empty()) {
      fit.source = SmileSource::borrowed;
      fit.last_resort = true;
    }
    const Targets own = targets[i].empty() ? borrowed_targets(inputs, targets, i) : targets[i];
    const Targets floors = floors_of(inputs, i);
    fit.slice = solve_svi({.years = inputs[i].years, .targets = own, .floors = floors, .ceiling = ceiling});
    repair(fit, ceiling, share);
    measure(fit, inputs[i], ceiling);
  }
  return fits;
}

}  // namespace margrave
