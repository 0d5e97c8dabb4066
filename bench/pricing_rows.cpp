#include <array>
#include <cmath>
#include <cstring>

#include "base/check.h"
#include "math/elementary.h"
#include "pricing/black76.h"
#include "pricing/implied_vol.h"
#include "pricing/option_row.h"
#include "pricing_accuracy.h"
#include "quantlib/peers.h"
#include "row.h"

namespace margrave::bench {
namespace {

constexpr double forward = 60000;

/// Floors and goals by instruction set, from the measurements the design was made with (Zen 5).
struct Promise {
  double avx512_floor, avx512_goal, avx2_floor, avx2_goal;
  double floor(Isa isa) const { return isa == Isa::avx512 ? avx512_floor : isa == Isa::avx2 ? avx2_floor : 0; }
  double goal(Isa isa) const { return isa == Isa::avx512 ? avx512_goal : isa == Isa::avx2 ? avx2_goal : 0; }
};

BenchRow row_of(const std::string& group, const std::string& what, Isa isa, const Paired& time, double floor,
                double goal) {
  return {row_id(group, isa), what, std::string(to_string(isa)), time.ours, time.peer, "ns", time.ratio, floor, goal};
}

/// Four expiries of a week to a year, 512 options each, vols of 25 to 145 %; the order within an expiry is shuffled.
struct Chain {
  static constexpr std::size_t expiries = 4, each = 512, n = expiries * each;
  std::vector<double> strikes, log_moneyness, total_vols, prices, out;
  std::vector<std::array<double, 4>> options;

  explicit Chain(bool only_out_of_the_money)
      : strikes(n), log_moneyness(n), total_vols(n), prices(n), out(n), options(n) {
    Random random{.seed = 31, .stream = 1};
    for (std::size_t i = 0; i < n; ++i) {
      const double years[] = {7.0 / 365, 30.0 / 365, 90.0 / 365, 1.0};
      const double s = (0.25 + 1.2 * random.uniform()) * std::sqrt(years[i / each]);
      const double k = s * (only_out_of_the_money ? 2.5 * random.uniform() : 5 * (random.uniform() - 0.5));
      const double strike = forward * stable_exp(k);
      options[i] = {strike, stable_log_ratio(strike, forward), s, black76_accurate({forward, strike, 1.0, s, true})};
    }
    shuffle(0);
  }
  void shuffle(int repetition) {
    for (std::size_t e = 0; e < expiries; ++e) {
      const auto order = permutation(each, repetition);
      for (std::size_t i = 0; i < each; ++i) {
        const auto& option = options[e * each + order[i]];
        const std::size_t to = e * each + i;
        strikes[to] = option[0], log_moneyness[to] = option[1], total_vols[to] = option[2], prices[to] = option[3];
      }
    }
  }
};

void price_with_ours(Isa isa, Chain& chain) {
  black76_calls(isa,
                NormalisedBatch{.forward = forward,
                                .strikes = chain.strikes,
                                .log_moneyness = chain.log_moneyness,
                                .total_vols = chain.total_vols},
                chain.out);
}

void add_black(const Selection& selection, std::vector<BenchRow>& rows) {
  constexpr Promise promise{25, 35, 14, 18};
  for (const Isa isa : supported_isas()) {
    if (!selection.wants(row_id("G1", isa))) continue;
    Chain chain(false);
    std::vector<double> peer(Chain::n);
    const auto theirs = [&] {
      quantlib::black_calls(forward, chain.strikes.data(), chain.total_vols.data(), peer.data(), Chain::n);
    };
    price_with_ours(isa, chain);
    theirs();
    for (std::size_t i = 0; i < Chain::n; ++i) CHECK(std::fabs(chain.out[i] - peer[i]) <= 2e-15 * forward);
    const Paired time = paired(
        61, Chain::n, Chain::n, [&](int r) { chain.shuffle(r); }, [&] { price_with_ours(isa, chain); }, theirs);
    rows.push_back(row_of("G1", "Black-76 call from ln(K/F) and total vol, against QuantLib blackFormula", isa, time,
                          promise.floor(isa), promise.goal(isa)));
  }
}

/// 64 options of one expiry in 512 scenarios.
struct Grid {
  static constexpr std::size_t options = 64, scenarios = 512, n = options * scenarios;
  std::vector<double> log_forward, forwards, multiplier, floor, ones, moneyness;
  std::vector<std::int32_t> row, naive;
  SviSlice slice{.a = 0.0017, .b = 0.02, .rho = -0.3, .m = 0.05, .sigma = 0.4};

