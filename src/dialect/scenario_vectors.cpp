#include <algorithm>
#include <cmath>

#include "dialect/function_vector.h"
#include "margin/extends.h"
#include "margin/recipe_reader.h"
#include "report/margin_books.h"

namespace margrave {
namespace {

namespace bounds = vector_bounds;

constexpr std::size_t scenarios = 16;
/// Entries count this part of a dollar: whole dollars are exact, and 10^12 of them fit.
constexpr int entry_exponent = -20;

/// A position of a file of risk arrays: whole contracts, and what one gains in each scenario.
struct ArrayPosition {
  std::int64_t quantity{0};
  std::vector<std::int64_t> entries;
};

Result<ArrayPosition> read_array_position(const Cursor& at) {
  constexpr std::int64_t most = 1'000'000'000;
  constexpr double largest = 1e12;
  ArrayPosition position;
  const Cursor quantity = TRY(at.get("qty"));
  position.quantity = TRY(quantity.integer(-most, most));
  if (position.quantity == 0) return fail(quantity.error("the position is empty", "leave it out"));
  const Cursor array = TRY(at.get("risk_array"));
  for (const Cursor& item : TRY(array.list())) {
    const double gain = TRY(item.real());
    if (std::fabs(gain) > largest) return fail(item.error("the gain is beyond 1e12", "correct the vector"));
    position.entries.push_back(std::llround(std::ldexp(gain, -entry_exponent)));
  }
  if (position.entries.size() != scenarios)
    return fail(array.error("there are " + std::to_string(position.entries.size()) + " scenarios", "give 16"));
  return position;
}

/// Contracts of which nothing is known but their arrays, in one account.
struct ArrayAccount {
  Registry registry;
  std::optional<RiskArray> array;
  Book book;
};

Result<ArrayAccount> make_array_account(const std::vector<ArrayPosition>& positions) {
  ArrayAccount account;
  account.book.account = "vector";
  const AssetId usd = TRY(account.registry.list(Asset{.name = "USD", .decimals = 2}));
  const AssetId coin = TRY(account.registry.list(Asset{.name = "UNIT", .decimals = 0}));
  const UnderlyingId underlying = TRY(account.registry.list(Underlying{"UNIT", coin}));
  ArrayPlan plan;
  plan.width = RowWidth::wide;
  plan.scenarios.emplace_back("now");
  for (std::size_t s = 1; s <= scenarios; ++s) plan.scenarios.push_back("scenario " + std::to_string(s));
  plan.ranges = {{"arrays", 1, scenarios + 1}};
  for (std::size_t i = 0; i < positions.size(); ++i) {
    // An option: unlike a forward it has no cost leg, so that its array is all there is.
    const Instrument instrument{.name = "CONTRACT-" + std::to_string(i + 1),
                                .kind = Kind::option,
                                .underlying = underlying,
                                .settlement = usd,
                                .expiry = Timestamp::from_civil(2030, 1, 1),
                                .strike = Decimal{1, 0}};
    const InstrumentId id = TRY(account.registry.list(instrument));
    account.book.positions.push_back({id, Lots{positions[i].quantity}, std::nullopt});
    plan.rows.push_back({instrument.name, static_cast<std::int8_t>(entry_exponent)});
  }
  RiskArrayBuilder builder = TRY(RiskArrayBuilder::create(std::move(plan)));
  for (std::uint32_t row = 0; row < positions.size(); ++row) {
    std::copy(positions[row].entries.begin(), positions[row].entries.end(), builder.wide_row(row).begin() + 1);
    builder.set_scalar(row, ScalarField::value_decimals, 18);
    for (const ScalarField field :
         {ScalarField::value, ScalarField::notional, ScalarField::index, ScalarField::seconds_to_expiry}) {
      builder.set_scalar(row, field, 0);
    }
  }
  account.array = TRY(std::move(builder).finish(1));
  return account;
}

/// The account's gain in a scenario, in units of the entries.
Number gain_in(const std::vector<ArrayPosition>& positions, std::size_t scenario) {
  Number sum;
  for (const ArrayPosition& position : positions) {
    const i128 gain = static_cast<i128>(position.quantity) * position.entries[scenario];
    CHECK(Number::add(sum, Number::from_units(gain, 0), sum));
  }
  return sum;
}

std::size_t component_of(const Recipe& recipe, std::string_view name) {
  const auto at = std::find_if(recipe.components.begin(), recipe.components.end(),
                               [&](const Component& component) { return component.name == name; });
  CHECK(at != recipe.components.end());
  return static_cast<std::size_t>(at - recipe.components.begin());
}

}  // namespace

Result<bool> check_risk_arrays(const Cursor& root, const Cursor& vector, Isa isa, Tally& tally) {
  std::vector<ArrayPosition> positions;
  for (const Cursor& item : TRY(list_at(vector, "positions"))) positions.push_back(TRY(read_array_position(item)));
  const Cursor expected = TRY(vector.get("expected"));
  const Number allowed = TRY(tolerance_at(root, vector, "abs"));
  const ArrayAccount account = TRY(make_array_account(positions));
  const Document preset = TRY(read_preset("span"));
  const Recipe recipe = TRY(read_recipe(preset));
  const RowIndex index = index_rows(account.registry, *account.array);
  const Result<MarginReport> assessed = assess({account.registry, *account.array, index, recipe, isa}, account.book);
  if (!assessed) return fail(vector.error(assessed.error().message, assessed.error().remedy));
  const ComponentAmount& scan = assessed->components[component_of(recipe, "scan_risk")];
  if (expected.find("scan_risk")) {
    tally.check("scan_risk", TRY(FunctionVector::number(expected, "scan_risk", bounds::amount)),
                Number::from_units(scan.amount.raw, Usd::decimals), allowed);
  }
  if (expected.find("worst_scenario")) {
    const bool none = scan.groups.empty() || scan.groups.front().tail.empty();
    tally.check("worst_scenario", TRY(FunctionVector::whole(expected, "worst_scenario", bounds::count)),
                none ? Number{} : Number(scan.groups.front().tail.front()), Number{});
  }
  if (!expected.find("portfolio_array")) return true;
  const std::vector<Cursor> gains = TRY(list_at(expected, "portfolio_array"));
  if (gains.size() != scenarios) {
    const Cursor at = TRY(expected.get("portfolio_array"));
    return fail(at.error("there are " + std::to_string(gains.size()) + " scenarios", "give 16"));
  }
  for (std::size_t s = 0; s < scenarios; ++s) {
    Number computed;
    CHECK(Number::divide(gain_in(positions, s), Number(std::int64_t{1} << -entry_exponent), computed));
    const Decimal wanted = TRY(gains[s].decimal(Cursor::BareNumber::allowed));
    tally.check("portfolio_array " + std::to_string(s + 1), Number::from_decimal(wanted), computed, allowed);
  }
  return true;
}

Result<bool> check_portfolio_future(const Cursor& vector, Isa isa, Tally& tally) {
  const Cursor held = TRY(vector.get("position"));
  const Cursor kind = TRY(held.get("kind"));
  if (TRY(kind.text()) != "dated_future") return false;
  const Cursor days_at = TRY(vector.get("days"));
  const std::int64_t days = TRY(days_at.integer(1, 10'000));
  const Number index = TRY(FunctionVector::number(vector, "index", bounds::positive));
  const Decimal quantity = TRY(decimal_at(held, "qty", bounds::signed_amount));

  FunctionVector rule(vector, "dederi-pm");
  Number years;
  CHECK(Number::divide(Number(days), Number(365), years));
  rule.bind("index", index);
  rule.bind("years", years);
  rule.bind("size", Number::from_decimal(quantity));
  rule.set("annual_basis", TRY(FunctionVector::number(vector, "annual_basis", {{-10, 0}, {10, 0}})));
  rule.set("future_contingency_factor", TRY(FunctionVector::number(vector, "future_contingency_factor", bounds::rate)));
  const Cursor expected = TRY(vector.get("expected")), tolerance = TRY(vector.get("tolerance_abs"));
  const auto allowed = [&](const char* key) { return FunctionVector::number(tolerance, key, bounds::amount); };
  const Number forward = TRY(rule.value("carried_forward"));
  tally.check("forward", TRY(FunctionVector::number(expected, "forward", bounds::amount)), forward,
              TRY(allowed("forward")));
  tally.check("future_contingency", TRY(FunctionVector::number(expected, "future_contingency", bounds::amount)),
              TRY(rule.value("future_contingency")), TRY(allowed("future_contingency")));

  // A market with this one future, and the grid with the vector's moves.
  std::string moves;
  std::size_t count = 0;
  for (const Cursor& move : TRY(list_at(vector, "price_shocks"))) {
    const Decimal shock = TRY(move.decimal(Cursor::BareNumber::allowed));
    if (shock <= Decimal{-1, 0} || shock > Decimal{100, 0})
      return fail(move.error(shock.to_string() + " is no move of a price", "write 0.15 for 15 %"));
    moves += (moves.empty() ? "'" : ", '") + shock.to_string() + "'";
    ++count;
  }
  i128 units = 0;
  if (!forward.to_units(12, Round::half_even, units))
    return fail(vector.error("the forward is too large", "correct it"));
  const Timestamp as_of = Timestamp::from_civil(2026, 1, 1);
  const std::string expiry = to_string(Timestamp{as_of.ns + days * seconds_per_day * 1'000'000'000});
  const std::string price = Decimal{units, 12}.to_string();
  const std::string market = "{version: 1, as_of: " + to_string(as_of) +
                             ", volatility: mark, assets: {USDC: {decimals: 6, usd: 1}, COIN: "
                             "{decimals: 8}}, underlyings: {COIN: {index: " +
                             index.to_string() + ", expiries: [{expiry: " + expiry + ", forward: " + price +
                             "}]}}, instruments: [{name: FUTURE, kind: future, style: linear, underlying: COIN, "
                             "settlement: USDC, contract_size: 1, tick: 0.01, lot: 0.00000001, expiry: " +
                             expiry + ", mark: " + price + "}]}";
  const std::string recipe =
      "{recipe: vector, version: '1', extends: dederi-pm, row_error: '1e-12', scenarios: {grid: "
      "{spot: [" +
      moves + "]}}}";
  const std::string book = "{account: vector, positions: [{instrument: FUTURE, size: '" + quantity.to_string() + "'}]}";
  const Result<MarginedBooks> margined = margin_books({.market = market, .recipe = recipe, .book = book},
                                                      {.market = {}, .book = {}, .bars = {}, .isa = isa});
  if (!margined) return fail(vector.error(margined.error().message, margined.error().remedy));

  const RiskArray& array = margined->revalued.revaluation.array;
  const ScenarioRange* range = array.find_range("grid");
  const auto row = array.find_row("FUTURE");
  CHECK(range != nullptr && row.has_value());
  const std::size_t vols = margined->revalued.sets.front().vol_moves;
  const std::vector<Cursor> profits = TRY(list_at(expected, "pnl"));
  if (profits.size() != count) {
    const Cursor at = TRY(expected.get("pnl"));
    return fail(at.error("there are " + std::to_string(profits.size()) + " profits",
                         "give one for each of the " + std::to_string(count) + " price shocks"));
  }
  const double tolerated = TRY(allowed("pnl")).to_double();
  const double lots = quantity.to_double() * 1e8;
  for (std::size_t s = 0; s < count; ++s) {
    const auto column = range->begin + static_cast<std::uint32_t>(s * vols);  // the first vol move is none
    const auto change = static_cast<double>(array.entry(*row, column) - array.entry(*row, 0));
    tally.check("pnl " + std::to_string(s + 1), TRY(profits[s].real()), lots * std::ldexp(change, array.exponent(*row)),
                tolerated);
  }
  return true;
}

}  // namespace margrave
