#include "market_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "market/chain.h"
#include "market/model_chain.h"
#include "yardstick.h"

namespace margrave::bench {
namespace {

constexpr int repetitions = 25;

double milliseconds_of(const auto& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
}

/// The quotes of a made chain of 12 expiries and about 800 options, and whether their fits are what they should be.
struct WholeChain {
  std::vector<SmileInput> inputs;
  int options{0};
};

WholeChain whole_chain() {
  const Chain chain = model_chain({.as_of = Timestamp::from_civil(2026, 1, 5, 8), .expiries = 12, .options = 800});
  const Result<ChainMarket> market = build_market(chain);
  CHECK(market.has_value());
  WholeChain whole;
  for (const ExpiryFit& fit : market->fits) whole.inputs.push_back({.years = fit.years, .quotes = fit.quotes});
  for (const ChainQuote& quote : chain.quotes) whole.options += quote.instrument.terms.kind == Kind::option;
  return whole;
}

bool is_right(const std::vector<SmileFit>& fits) {
  return std::all_of(fits.begin(), fits.end(), [](const SmileFit& fit) {
    return fit.min_g >= 0 && !(fit.calendar < 0) && fit.rms < 0.004 && !fit.last_resort;
  });
}

}  // namespace

std::vector<BenchRow> market_rows(const Selection& selection) {
  if (!selection.wants("A2")) return {};
  const WholeChain whole = whole_chain();
  std::vector<SmileFit> fits;
  std::vector<double> times;
  for (int i = 0; i < repetitions; ++i) times.push_back(milliseconds_of([&] { fits = fit_smiles(whole.inputs); }));
  std::sort(times.begin(), times.end());
  const double median_ms = times[times.size() / 2];
  fmt::print(stderr, "A2: {} options, {} expiries, {}; {:.1f} to {:.1f} ms\n", whole.options, whole.inputs.size(),
             is_right(fits) ? "no arbitrage, errors below 0.4 points" : "WRONG", times.front(), times.back());
  return {row_against({.id = "A2", .what = "fit of one underlying's whole chain, one core", .unit = "ms", .limit = 50},
                      median_ms, is_right(fits))};
}

}  // namespace margrave::bench
