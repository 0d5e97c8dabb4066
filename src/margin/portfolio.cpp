#include "margin/portfolio.h"

#include "margin/value_now.h"
#include "product/cost_leg.h"

namespace margrave {
namespace {

tl::unexpected<Error> unpriced(const std::string& account, const std::string& what) {
  return fail({.message = "account " + account + ": the market cannot price " + what,
               .remedy = "see the market's findings for what is missing"});
}

tl::unexpected<Error> too_large(const std::string& account, const std::string& what) {
  return fail({.kind = ErrorKind::overflow, .message = "account " + account + ": " + what + " leaves 128 bits"});
}

/// The leg that makes the position worth nothing now, rounded down: what an entry at the present mark would have cost.
Result<i128> leg_at_mark(const RiskArray& array, const Holding& position, std::uint32_t asset_row) {
  const ValueNow value = TRY(value_now(array, {&position, 1}));
  if (value.units == 0 && value.rest == 0) return i128{0};  // what settles in a worthless asset is worthless too
  return units_against(array, asset_row, value);
}

}  // namespace

RowIndex index_rows(const Registry& registry, const RiskArray& array) {
  RowIndex index;
  for (const Instrument& instrument : registry.instruments())
    index.instrument.push_back(array.find_row(instrument.name));
  for (const Asset& asset : registry.assets()) index.asset.push_back(array.find_row(row_name(asset)));
  return index;
}

Result<Portfolio> make_portfolio(const Registry& registry, const RowIndex& index, const RiskArray& array,
                                 const Book& book) {
  Portfolio portfolio{.account = book.account, .lines = {}, .balances = {}};
  portfolio.balances.reserve(book.balances.size());
  portfolio.lines.reserve(book.positions.size());
  for (const Balance& balance : book.balances) {
    const auto row = index.asset[balance.asset.index()];
    if (!row) return unpriced(book.account, registry[balance.asset].name);
    portfolio.balances.push_back({*row, balance.units});
  }
  for (const Position& position : book.positions) {
    const Instrument& instrument = registry[position.instrument];
    const auto row = index.instrument[position.instrument.index()];
    if (!row) return unpriced(book.account, instrument.name);
    Line line{.instrument = position.instrument, .lots = position.lots, .position = {*row, position.lots.raw}};
    if (instrument.is_forward()) {
      const auto asset_row = index.asset[instrument.settlement.index()];
      if (!asset_row) return unpriced(book.account, registry[instrument.settlement].name);
      line.entered_at_mark = !position.entry_price.has_value();
      i128 units = position.entry_price
                       ? TRY(cost_leg(registry, position.instrument, position.lots, *position.entry_price))
                       : TRY(leg_at_mark(array, line.position, *asset_row));
      if (!add(units, position.accrued, units) || abs128(units) >= i128{1} << 95)
        return too_large(book.account, "the cost of " + instrument.name);
      line.leg = Holding{*asset_row, units};
    }
    portfolio.lines.push_back(line);
  }
  return portfolio;
}

}  // namespace margrave
