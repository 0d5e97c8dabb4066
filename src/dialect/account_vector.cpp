#include "dialect/account_vector.h"

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

/// What a vector counts its seconds from.
Timestamp vector_time() { return Timestamp::from_civil(2026, 1, 1); }

Decimal absolute(const Decimal& value) { return {abs128(value.units), value.decimals}; }

/// Decimals of an asset such that an amount is below 2^62 of its units: a wide row has 63 bits of one unit.
int decimals_for(double amount) {
  int decimals = 18;
  for (double units = amount * 1e18; units > 0x1p62 && decimals > 0; units /= 10) --decimals;
  return decimals;
}

}  // namespace

Result<Decimal> decimal_in(const Cursor& at, const Bounds& bounds) {
  const Decimal value = TRY(at.decimal(Cursor::BareNumber::allowed));
  if (value >= bounds.low && value <= bounds.high) return value;
  return fail(at.error(value.to_string() + " is outside " + bounds.low.to_string() + " to " + bounds.high.to_string(),
                       "correct the vector"));
}

Result<Decimal> decimal_at(const Cursor& map, std::string_view key, const Bounds& bounds) {
  const Cursor at = TRY(map.get(key));
  return decimal_in(at, bounds);
}

Result<std::vector<Cursor>> list_at(const Cursor& map, std::string_view key) {
  const Cursor at = TRY(map.get(key));
  return at.list();
}

Result<double> real_at(const Cursor& map, std::string_view key) {
  const Cursor at = TRY(map.get(key));
  return at.real();
}

Number sum_of(const Decimal& a, const Decimal& b) {
  Number sum;
  CHECK(Number::add(Number::from_decimal(a), Number::from_decimal(b), sum));
  return sum;
}

Number difference_of(const Decimal& a, const Decimal& b) { return sum_of(a, {-b.units, b.decimals}); }

Node NodeMaker::empty(NodeKind kind) const {
  Node node;
  node.kind = kind;
  node.line = line_;
  node.column = column_;
  return node;
}

Node NodeMaker::text(std::string text) const {
  Node node = empty(NodeKind::scalar);
  node.quoted = true;
  node.text = std::move(text);
  return node;
}

Node NodeMaker::list(std::vector<Node> items) const {
  Node node = empty(NodeKind::list);
  node.items = std::move(items);
  return node;
}

Node NodeMaker::map(const Keyed& entries) const {
  Node node = empty(NodeKind::map);
  for (const auto& [key, value] : entries) {
    node.entries.push_back({.key = key, .value = value, .line = line_, .column = column_});
  }
  return node;
}

Result<LoadedRecipe> recipe_of_vector(const Cursor& vector, const std::string& preset, NodeMaker::Keyed changes) {
  const NodeMaker make(vector);
  Document overlay;
  overlay.file = vector.document().file;
  NodeMaker::Keyed root{{"recipe", make.text(preset + " of a vector")},
                        {"version", make.text("1")},
                        {"extends", make.text(preset)},
                        {"row_error", make.text("1e-12")}};
  for (auto& change : changes) root.push_back(std::move(change));
  overlay.root = make.map(std::move(root));
  return load_recipe(overlay);
}

VectorAccount::VectorAccount(const Number& cash, double most) : most_(most + std::fabs(cash.to_double())) {
  const int decimals = decimals_for(most_);
  market_.state.as_of = vector_time();
  dollar_ = *market_.registry.list(Asset{.name = "USDC", .decimals = decimals});
  market_.state.asset_usd.push_back(1);
  market_.state.asset_confidence.push_back(1);
  book_.account = "vector";
  i128 units = 0;
  CHECK(cash.to_units(decimals, Round::half_even, units));
  book_.balances.push_back({dollar_, units});
}