  Grid() : floor(scenarios, 0.0), ones(scenarios, 1.0), row(n), naive(n) {
    Random random{.seed = 31, .stream = 2};
    for (std::size_t s = 0; s < scenarios; ++s) {
      log_forward.push_back(0.5 * (random.uniform() - 0.5));
      forwards.push_back(forward * stable_exp(log_forward.back()));
      multiplier.push_back(0.6 + 0.9 * random.uniform());
    }
    for (std::size_t i = 0; i < options; ++i) moneyness.push_back(random.uniform() - 0.5);
  }
  void shuffle(int repetition) {
    const auto order = permutation(scenarios, repetition);
    const auto apply = [&](std::vector<double>& values) {
      std::vector<double> moved(values.size());
      for (std::size_t i = 0; i < values.size(); ++i) moved[i] = values[order[i]];
      values = moved;
    };
    apply(log_forward), apply(forwards), apply(multiplier);
  }
};

constexpr double expiry = 30.0 / 365, scale = 1024;

void fill_with_ours(Isa isa, Grid& grid) {
  const ExpiryScenarios view{grid.log_forward, grid.forwards, grid.multiplier, grid.floor, grid.ones, grid.ones};
  for (std::size_t i = 0; i < Grid::options; ++i) {
    const double k = grid.moneyness[i];
    const OptionTerms terms{forward * stable_exp(k), k, k > 0, expiry, 1.0};
    CHECK(option_row(isa, view, terms, grid.slice, 0.0, scale,
                     std::span(grid.row).subspan(i * Grid::scenarios, Grid::scenarios)));
  }
}

/// What one writes first: SVI, logarithm and two erfc a cell, from the C library.
void fill_naively(Grid& grid) {
  const SviSlice& v = grid.slice;
  for (std::size_t i = 0; i < Grid::options; ++i) {
    const double strike = forward * stable_exp(grid.moneyness[i]);
    for (std::size_t s = 0; s < Grid::scenarios; ++s) {
      const double f = grid.forwards[s], x = std::log(f / strike), y = -x - v.m;
      const double w = v.a + v.b * (v.rho * y + std::sqrt(y * y + v.sigma * v.sigma));
      const double total = std::sqrt(w) * grid.multiplier[s], d1 = x / total + 0.5 * total, d2 = d1 - total;
      const double sign = grid.moneyness[i] > 0 ? 1 : -1;
      const double price =
          sign * (f * 0.5 * std::erfc(-sign * d1 * M_SQRT1_2) - strike * 0.5 * std::erfc(-sign * d2 * M_SQRT1_2));
      grid.naive[i * Grid::scenarios + s] = static_cast<std::int32_t>(std::lrint(price * scale));
    }
  }
}

void add_grid(const Selection& selection, std::vector<BenchRow>& rows) {
  constexpr Promise promise{15, 20, 7, 8};
  for (const Isa isa : supported_isas()) {
    if (!selection.wants(row_id("G1b", isa))) continue;
    Grid grid;
    fill_with_ours(isa, grid);
    fill_naively(grid);
    for (std::size_t i = 0; i < Grid::n; ++i) CHECK(std::abs(grid.row[i] - grid.naive[i]) <= 1);
    const Paired time = paired(
        31, Grid::n, Grid::n, [&](int r) { grid.shuffle(r); }, [&] { fill_with_ours(isa, grid); },
        [&] { fill_naively(grid); });
    rows.push_back(row_of("G1b", "cell of an int32 row with SVI smile, against the naive loop over the C library", isa,
                          time, promise.floor(isa), promise.goal(isa)));
  }
}

void add_engine(const Selection& selection, std::vector<BenchRow>& rows) {
  const Isa isa = best_isa();
  if (!selection.wants("G1c")) return;
  Grid grid;
  // Eight rounds over the scenarios, so that building QuantLib's curves once does not count.
  constexpr std::size_t bumps = 8 * Grid::scenarios;
  std::vector<double> peer(bumps), spots(bumps), ours(Grid::scenarios);
  const ExpiryScenarios view{grid.log_forward, grid.forwards, grid.ones, grid.floor, grid.ones, grid.ones};
  const OptionTerms terms{forward, 0.0, true, expiry, 1.0};
  const auto mine = [&] { option_values(isa, view, terms, FlatVol{0.7}, 0.0, ours); };
  const auto theirs = [&] { quantlib::engine_bumps(forward, 30, 0.7, spots.data(), peer.data(), bumps); };
  const auto shuffle = [&](int repetition) {
    grid.shuffle(repetition);
    for (std::size_t i = 0; i < bumps; ++i) spots[i] = grid.forwards[i % Grid::scenarios];
  };
  shuffle(0), mine(), theirs();
  for (std::size_t i = 0; i < bumps; ++i) CHECK(std::fabs(ours[i % Grid::scenarios] - peer[i]) <= 1e-10 * forward);
  const Paired time = paired(31, Grid::scenarios, bumps, shuffle, mine, theirs);
  rows.push_back(
      row_of("G1c", "one option revalued after a bump, against QuantLib AnalyticEuropeanEngine", isa, time, 700, 1000));
}

void add_accuracy(const Selection& selection, std::vector<BenchRow>& rows) {
  if (selection.wants("G1d")) {
    const WorstError worst = search_worst_error();
    rows.push_back({"G1d", "allowed error over the worst one found (1e-12 of prices above 1e-7 F, 1e-14 F for all)",
                    std::string(to_string(best_isa())), worst.relative, 1e-12, "relative",
                    std::min(1e-12 / worst.relative, 1e-14 / worst.absolute), 1, 5});
  }
  if (selection.wants("G1e")) {
    const double equal = equal_share();
    rows.push_back({"G1e", "share of prices, rows and vols whose bits agree over all instruction sets", "all", equal, 1,
                    "share", equal == 1 ? 1.0 : 0.0, 1, 1});
  }
}

void add_implied(const Selection& selection, std::vector<BenchRow>& rows) {
  constexpr Promise promise{13, 24, 13, 24};
  for (const Isa isa : supported_isas()) {
    if (!selection.wants(row_id("G5", isa))) continue;
    Chain chain(true);
    std::vector<double> peer(Chain::n);
    const auto ours = [&] {
      implied_call_vols(isa, {.forward = forward, .expiry = 1.0, .strikes = chain.strikes, .prices = chain.prices},
                        chain.out);
    };
    const auto theirs = [&] {
      quantlib::implied_total_vols(forward, chain.strikes.data(), chain.prices.data(), 1e-12, peer.data(), Chain::n);
    };
    ours(), theirs();
    for (std::size_t i = 0; i < Chain::n; ++i) {
      CHECK(std::fabs(chain.out[i] / chain.total_vols[i] - 1) <= 1e-12);
      CHECK(std::fabs(peer[i] / chain.total_vols[i] - 1) <= 1e-10);
    }
    const Paired time = paired(
        31, Chain::n, Chain::n, [&](int r) { chain.shuffle(r); }, ours, theirs);
    rows.push_back(row_of("G5", "implied vol to 1e-12, against QuantLib blackFormulaImpliedStdDevLiRS", isa, time,
                          promise.floor(isa), promise.goal(isa)));
  }
}

}  // namespace

std::vector<BenchRow> pricing_rows(const Selection& selection) {
  std::vector<BenchRow> rows;
  add_black(selection, rows);
  add_grid(selection, rows);
  add_engine(selection, rows);
  add_accuracy(selection, rows);
  add_implied(selection, rows);
  return rows;
}

}  // namespace margrave::bench
