#include "margin/prepared_recipe.h"

#include <algorithm>

#include "formula/evaluate.h"
#include "margin/by_name.h"
#include "margin/group.h"
#include "margin/position_field.h"
#include "margin/profile_part.h"

namespace margrave {
namespace {

using Op = Step::Op;

constexpr std::uint32_t not_prepared = static_cast<std::uint32_t>(-1);

std::vector<InstrumentId> all_priced(const MarginInputs& inputs) {
  std::vector<InstrumentId> instruments;
  for (std::uint32_t i = 0; i < inputs.index.instrument.size(); ++i) {
    if (inputs.index.instrument[i]) instruments.push_back(InstrumentId{i});
  }
  return instruments;
}

/// Where a part of an expression that rests on the market alone finds what it names: one lot of one instrument.
class MarketScope : public Scope {
 public:
  explicit MarketScope(const MarginInputs& inputs) : inputs_(inputs) { one_.lines.resize(1); }

  void stand_on(InstrumentId instrument) {
    const std::uint32_t row = *inputs_.index.instrument[instrument.index()];
    one_.lines[0] = Line{.instrument = instrument, .lots = Lots{1}, .position = {row, 1}};
    name_ = inputs_.registry[inputs_.registry[instrument].underlying].name;
  }

  std::size_t members() const override { return 1; }
  Result<Number> field(std::size_t index, std::size_t /*member*/) const override {
    return read_field(inputs_, one_, Usd{}, static_cast<PositionField>(index), Grouping::position, 0);
  }
  Result<Number> parameter(std::size_t index, std::size_t /*member*/) const override {
    const Parameter& parameter = inputs_.recipe.parameters[index];
    return by_name(parameter.by, name_, parameter.value);
  }
  const Table& table(std::size_t index, std::size_t /*member*/) const override {
    const NamedTable& named = inputs_.recipe.tables[index];
    return by_name(named.by, name_, named.table);
  }
  Result<Number> component(std::size_t /*index*/, std::size_t /*member*/) const override { CHECK(false); }