Timestamp VectorAccount::expiry_in(std::int64_t seconds) const {
  return {market_.state.as_of.ns + seconds * 1'000'000'000};
}

Result<AssetId> VectorAccount::add_asset(const std::string& name, const Decimal& amount, double usd, double confidence,
                                         std::optional<AssetId> follows) {
  const int decimals = decimals_for(most_ / usd);
  const AssetId id = TRY(market_.registry.list(Asset{.name = name, .decimals = decimals, .follows = follows}));
  market_.state.asset_usd.push_back(usd);
  market_.state.asset_confidence.push_back(confidence);
  const i128 units = TRY(amount.scaled(decimals, Round::half_even));
  if (units != 0) book_.balances.push_back({id, units});
  return id;
}

Result<UnderlyingId> VectorAccount::add_underlying(const std::string& name, AssetId coin, double index,
                                                   double confidence) {
  const UnderlyingId id = TRY(market_.registry.list(Underlying{.name = name, .coin = coin}));
  market_.state.underlyings.push_back({.index = index, .expiries = {}, .confidence = confidence});
  return id;
}

Result<void> VectorAccount::add_position(Instrument instrument, const Decimal& size, InstrumentState state) {
  if (size.is_zero()) return {};
  instrument.name += "-" + std::to_string(market_.registry.instruments().size() + 1);
  instrument.settlement = dollar_;
  instrument.contract_size = absolute(size);
  const InstrumentId id = TRY(market_.registry.list(std::move(instrument)));
  market_.state.instruments.push_back(state);
  book_.positions.push_back({id, Lots{size.units < 0 ? -1 : 1}, std::nullopt});
  return {};
}

Result<void> VectorAccount::add_perpetual(UnderlyingId underlying, const Decimal& size, double mark,
                                          double confidence) {
  return add_position({.name = "perpetual", .kind = Kind::perpetual, .underlying = underlying}, size,
                      {.mark = mark, .confidence = confidence});
}

Result<void> VectorAccount::add_expiry(UnderlyingId underlying, std::int64_t seconds, ExpiryState state) {
  state.expiry = expiry_in(seconds);
  std::vector<ExpiryState>& all = market_.state.underlyings[underlying.index()].expiries;
  const auto at = std::lower_bound(all.begin(), all.end(), state.expiry,
                                   [](const ExpiryState& other, Timestamp when) { return other.expiry < when; });
  if (at != all.end() && at->expiry == state.expiry) {
    return fail({.message = "the expiry in " + std::to_string(seconds) + " seconds is listed twice",
                 .field = "seconds",
                 .remedy = "list it once"});
  }
  all.insert(at, state);
  return {};
}

Result<void> VectorAccount::add_option(UnderlyingId underlying, std::int64_t seconds, const Decimal& strike,
                                       bool is_call, const Decimal& size, double vol) {
  const Instrument terms{.name = "option",
                         .kind = Kind::option,
                         .underlying = underlying,
                         .expiry = expiry_in(seconds),
                         .strike = strike,
                         .is_call = is_call};
  if (expiry_of(market_, terms) == nullptr) {
    return fail({.message = "the market has no expiry in " + std::to_string(seconds) + " seconds",
                 .field = "expiry",
                 .remedy = "list it among the expiries"});
  }
  return add_position(terms, size, {.vol = vol});
}

std::size_t AssessedVector::component(std::string_view name) const {
  const auto& all = revalued.loaded.recipe.components;
  const auto at = std::find_if(all.begin(), all.end(), [&](const Component& other) { return other.name == name; });
  CHECK(at != all.end());  // the presets of this program have what its vectors ask for
  return static_cast<std::size_t>(at - all.begin());
}

Number AssessedVector::amount(std::string_view name) const {
  Number sum;
  for (const GroupValue& group : report.components[component(name)].values) {
    CHECK(Number::add(sum, group.value, sum));  // each is an amount in dollars, far below 2^256
  }
  return sum;
}

Result<std::vector<Usd>> AssessedVector::profits(std::string_view measure) const {
  const auto& rule = std::get<ScenarioMeasure>(revalued.loaded.recipe.components[component(measure)].rule);
  return scenario_profits(inputs(), portfolio, rule, 0, report);
}

Result<AssessedVector> assess_vector(const LoadedRecipe& recipe, const VectorAccount& account, RowWidth width,
                                     Isa isa) {
  LoadedRecipe loaded = recipe;
  loaded.recipe.wide = width == RowWidth::wide;
  AssessedVector assessed{.revalued = TRY(revalue_recipe(std::move(loaded), account.market(), {}, {.isa = isa})),
                          .portfolio = {},
                          .report = {},
                          .registry = account.market().registry,
                          .isa = isa};
  assessed.portfolio = TRY(
      make_portfolio(assessed.registry, assessed.revalued.index, assessed.revalued.revaluation.array, account.book()));
  assessed.report = TRY(assess(assessed.inputs(), account.book()));
  return assessed;
}

}  // namespace margrave
