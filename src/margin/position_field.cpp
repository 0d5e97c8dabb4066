#include "margin/position_field.h"

#include "base/limits.h"
#include "margin/leverage.h"
#include "margin/value_now.h"

namespace margrave {
namespace {

constexpr Unit plain{};
constexpr Unit usd{{1, 0, 0, 0}}, coin{{0, 1, 0, 0}}, price{{1, -1, 0, 0}}, year{{0, 0, 1, 0}}, second{{0, 0, 0, 1}};
constexpr Unit per_year{{0, 0, -1, 0}}, coins_per_price{{-1, 2, 0, 0}}, settled_price{{1, 0, 0, 0, -1}};
constexpr Range any{}, at_least_zero{0, Range::infinity, true},
    positive{limits::smallest_price, limits::largest_price, false}, share{0, 1, true};

using F = PositionField;
using G = Grouping;

constexpr FieldListing listings[] = {
    {F::size, "size", coin, any, G::position, true, true, "coins of the position or balance, short below 0"},
    {F::value, "value", usd, any, G::position, true, true, "what it is worth now; of a forward, its price content"},
    {F::notional, "notional", usd, any, G::position, false, true, "coins at the index (options) or the mark, signed"},
    {F::pnl, "pnl", usd, any, G::position, false, true, "profit since entry that is not realised; 0 for options"},
    {F::delta, "delta", coin, any, G::position, false, true, "coins that move like it"},
    {F::gamma, "gamma", coins_per_price, any, G::position, false, true, "change of delta by a dollar of the index"},
    {F::vega, "vega", usd, any, G::position, false, true, "change of value by a vol point (0.01)"},
    {F::is_call, "is_call", plain, share, G::instrument, false, false, "1 for a call, else 0"},
    {F::strike, "strike", price, positive, G::strike, false, false, "of an option"},
    {F::mark, "mark", price, at_least_zero, G::instrument, true, false, "price of one coin of it now"},
    {F::vol, "vol", plain, at_least_zero, G::instrument, false, false, "annualised vol of an option now"},
    {F::open_interest, "open_interest", coin, at_least_zero, G::instrument, false, false, "coins of all positions"},
    {F::confidence, "confidence", plain, share, G::instrument, true, false, "how far its own price is trusted"},
    {F::funding_rate, "funding_rate", plain, any, G::instrument, false, false,
     "share of notional, paid by longs in 8 h"},
    {F::forward, "forward", price, at_least_zero, G::expiry, false, false, "of its expiry"},
    {F::seconds, "seconds", second, at_least_zero, G::expiry, false, false, "to expiry"},
    {F::years, "years", year, at_least_zero, G::expiry, false, false, "to expiry, of 365 days"},
    {F::rate, "rate", per_year, any, G::expiry, false, false, "continuous rate of its expiry"},
    {F::index, "index", price, positive, G::underlying, false, false, "of the underlying"},
    {F::index_confidence, "index_confidence", plain, share, G::underlying, false, false,
     "how far the index is trusted"},
    {F::peg, "peg", plain, positive, G::all, true, false, "dollars of the token that prices are quoted in"},
    {F::settlement_price, "settlement_price", settled_price, positive, G::all, true, false,
     "dollars of one unit of the settlement asset; where the numeraire is settlement"},
    {F::equity, "equity", usd, any, G::all, true, false, "of the account"},
};

tl::unexpected<Error> unknown(const std::string& row, std::string_view field) {
  return fail({.message = row + " has no " + std::string(field),
               .remedy = "give it in the market, or leave its kind out of the component"});
}

Result<Number> scalar(const RiskArray& array, std::uint32_t row, ScalarField field) {
  const auto value = array.scalar(row, field);
  const ScalarScale& scale = scale_of(field);
  if (!value) return unknown(array.name(row), scale.name);
  return Number::from_units(*value, scale.decimals);
}

tl::unexpected<Error> overflow(const std::string& row) {
  return fail({.kind = ErrorKind::overflow,
               .message = "a number of " + row + " leaves 256 bits",
               .remedy = "correct its size"});
}

Number global_or_one(const RiskArray& array, std::string_view name) {
  const GlobalScalar* of = array.find_global(name);
  return of == nullptr ? Number(1) : Number::from_units(of->value, of->decimals);
}

/// Dollars of one unit of what the array's values count.
Number numeraire_price(const RiskArray& array) { return global_or_one(array, "settlement_price"); }

/// Coins of `lots` lots; an inverse forward's are its dollars at the mark.
Result<Number> coins(const MarginInputs& inputs, const Line& line, const Number& lots) {
  const Instrument& instrument = inputs.registry[line.instrument];
  const Decimal content = TRY(lot_content(instrument));
  Number size;
  if (!Number::multiply(Number::from_decimal(content), lots, size)) return overflow(instrument.name);
  if (!instrument.is_forward() || instrument.style == Style::linear) return size;
  const Number mark = TRY(scalar(inputs.array, line.position.row, ScalarField::mark));
  if (!Number::divide(size, mark, size)) return overflow(instrument.name);
  return size;
}

/// Of a lot, times the lots.
Result<Number> scaled(const MarginInputs& inputs, const Line& line, ScalarField field) {
  const Number one = TRY(scalar(inputs.array, line.position.row, field));
  Number all;
  if (!Number::multiply(one, Number(line.lots.raw), all)) return overflow(inputs.array.name(line.position.row));
  return all;
}

/// Dollars of one coin: a forward's mark, an option's premium.
Result<Number> mark_of(const MarginInputs& inputs, const Line& line) {
  const Instrument& instrument = inputs.registry[line.instrument];
  if (instrument.is_forward()) return scalar(inputs.array, line.position.row, ScalarField::mark);
  const Holding lot{line.position.row, 1};
  const Number value = TRY(exact_value(inputs.array, {&lot, 1}));
  const Number content = TRY(coins(inputs, line, Number(1)));
  Number mark;
  if (!Number::multiply(value, numeraire_price(inputs.array), mark)) return overflow(instrument.name);
  if (!Number::divide(mark, content, mark)) return overflow(instrument.name);
  return mark;
}

Result<Number> pnl_of(const MarginInputs& inputs, const Line& line) {
  if (!line.leg) return Number{};
  const std::vector<Holding> holdings{line.position, *line.leg};
  return exact_value(inputs.array, holdings);
}

Result<Number> years_of(const MarginInputs& inputs, const Line& line) {
  const Number seconds = TRY(scalar(inputs.array, line.position.row, ScalarField::seconds_to_expiry));
  Number years;
  CHECK(Number::divide(seconds, Number(seconds_per_year), years));
  return years;
}

Result<Number> of_line(const MarginInputs& inputs, const Line& line, PositionField field) {
  const std::uint32_t row = line.position.row;
  switch (field) {
    case F::size:
      return coins(inputs, line, Number(line.lots.raw));
    case F::value:
      return exact_value(inputs.array, {&line.position, 1});
    case F::notional:
      return scaled(inputs, line, ScalarField::notional);
    case F::pnl:
      return pnl_of(inputs, line);
    case F::delta:
      return scaled(inputs, line, ScalarField::delta);
    case F::gamma:
      return scaled(inputs, line, ScalarField::gamma);
    case F::vega:
      return scaled(inputs, line, ScalarField::vega);
    case F::is_call:
      return Number(inputs.registry[line.instrument].is_call ? 1 : 0);
    case F::strike:
      if (inputs.registry[line.instrument].kind != Kind::option) return unknown(inputs.array.name(row), "strike");
      return Number::from_decimal(inputs.registry[line.instrument].strike);
    case F::mark:
      return mark_of(inputs, line);
    case F::vol:
      return scalar(inputs.array, row, ScalarField::vol);
    case F::open_interest: {
      const Number lots = TRY(scalar(inputs.array, row, ScalarField::open_interest));
      return coins(inputs, line, lots);
    }
    case F::confidence:
      return scalar(inputs.array, row, ScalarField::confidence);
    case F::funding_rate:
      return scalar(inputs.array, row, ScalarField::funding_rate);
    case F::forward:
      return scalar(inputs.array, row, ScalarField::forward);
    case F::seconds:
      return scalar(inputs.array, row, ScalarField::seconds_to_expiry);
    case F::years:
      return years_of(inputs, line);
    case F::rate:
      return scalar(inputs.array, row, ScalarField::rate);
    case F::index:
      return scalar(inputs.array, row, ScalarField::index);
    case F::index_confidence:
      return scalar(inputs.array, row, ScalarField::index_confidence);
    case F::peg:
    case F::settlement_price:
    case F::equity:
      break;
  }
  CHECK(false);
}

Result<Number> of_balance(const MarginInputs& inputs, const Holding& balance, PositionField field) {
  switch (field) {
    case F::value:
      return exact_value(inputs.array, {&balance, 1});
    case F::mark:
      return scalar(inputs.array, balance.row, ScalarField::mark);
    case F::confidence:
      return scalar(inputs.array, balance.row, ScalarField::confidence);
    default: {
      CHECK(field == F::size);
      const std::string& row = inputs.array.name(balance.row);
      const auto asset = inputs.registry.asset(std::string_view(row).substr(row.find(':') + 1));
      CHECK(asset.has_value());
      return Number::from_units(balance.quantity, inputs.registry[*asset].decimals);
    }
  }
}

}  // namespace

std::span<const FieldListing> position_fields() { return listings; }

Result<Number> read_field(const MarginInputs& inputs, const Portfolio& portfolio, Usd equity, PositionField field,
                          Grouping grouping, std::size_t line) {
  if (field == F::equity) return Number::from_units(equity.raw, Usd::decimals);
  if (field == F::peg) return global_or_one(inputs.array, "peg");
  if (field == F::settlement_price) return numeraire_price(inputs.array);
  if (grouping == Grouping::asset) return of_balance(inputs, portfolio.balances[line], field);
  return of_line(inputs, portfolio.lines[line], field);
}

}  // namespace margrave