 private:
  const MarginInputs& inputs_;
  Portfolio one_;
  std::string_view name_;
};

bool is_condition(Op op) {
  return op == Op::less || op == Op::less_or_equal || op == Op::equal || op == Op::both || op == Op::one_of;
}

/// Whether a field is the same for all accounts.
bool is_of_market(std::size_t field) {
  const FieldListing& listing = position_fields()[field];
  return !listing.extensive && listing.field != PositionField::equity;
}

/// What a step and all steps below it rest on.
struct Basis {
  bool market{true};                ///< on nothing that differs between accounts
  std::optional<bool> of_member{};  ///< which instrument: of the member, or of the group's first; nothing: on none
};

Basis joined(const Basis& a, const Basis& b) {
  const bool alike = !a.of_member || !b.of_member || a.of_member == b.of_member;
  return {a.market && b.market && alike, a.of_member ? a.of_member : b.of_member};
}

Basis own_basis(const Step& step) {
  switch (step.op) {
    case Op::constant:
      return {};
    case Op::parameter:
    case Op::look_up:
      return {true, step.of_member};
    case Op::field:
      return {is_of_market(step.index), step.of_member};
    case Op::component:
    case Op::known:
    case Op::count:
    case Op::sum:
    case Op::largest:
    case Op::smallest:
      return {false, {}};
    default:
      return {};
  }
}

std::vector<Basis> bases_of(const Expression& expression) {
  std::vector<Basis> bases;
  for (const Step& step : expression.steps) {
    Basis basis = own_basis(step);
    for (const std::uint32_t argument : step.args) basis = joined(basis, bases[argument]);
    bases.push_back(basis);
  }
  return bases;
}

/// The steps where the largest parts end that rest on the market alone.
void find_parts(const Expression& expression, const std::vector<Basis>& bases, std::uint32_t at,
                std::vector<std::uint32_t>& parts) {
  const Step& step = expression.steps[at];
  if (bases[at].market && bases[at].of_member && !is_condition(step.op)) return parts.push_back(at);
  for (const std::uint32_t argument : step.args) find_parts(expression, bases, argument, parts);
}

/// The numbers that a part reads, with which it is the same for another instrument.
std::vector<std::optional<Number>> numbers_read(const Expression& part, const MarketScope& scope) {
  std::vector<std::optional<Number>> numbers;
  for (const Step& step : part.steps) {
    if (step.op != Op::field && step.op != Op::parameter) continue;
    const auto number = step.op == Op::field ? scope.field(step.index, 0) : scope.parameter(step.index, 0);
    numbers.push_back(number ? std::optional(*number) : std::nullopt);
  }
  return numbers;
}

/// A part on its own: its steps alone, in their order.
Expression part_at(const Expression& expression, std::uint32_t at) {
  std::vector<std::uint32_t> places(at + 1, 0);
  std::vector<bool> needed(at + 1, false);
  needed[at] = true;
  for (std::uint32_t i = at + 1; i-- > 0;) {
    for (const std::uint32_t argument : expression.steps[i].args) needed[argument] = needed[argument] || needed[i];
  }
  Expression part{.text = expression.text, .steps = {}, .unit = {}, .range = {}};
  for (std::uint32_t i = 0; i <= at; ++i) {
    if (!needed[i]) continue;
    places[i] = static_cast<std::uint32_t>(part.steps.size());
    part.steps.push_back(expression.steps[i]);
    for (std::uint32_t& argument : part.steps.back().args) argument = places[argument];
  }
  return part;
}

PreparedRecipe::LotWorth worth_of(const RiskArray& array, std::uint32_t row) {
  constexpr i128 limit = i128{1} << 80, rests = power_of_ten(9);
  constexpr std::uint32_t five_to_nine = 1953125;
  const auto value = array.scalar(row, ScalarField::value);
  const auto notional = array.scalar(row, ScalarField::notional);
  const int shift = 1 - array.exponent(row) - Usd::decimals;  // 10^9 * 2^(exponent - 1) = 5^9 * 2^-shift
  if (!value || array.scalar(row, ScalarField::value_decimals) != 18 || abs128(*value) >= limit || !notional ||
      *notional < 0 || *notional >= limit || array.exponent(row) == 0 || shift < 0 || shift > 63) {
    return {};
  }
  return {.is_known = true,
          .value = *value,
          .notional_units = *notional / rests,
          .notional_rest = static_cast<std::uint32_t>(*notional % rests),
          .rounding = five_to_nine,
          .rounding_shift = static_cast<std::uint32_t>(shift)};
}

}  // namespace

PreparedRecipe::PreparedRecipe(const MarginInputs& inputs) : PreparedRecipe(inputs, all_priced(inputs)) {}

PreparedRecipe::PreparedRecipe(const MarginInputs& inputs, std::span<const InstrumentId> instruments)
    : array_(&inputs.array), recipe_(&inputs.recipe), formulas_(inputs.recipe.components.size()) {
  list(inputs, instruments);
  find_traits(inputs);
  for (const InstrumentId id : instruments_)
    worth_.push_back(worth_of(inputs.array, *inputs.index.instrument[id.index()]));
  find_groupings();
  rank_groups(inputs);
  for (std::size_t c = 0; c < formulas_.size(); ++c) {
    const auto* formula = std::get_if<Formula>(&inputs.recipe.components[c].rule);
    if (formula == nullptr) continue;
    find_readings(*formula, formulas_[c]);
    prepare(inputs, *formula, formulas_[c]);
  }
}

void PreparedRecipe::list(const MarginInputs& inputs, std::span<const InstrumentId> instruments) {
  places_.assign(inputs.registry.instruments().size(), not_prepared);
  std::vector<std::pair<GroupKey, InstrumentId>> keyed;
  for (const InstrumentId id : instruments) {
    if (places_[id.index()] != not_prepared) continue;
    places_[id.index()] = 0;
    keyed.emplace_back(group_key(inputs.registry, id, Grouping::instrument), id);
  }
  std::sort(keyed.begin(), keyed.end());
  for (const auto& [key, id] : keyed) {
    places_[id.index()] = static_cast<std::uint32_t>(instruments_.size());
    instruments_.push_back(id);
  }
}

void PreparedRecipe::find_traits(const MarginInputs& inputs) {
  for (const InstrumentId id : instruments_) {
    const Instrument& instrument = inputs.registry[id];
    Traits traits{.kind = instrument.kind, .is_call = instrument.kind == Kind::option && instrument.is_call};
    traits.uncovered =
        inputs.array.scalar(*inputs.index.instrument[id.index()], ScalarField::uncovered_sets).value_or(0);
    const auto content = lot_content(instrument);
    if (content && (!instrument.is_forward() || instrument.style == Style::linear))
      traits.coins = Number::from_decimal(*content);
    traits_.push_back(traits);
  }
}

void PreparedRecipe::find_groupings() {
  for (const Component& component : recipe_->components) {
    used_[static_cast<std::size_t>(grouping_of(component.rule))] = true;
    const auto* measure = std::get_if<ScenarioMeasure>(&component.rule);
    if (measure != nullptr && measure->transform) used_[static_cast<std::size_t>(measure->transform->each)] = true;
  }
}

void PreparedRecipe::rank_groups(const MarginInputs& inputs) {
  ranks_.assign(instruments_.size(), {});
  for (std::size_t g = 0; g < groupings; ++g) {
    const auto grouping = static_cast<Grouping>(g);
    if (!used_[g] || grouping == Grouping::all || grouping == Grouping::asset) continue;
    const Grouping by = grouping == Grouping::position ? Grouping::instrument : grouping;
    std::vector<std::pair<GroupKey, std::uint32_t>> keyed;
    for (std::uint32_t place = 0; place < instruments_.size(); ++place)
      keyed.emplace_back(group_key(inputs.registry, instruments_[place], by), place);
    std::sort(keyed.begin(), keyed.end());
    for (const auto& [key, place] : keyed) {
      if (keys_[g].empty() || keys_[g].back() != key) keys_[g].push_back(key);
      ranks_[place][g] = static_cast<std::uint32_t>(keys_[g].size() - 1);
    }
  }
}

std::uint32_t PreparedRecipe::place(InstrumentId instrument) const {
  const std::uint32_t place = places_[instrument.index()];
  CHECK(place != not_prepared);
  return place;
}

const Number* PreparedRecipe::known(std::size_t component, std::uint32_t place, std::size_t index) const {
  const PreparedFormula& formula = formulas_[component];
  const std::optional<Number>& known = formula.known[place * formula.known_count + index];
  return known ? &*known : nullptr;
}

const PreparedRecipe::FactorUnits* PreparedRecipe::factor(std::size_t component, std::uint32_t place) const {
  const std::optional<FactorUnits>& factor = formulas_[component].factors[place];
  return factor ? &*factor : nullptr;
}

std::optional<PreparedRecipe::FactorUnits> PreparedRecipe::factor_units(const Number& factor) {
  Number scaled;
  i128 down = 0, up = 0;
  if (factor.sign() < 0 || factor > Number(16) ||
      !Number::multiply(factor, Number(std::int64_t{1} << ProfilePart::factor_bits), scaled) ||
      !scaled.to_units(0, Round::down, down) || !scaled.to_units(0, Round::up, up)) {
    return std::nullopt;
  }
  return FactorUnits{static_cast<std::int64_t>(down), static_cast<std::int64_t>(up)};
}

void PreparedRecipe::find_readings(const Formula& formula, PreparedFormula& out) const {
  for (const std::size_t component : formula.of) {
    for (const Step& step : formula.value.steps) {
      if (step.op != Op::component || step.index != component) continue;
      // Member by member a component is seen by its own groups.
      const Grouping within = step.of_member ? grouping_of(recipe_->components[component].rule) : formula.each;
      const auto same = [&](const Reading& known) {
        return known.component == component && known.of_member == step.of_member;
      };
      if (std::ranges::none_of(out.readings, same)) out.readings.push_back({component, step.of_member, within});
    }
  }
}

void PreparedRecipe::prepare(const MarginInputs& inputs, const Formula& formula, PreparedFormula& out) {
  out.expression = formula.value;
  if (formula.each == Grouping::asset) return;  // balances have no instrument
  std::vector<Step>& steps = out.expression.steps;
  for (Step& step : steps) {
    if (step.op != Op::parameter || !inputs.recipe.parameters[step.index].by.empty()) continue;
    step = Step{.op = Op::constant, .args = {}, .constant = inputs.recipe.parameters[step.index].value};
  }
  std::vector<std::uint32_t> ends;
  find_parts(out.expression, bases_of(out.expression), static_cast<std::uint32_t>(steps.size() - 1), ends);
  std::vector<Expression> parts;
  for (const std::uint32_t end : ends) parts.push_back(part_at(out.expression, end));
  out.known_count = parts.size();
  out.known.resize(instruments_.size() * parts.size());
  for (std::size_t p = 0; p < parts.size(); ++p) {
    const bool of_member = *bases_of(parts[p]).back().of_member;
    steps[ends[p]] = Step{.op = Op::known, .args = {}, .constant = {}, .index = p, .of_member = of_member};
    compute(inputs, parts[p], p, out);
  }
  out.is_one_known = steps.back().op == Op::known && !steps.back().of_member;
  if (!out.is_one_known) return;
  for (const std::optional<Number>& known : out.known)
    out.factors.push_back(known ? factor_units(*known) : std::nullopt);
}

/// Instruments beside each other mostly read the same numbers, so that what is dear is computed once for an expiry.
void PreparedRecipe::compute(const MarginInputs& inputs, const Expression& part, std::size_t index,
                             PreparedFormula& out) {
  MarketScope scope(inputs);
  std::vector<std::optional<Number>> before;
  const bool has_table = std::any_of(part.steps.begin(), part.steps.end(), [](const Step& step) {
    return step.op == Op::look_up;  // which table it is may differ where all numbers agree
  });
  for (std::size_t place = 0; place < instruments_.size(); ++place) {
    std::optional<Number>& known = out.known[place * out.known_count + index];
    scope.stand_on(instruments_[place]);
    std::vector<std::optional<Number>> read = numbers_read(part, scope);
    if (place > 0 && !has_table && read == before) {
      known = out.known[(place - 1) * out.known_count + index];
      continue;
    }
    const Result<Number> value = evaluate(part, scope);
    if (value) known = *value;
    before = std::move(read);
  }
}

}  // namespace margrave
