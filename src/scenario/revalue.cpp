#include "scenario/revalue.h"

#include <algorithm>
#include <cmath>

#include "base/limits.h"
#include "base/parallel.h"
#include "market/surface.h"
#include "scenario/depth_rows.h"
#include "scenario/rounding.h"
#include "scenario/row_pricer.h"
#include "scenario/row_scalars.h"

namespace margrave {
namespace {

/// An instrument's unit is never finer than 2^-64 USD: what is worth less would force that unit on every sum it is in,
/// until the sum leaves 128 bits.
constexpr int instrument_exponent_lowest = -64;

bool known(double x) { return !std::isnan(x); }

/// Why an instrument cannot be priced; empty when it can.
std::string unpriced_reason(const Market& market, InstrumentId id) {
  const Instrument& instrument = market.registry[id];
  const MarketState& state = market.state;
  if (!known(state.asset_usd[instrument.settlement.index()])) {
    return "no price of its settlement asset " + market.registry[instrument.settlement].name;
  }
  if (!known(state.underlyings[instrument.underlying.index()].index)) {
    return "no index of " + market.registry[instrument.underlying].name;
  }
  if (instrument.expires() && instrument.expiry <= state.as_of) return "it expired at " + to_string(instrument.expiry);
  if (instrument.is_forward()) return known(state.instruments[id.index()].mark) ? "" : "no mark price";
  const ExpiryState* expiry = expiry_of(market, instrument);
  if (expiry == nullptr || !known(expiry->forward)) return "no forward for its expiry";
  return vol_of(market, id) ? "" : "no vol";
}

struct Row {
  std::string name;
  std::optional<AssetId> asset;
  std::optional<InstrumentId> instrument;
};

void add_finding(std::vector<Finding>& findings, const std::string& subject, const std::string& text) {
  findings.push_back({Finding::Kind::missing, subject, text});
}

bool is_wanted(const std::vector<bool>& only, std::uint32_t id) { return only.empty() || only[id]; }

std::vector<Row> rows_of(const Market& market, const WantedRows& only, std::vector<Finding>& unpriced) {
  std::vector<Row> rows;
  for (std::uint32_t a = 0; a < market.registry.assets().size(); ++a) {
    if (!is_wanted(only.assets, a)) continue;
    const Asset& asset = market.registry.assets()[a];
    if (known(market.state.asset_usd[a])) {
      rows.push_back({row_name(asset), AssetId{a}, std::nullopt});
    } else {
      add_finding(unpriced, asset.name, "no price in USD");
    }
  }
  for (std::uint32_t i = 0; i < market.registry.instruments().size(); ++i) {
    if (!is_wanted(only.instruments, i)) continue;
    const std::string reason = unpriced_reason(market, InstrumentId{i});
    const std::string& name = market.registry.instruments()[i].name;
    if (reason.empty()) {
      rows.push_back({name, std::nullopt, InstrumentId{i}});
    } else {
      add_finding(unpriced, name, reason);
    }
  }
  return rows;
}

ArrayPlan plan_of(const std::vector<ScenarioSet>& sets, RowWidth width) {
  ArrayPlan plan;
  plan.width = width;
  plan.scenarios.push_back("now");
  constexpr Ratio one{power_of_ten(Ratio::decimals)};
  bool weighted = false;  // no weights means that all are 1
  for (const ScenarioSet& set : sets) {
    const auto begin = static_cast<std::uint32_t>(plan.scenarios.size());
    plan.scenarios.insert(plan.scenarios.end(), set.names.begin(), set.names.end());
    weighted = weighted || std::any_of(set.weights.begin(), set.weights.end(), [&](Ratio w) { return w != one; });
    plan.ranges.push_back({set.name, begin, static_cast<std::uint32_t>(plan.scenarios.size())});
  }
  if (!weighted) return plan;
  plan.weights.assign(1, one);
  for (const ScenarioSet& set : sets) plan.weights.insert(plan.weights.end(), set.weights.begin(), set.weights.end());
  return plan;
}

Result<GlobalScalar> peg_of(const MarketState& state) {
  GlobalScalar peg{.name = "peg", .decimals = 18};
  if (round_scalar(state.peg, peg.decimals, peg.value)) return peg;
  return fail({.kind = ErrorKind::overflow, .message = "the peg is not a number", .remedy = "give it in USD"});
}

Result<GlobalScalar> price_of_numeraire(const Market& market, AssetId numeraire) {
  GlobalScalar price{.name = "settlement_price", .decimals = 18};
  const double usd = market.state.asset_usd[numeraire.index()];
  if (usd > 0 && round_scalar(usd, price.decimals, price.value) && price.value > 0) return price;
  return fail({.kind = ErrorKind::config,
               .message = "values cannot be in " + market.registry[numeraire].name + ", which has no price in USD",
               .remedy = "give its usd, or take another numeraire"});
}

/// A value that is no number must not become an integer: it would be a quiet zero.
Result<void> check_finite(const RiskArrayBuilder& builder, const Row& row, const std::vector<double>& values) {
  for (std::size_t c = 0; c < values.size(); ++c) {
    if (std::isfinite(values[c])) continue;
    return fail({.kind = ErrorKind::overflow,
                 .message = row.name + " has no finite value in scenario '" + builder.plan().scenarios[c] + "'",
                 .remedy = "use a smaller move, or correct the prices of the market"});
  }
  return {};
}

/// The values of all rows, row after row, and the first error by row order whatever the threads did.
template <class Body>
Result<void> for_each_row(std::size_t rows, unsigned threads, Body&& body) {
  std::vector<Result<void>> results(rows);
  parallel_for(rows, threads, [&](std::size_t r) { results[r] = body(r); });
  for (Result<void>& result : results) {
    if (!result) return result;
  }
  return {};
}

std::optional<int> listed_exponent(const RevalueOptions& options, const std::string& name) {
  for (const auto& [row, exponent] : options.listed) {
    if (row == name) return exponent;
  }
  return std::nullopt;
}

Result<int> exponent_of(const Row& row, double largest, RowWidth width) {
  Result<int> exponent =
      smallest_exponent(largest, width, row.instrument ? instrument_exponent_lowest : exponent_lowest);
  // A row of zeros is exact in any unit, so it keeps the one that costs a sum nothing.
  if (exponent && largest == 0) return 0;
  if (exponent) return exponent;
  return fail({.kind = ErrorKind::overflow,
               .message = "its value in some scenario is not finite, or too large for any unit",
               .field = row.name,
               .remedy = "check its market numbers, and the scenarios for a price that falls to nothing"});
}

/// Values, unit, entries and scalars of one row. The border: here a double becomes an integer.
Result<void> fill_row(const ScalarSource& from, const RowPricer& pricer, const Row& row, std::uint32_t at,
                      const RevalueOptions& options, RiskArrayBuilder& builder) {
  const std::optional<int> listed = listed_exponent(options, row.name);
  const bool is_option = row.instrument && from.market.registry[*row.instrument].kind == Kind::option;
  if (row.asset) set_scalars(builder, at, from, *row.asset);
  if (row.instrument) set_scalars(builder, at, from, *row.instrument);
  if (listed && is_option && options.width == RowWidth::narrow) {
    builder.set_exponent(at, *listed);
    double now = 0;
    const bool fits = pricer.option_entries(*row.instrument, *listed, builder.narrow_row(at), now);
    set_value(builder, at, now);
    if (fits) return {};
  }
  std::vector<double> values(builder.plan().scenarios.size());
  if (row.asset) pricer.asset_values(*row.asset, values);
  if (row.instrument) pricer.instrument_values(*row.instrument, values);
  const double largest = largest_magnitude(values);
  if (!std::isfinite(largest)) TRY_VOID(check_finite(builder, row, values));
  if (row.instrument) set_value(builder, at, values[0]);
  if (listed) TRY_VOID(check_exponent(row.name, *listed, largest, options.width));
  const int exponent = listed ? *listed : TRY(exponent_of(row, largest, options.width));
  builder.set_exponent(at, exponent);
  if (options.width == RowWidth::narrow) {
    round_row(values, exponent, builder.narrow_row(at));
  } else {
    round_row(values, exponent, builder.wide_row(at));
  }
  return {};
}

}  // namespace

Result<Revaluation> revalue(const Market& market, const std::vector<ScenarioSet>& sets, const RevalueOptions& options) {
  return revalue(market, sets, MarketPath(market, sets, options.isa), options);
}

Result<Revaluation> revalue(const Market& market, const std::vector<ScenarioSet>& sets, const MarketPath& path,
                            const RevalueOptions& options) {
  if (path.columns() < 2) return fail({.kind = ErrorKind::config, .message = "there is no scenario to revalue"});
  if (path.columns() > limits::scenarios) {
    return fail({.kind = ErrorKind::config,
                 .message = "there are more scenarios than an array may have",
                 .remedy = "use at most " + std::to_string(limits::scenarios)});
  }
  std::vector<Finding> unpriced;
  const std::vector<Row> rows = rows_of(market, options.only, unpriced);
  RowPricer pricer(market, path, options.isa, options.numeraire, options.discounted);
  for (const Row& row : rows) {
    if (row.instrument) pricer.prepare(*row.instrument);
  }

  ArrayPlan plan = plan_of(sets, options.width);
  plan.globals = {TRY(peg_of(market.state))};
  plan.discounted = options.discounted;
  if (options.numeraire) {
    plan.globals.push_back(TRY(price_of_numeraire(market, *options.numeraire)));
    plan.numeraire = market.registry[*options.numeraire].name;
  }
  for (const Row& row : rows) plan.rows.push_back({row.name, 0});
  for (std::uint32_t r = 0; r < rows.size(); ++r) {
    if (!rows[r].instrument || market.state.instruments[rows[r].instrument->index()].depth.curve.is_empty()) continue;
    plan.ladders.push_back(TRY(depth_ladder(market, *rows[r].instrument, r)));
  }
  RiskArrayBuilder builder = TRY(RiskArrayBuilder::create(std::move(plan)));
  const ScalarSource from{market, sets, options.numeraire};
  TRY_VOID(for_each_row(rows.size(), options.threads, [&](std::size_t r) {
    return fill_row(from, pricer, rows[r], static_cast<std::uint32_t>(r), options, builder);
  }));
  return Revaluation{TRY(std::move(builder).finish(options.threads)), std::move(unpriced)};
}

}  // namespace margrave
