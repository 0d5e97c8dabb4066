#include "margin/recipe_reader.h"

#include <algorithm>
#include <array>

#include "base/codec.h"
#include "base/limits.h"
#include "document/cursor.h"
#include "document/word.h"
#include "margin/formula_reader.h"

namespace margrave {
namespace {

constexpr Ratio one{power_of_ten(Ratio::decimals)};
constexpr std::size_t largest_tree = 10'000;  ///< components of one level's tree as a report shows it

void put(Encoder& to, const Node& node) {
  to.put(node.kind);
  to.put(node.text);
  to.put(static_cast<std::uint64_t>(node.items.size()));
  for (const Node& item : node.items) put(to, item);
  to.put(static_cast<std::uint64_t>(node.entries.size()));
  for (const Entry& entry : node.entries) {
    to.put(entry.key);
    put(to, entry.value);
  }
}

constexpr std::array<std::pair<std::string_view, Source>, 3> sources{
    {{"published", Source::published}, {"inferred", Source::inferred}, {"assumed", Source::assumed}}};
constexpr std::array<std::pair<std::string_view, ScenarioMeasure::Kind>, 4> measures{
    {{"worst", ScenarioMeasure::Kind::worst},
     {"weighted_worst", ScenarioMeasure::Kind::weighted_worst},
     {"var", ScenarioMeasure::Kind::var},
     {"es", ScenarioMeasure::Kind::es}}};
constexpr std::array<std::pair<std::string_view, RateOnBase::Base>, 3> bases{
    {{"notional", RateOnBase::Base::notional},
     {"mark_value", RateOnBase::Base::mark_value},
     {"unrealised_gain", RateOnBase::Base::unrealised_gain}}};
constexpr std::array<std::pair<std::string_view, Side>, 3> sides{
    {{"both", Side::both}, {"long", Side::longs}, {"short", Side::shorts}}};
constexpr std::array<std::pair<std::string_view, bool>, 2> types{{{"call", true}, {"put", false}}};
constexpr std::array<std::pair<std::string_view, Kind>, 4> kinds{
    {{"spot", Kind::spot}, {"perpetual", Kind::perpetual}, {"future", Kind::future}, {"option", Kind::option}}};

Result<Grouping> grouping_or(const Cursor& map, std::string_view key, Grouping otherwise) {
  const auto at = map.find(key);
  if (!at) return otherwise;
  const Grouping grouping = TRY(read_grouping(*at));
  if (grouping == Grouping::asset)
    return fail(at->error("this rule looks at positions", "group by position or coarser"));
  return grouping;
}

/// A fraction or factor between bounds, exact.
Result<Ratio> read_ratio(const Cursor& at, const Decimal& low, const Decimal& high) {
  const Decimal value = TRY(at.decimal());
  if (value < low || value > high) {
    return fail(
        at.error(value.to_string() + " is outside " + low.to_string() + " to " + high.to_string(), "0.05 is 5 %"));
  }
  const auto scaled = value.scaled(Ratio::decimals);
  if (!scaled) return fail(at.located(scaled.error()));
  return Ratio{*scaled};
}

/// Reads the components in order, each of which may refer to those before it only.
class ComponentReader {
 public:
  explicit ComponentReader(Recipe& recipe) : recipe_(recipe) {}

  Result<void> read_all(const Cursor& section) {
    const auto entries = TRY(section.entries());
    for (const auto& [name, at] : entries) {
      Component component = TRY(read(std::string(name), at));
      TRY_VOID(append(at, std::move(component)));
    }
    return {};
  }

  /// A level: the name of a component, or a rule of its own.
  Result<std::size_t> read_level(const std::string& name, const Cursor& at) {
    if (at.is_scalar()) return above_zero(name, at, TRY(find_charge(at)));
    Component component = TRY(read(name, at));
    if (!recipe_.is_charge(component)) {
      return fail(at.error("a level is in " + to_string(recipe_.numeraire()), "multiply by a price"));
    }
    if (is_below_zero(component)) component.name += "_before_floor";
    TRY_VOID(append(at, std::move(component)));
    return above_zero(name, at, recipe_.components.size() - 1);
  }

  void mark_needed(std::size_t at) {
    if (recipe_.components[at].is_needed) return;
    recipe_.components[at].is_needed = true;
    for (const std::size_t of : parts_of(recipe_.components[at].rule)) mark_needed(of);
  }

 private:
  static bool is_below_zero(const Component& component) {
    const auto* formula = std::get_if<Formula>(&component.rule);
    return formula != nullptr && formula->value.range.is_negative_possible();
  }

  /// A requirement is never below zero: where the component could be, the level is the larger of it and 0, by its own
  /// name.
  Result<std::size_t> above_zero(const std::string& name, const Cursor& at, std::size_t of) {
    if (!is_below_zero(recipe_.components[of])) return of;
    Formula floor;
    floor.value = TRY(parse_formula("max(0, " + recipe_.components[of].name + ")", recipe_, Grouping::all, floor.of));
    TRY_VOID(append(at, Component{.name = name, .source = recipe_.components[of].source, .rule = floor}));
    return recipe_.components.size() - 1;
  }

  Result<void> append(const Cursor& at, Component component) {
    if (recipe_.components.size() >= limits::components) {
      return fail(
          at.error("the recipe has more than " + std::to_string(limits::components) + " components", "merge some"));
    }
    std::size_t parts = 1;
    const bool reads = !std::holds_alternative<Sum>(component.rule) && !std::holds_alternative<Max>(component.rule);
    for (const std::size_t of : parts_of(component.rule)) {
      parts += parts_[of];
      if (reads) recipe_.components[of].is_read = true;
    }
    if (parts > largest_tree) {
      return fail(
          at.error("explaining '" + component.name + "' takes more than " + std::to_string(largest_tree) + " parts",
                   "name a component fewer times"));
    }
    parts_.push_back(parts);
    recipe_.status = std::max(recipe_.status, component.source);
    recipe_.components.push_back(std::move(component));
    return {};
  }

  /// The components that a rule refers to.
  static std::vector<std::size_t> parts_of(const Rule& rule) {
    if (const auto* sum = std::get_if<Sum>(&rule)) return sum->of;
    if (const auto* max = std::get_if<Max>(&rule)) return max->of;
    if (const auto* scale = std::get_if<Scale>(&rule)) return {scale->of};
    return read_by(rule);
  }

  /// A component that is in the numeraire.
  Result<std::size_t> find_charge(const Cursor& at) {
    const std::size_t of = TRY(find(at));
    if (recipe_.is_charge(recipe_.components[of])) return of;
    const auto* formula = std::get_if<Formula>(&recipe_.components[of].rule);
    const std::string wanted = to_string(recipe_.numeraire());
    return fail(
        at.error("'" + recipe_.components[of].name + "' is in " + to_string(formula->value.unit) + ", not in " + wanted,
                 "name a component in " + wanted));
  }

  Result<std::size_t> find(const Cursor& at) {
    const std::string name(TRY(at.text()));
    std::string known;
    for (std::size_t i = 0; i < recipe_.components.size(); ++i) {
      if (recipe_.components[i].name == name) return i;
      known += (known.empty() ? "" : ", ") + recipe_.components[i].name;
    }
    return fail(at.error("no component '" + name + "' is defined above",
                         known.empty() ? "define it above" : "defined so far: " + known));
  }

  Result<std::vector<std::size_t>> find_all(const Cursor& at) {
    const std::vector<Cursor> items = TRY(at.list());
    std::vector<std::size_t> of;
    for (const Cursor& item : items) of.push_back(TRY(find_charge(item)));
    if (of.empty()) return fail(at.error("the list is empty", "name at least one component"));
    return of;
  }

  Result<Component> read(const std::string& name, const Cursor& at) {
    Component component{.name = name, .source = Source::assumed, .rule = {}};
    for (const Component& other : recipe_.components) {
      if (other.name == name) return fail(at.error("component '" + name + "' is defined twice", "rename one"));
    }
    TRY_VOID(check_name(at, name, recipe_));
    component.source = TRY(word_or(at, "source", sources, Source::assumed));
    if (at.find("value")) {
      component.rule = TRY(read_formula(at));
    } else if (const auto payoff = at.find("payoff")) {
      component.rule = TRY(read_payoff(at, *payoff));
    } else if (const auto liquidity = at.find("liquidity")) {
      component.rule = TRY(read_liquidity(at, *liquidity));
    } else if (at.find("measure")) {
      component.rule = TRY(read_measure(at));
    } else if (at.find("rate")) {
      component.rule = TRY(read_rate(at));
    } else if (const auto sum = at.find("sum")) {
      TRY_VOID(at.only({"sum", "source"}));
      component.rule = Sum{TRY(find_all(*sum))};
    } else if (const auto max = at.find("max")) {
      TRY_VOID(at.only({"max", "source"}));
      component.rule = Max{TRY(find_all(*max))};
    } else if (const auto scale = at.find("scale")) {
      TRY_VOID(at.only({"scale", "by", "source"}));
      const Cursor by = TRY(at.get("by"));
      const Ratio factor = TRY(read_ratio(by, Decimal{0, 0}, Decimal{1000, 0}));
      component.rule = Scale{TRY(find_charge(*scale)), factor};
    } else {
      return fail(at.error("'" + name + "' is no component",
                           "give it one of: value, measure, rate, payoff, liquidity, sum, max, scale"));
    }
    return component;
  }

  Result<Formula> read_formula(const Cursor& at) {
    TRY_VOID(at.only({"value", "each", "kinds", "side", "type", "otherwise", "source"}));
    Formula rule;
    if (const auto each = at.find("each")) rule.each = TRY(read_grouping(*each));
    rule.side = TRY(word_or(at, "side", sides, Side::both));
    rule.kinds = TRY(read_kinds(at));
    if (const auto type = at.find("type")) rule.is_call = TRY(read_word(*type, types));
    if (rule.each == Grouping::asset && (rule.side != Side::both || !rule.kinds.empty() || rule.is_call)) {
      return fail(at.error("a balance has no kind, side or type", "leave them out"));
    }
    const Cursor value = TRY(at.get("value"));
    rule.value = TRY(read_expression(value, recipe_, rule.each, rule.of));
    if (const auto otherwise = at.find("otherwise")) rule.otherwise = Number::from_decimal(TRY(otherwise->decimal()));
    return rule;
  }

  Result<Payoff> read_payoff(const Cursor& at, const Cursor& payoff) {
    TRY_VOID(at.only({"payoff", "each", "source"}));
    constexpr std::array<std::pair<std::string_view, bool>, 1> words{{{"worst", true}}};
    TRY(read_word(payoff, words));
    if (recipe_.per_settlement) {
      return fail(payoff.error("strikes are in dollars and the numeraire is settlement", "use numeraire: usd"));
    }
    return Payoff{TRY(grouping_or(at, "each", Grouping::expiry))};
  }

  Result<Liquidity> read_liquidity(const Cursor& at, const Cursor& liquidity) {
    TRY_VOID(at.only({"liquidity", "stress", "without", "kinds", "shortfall", "participation", "hours", "source"}));
    constexpr std::array<std::pair<std::string_view, bool>, 1> words{{{"walk", true}}};
    TRY(read_word(liquidity, words));
    Liquidity rule;
    rule.kinds = TRY(read_kinds(at));
    const Cursor stress = TRY(at.get("stress")), without = TRY(at.get("without"));
    rule.stress = TRY(read_ratio(stress, Decimal{0, 0}, Decimal{1, 0}));
    rule.without = TRY(read_ratio(without, Decimal{0, 0}, Decimal{1, 0}));
    if (at.find("shortfall") || at.find("participation") || at.find("hours")) rule.close_out = TRY(read_close_out(at));
    return rule;
  }

  Result<CloseOut> read_close_out(const Cursor& at) {
    CloseOut rule;
    const Cursor shortfall = TRY(at.get("shortfall")), participation = TRY(at.get("participation"));
    rule.shortfall = TRY(find_charge(shortfall));
    const Rule& extended = recipe_.components[rule.shortfall].rule;
    if (!std::holds_alternative<ScenarioMeasure>(extended) || grouping_of(extended) != Grouping::instrument) {
      return fail(shortfall.error("'" + recipe_.components[rule.shortfall].name + "' is no measure by instrument",
                                  "name a measure with group: instrument"));
    }
    rule.participation = TRY(read_ratio(participation, Decimal{1, 6}, Decimal{1, 0}));
    const Cursor hours = TRY(at.get("hours"));
    rule.hours = static_cast<int>(TRY(hours.integer(1, 8760)));
    return rule;
  }

  Result<std::vector<Kind>> read_kinds(const Cursor& at) {
    std::vector<Kind> all;
    const auto which = at.find("kinds");
    if (!which) return all;
    for (const Cursor& item : TRY(which->list())) all.push_back(TRY(read_word(item, kinds)));
    return all;
  }

  /// A component that is a plain number for every group of the transform.
  Result<std::size_t> read_factor(const Cursor& at, Grouping each) {
    const std::size_t of = TRY(find(at));
    const auto* formula = std::get_if<Formula>(&recipe_.components[of].rule);
    if (formula == nullptr || !formula->value.unit.is_plain() || formula->value.range.is_negative_possible()) {
      return fail(at.error("'" + recipe_.components[of].name + "' is no factor",
                           "name an expression without unit that is never below 0"));
    }
    if (!holds(formula->each, each)) {
      return fail(at.error("'" + recipe_.components[of].name + "' has groups of its own",
                           "give it the transform's grouping, or a coarser one"));
    }
    return of;
  }

  Result<Transform> read_transform(const Cursor& at, Grouping group) {
    TRY_VOID(at.only({"each", "kinds", "of", "gains", "losses", "sign"}));
    Transform transform;
    const Cursor each = TRY(at.get("each"));
    transform.each = TRY(read_grouping(each));
    if (!holds(group, transform.each)) {
      return fail(
          each.error("these groups do not lie in those of the measure", "use the measure's group or a finer one"));
    }
    transform.kinds = TRY(read_kinds(at));
    constexpr std::array<std::pair<std::string_view, bool>, 2> of{{{"value", true}, {"change", false}}};
    transform.of_value = TRY(word_or(at, "of", of, false));
    if (const auto gains = at.find("gains")) transform.gains = TRY(read_factor(*gains, transform.each));
    if (const auto losses = at.find("losses")) transform.losses = TRY(read_factor(*losses, transform.each));
    constexpr std::array<std::pair<std::string_view, bool>, 1> signs{{{"worst", true}}};
    transform.worst_sign = TRY(word_or(at, "sign", signs, false));
    return transform;
  }

  Result<ScenarioMeasure> read_measure(const Cursor& at) {
    TRY_VOID(at.only({"measure", "scenarios", "confidence", "group", "balances", "transform", "source"}));
    ScenarioMeasure rule;
    const Cursor kind = TRY(at.get("measure"));
    rule.kind = TRY(read_word(kind, measures));
    const Cursor set = TRY(at.get("scenarios"));
    rule.set = TRY(set.text());
    if (std::find(recipe_.sets.begin(), recipe_.sets.end(), rule.set) == recipe_.sets.end()) {
      return fail(set.error("no scenario set '" + rule.set + "'", "define it under scenarios:"));
    }
    rule.group = TRY(grouping_or(at, "group", Grouping::all));
    const auto confidence = at.find("confidence");
    const bool tail = rule.kind == ScenarioMeasure::Kind::var || rule.kind == ScenarioMeasure::Kind::es;
    if (tail && !confidence) return fail(at.error("var and es need a confidence", "add confidence: 0.975"));
    if (!tail && confidence) return fail(confidence->error("a worst case has no confidence", "leave it out"));
    if (tail) {
      rule.confidence = TRY(read_ratio(*confidence, Decimal{0, 0}, Decimal{1, 0}));
      if (rule.confidence >= one)
        return fail(confidence->error("a confidence is below 1", "0.975 leaves a tail of 2.5 %"));
    }
    if (const auto balances = at.find("balances")) {
      rule.with_balances = TRY(balances->boolean());
      if (rule.with_balances && rule.group != Grouping::all) {
        return fail(balances->error("balances belong to no group but all", "use group: all or balances: false"));
      }
    }
    if (const auto transform = at.find("transform")) rule.transform = TRY(read_transform(*transform, rule.group));
    return rule;
  }

  Result<RateOnBase> read_rate(const Cursor& at) {
    TRY_VOID(at.only({"rate", "rates", "base", "side", "kinds", "group", "source"}));
    RateOnBase rule;
    const Cursor rate = TRY(at.get("rate"));
    rule.rate = TRY(read_ratio(rate, Decimal{0, 0}, Decimal{100, 0}));
    if (const auto rates = at.find("rates")) {
      const auto entries = TRY(rates->entries());
      for (const auto& [underlying, value] : entries) {
        rule.rates.emplace_back(underlying, TRY(read_ratio(value, Decimal{0, 0}, Decimal{100, 0})));
      }
    }
    const Cursor base = TRY(at.get("base"));
    rule.base = TRY(read_word(base, bases));
    rule.side = TRY(word_or(at, "side", sides, Side::both));
    rule.group = TRY(grouping_or(at, "group", Grouping::position));
    if (!rule.rates.empty() && rule.group == Grouping::all) {
      return fail(at.error("a group of all underlyings has no underlying's rate", "group by underlying or finer"));
    }
    rule.kinds = TRY(read_kinds(at));
    return rule;
  }

  Recipe& recipe_;
  std::vector<std::size_t> parts_;  ///< by component: nodes of its tree, in which what is named twice stands twice
};

/// A day or a month.
Result<std::string> read_date(const Cursor& at) {
  const std::string text(TRY(at.text()));
  const bool month = text.size() == 7;
  const std::string day = month ? text + "-01" : text;
  if (day.size() == 10 && Timestamp::parse(day + "T00:00:00Z")) return text;
  return fail(at.error("'" + text.substr(0, 40) + "' is not a date", "write it as 2026-03-27, or 2026-03"));
}

Result<std::vector<Claim>> read_claims(const Cursor& at) {
  constexpr std::array<std::pair<std::string_view, Claim>, 3> words{{{"collateral_helps", Claim::collateral_helps},
                                                                     {"homogeneous", Claim::homogeneous},
                                                                     {"subadditive", Claim::subadditive}}};
  std::vector<Claim> claims;
  const auto items = TRY(at.list());
  for (const Cursor& item : items) claims.push_back(TRY(read_word(item, words)));
  return claims;
}

Result<void> read_head(const Cursor& root, Recipe& recipe) {
  TRY_VOID(root.only({"recipe", "version", "extends", "description", "reference", "source", "date", "claims", "vectors",
                      "numeraire", "row_error", "discounting", "parameters", "tables", "arithmetic", "scenarios",
                      "components", "levels"}));
  if (const auto extends = root.find("extends")) {
    return fail(extends->error("what the recipe extends has not been merged in", "read it with extend_recipe()"));
  }
  const Cursor name = TRY(root.get("recipe"));
  recipe.name = TRY(name.text());
  const Cursor version = TRY(root.get("version"));
  recipe.version = TRY(version.text());
  if (const auto text = root.find("description")) recipe.description = TRY(text->text());
  if (const auto text = root.find("reference")) recipe.reference = TRY(text->text());
  recipe.status = TRY(word_or(root, "source", sources, Source::published));
  if (const auto date = root.find("date")) recipe.date = TRY(read_date(*date));
  if (const auto claims = root.find("claims")) recipe.claims = TRY(read_claims(*claims));
  if (const auto vectors = root.find("vectors")) recipe.vectors = TRY(vectors->integer(0));
  if (const auto numeraire = root.find("numeraire")) {
    constexpr std::array<std::pair<std::string_view, bool>, 2> numeraires{{{"usd", false}, {"settlement", true}}};
    recipe.per_settlement = TRY(read_word(*numeraire, numeraires));
  }
  constexpr std::array<std::pair<std::string_view, bool>, 2> discounting{{{"rate", true}, {"none", false}}};
  recipe.discounted = TRY(word_or(root, "discounting", discounting, true));
  if (const auto row_error = root.find("row_error")) {
    // An int32 row is exact to 2^-30 of its widest scenario; anything finer needs the wide one.
    const Ratio bound = TRY(read_ratio(*row_error, Decimal{1, 12}, Decimal{1, 0}));
    recipe.wide = bound < Ratio{divide(power_of_ten(Ratio::decimals), i128{1} << 30, Round::up)};
  }
  return {};
}

}  // namespace

Result<Recipe> read_recipe(const Document& document) {
  Recipe recipe;
  const Cursor root(document);
  TRY_VOID(read_head(root, recipe));
  if (const auto parameters = root.find("parameters")) recipe.parameters = TRY(read_parameters(*parameters));
  if (const auto tables = root.find("tables")) recipe.tables = TRY(read_tables(*tables));
  for (const Parameter& parameter : recipe.parameters) recipe.status = std::max(recipe.status, parameter.source);
  for (const NamedTable& table : recipe.tables) {
    recipe.status = std::max(recipe.status, table.source);
    const Cursor tables = TRY(root.get("tables"));
    if (std::any_of(recipe.parameters.begin(), recipe.parameters.end(),
                    [&](const Parameter& p) { return p.name == table.name; })) {
      return fail(tables.error("'" + table.name + "' is the name of a parameter", "choose another"));
    }
  }
  if (const auto arithmetic = root.find("arithmetic")) recipe.arithmetic = TRY(read_arithmetic(*arithmetic));
  if (const auto scenarios = root.find("scenarios")) {
    const auto entries = TRY(scenarios->entries());
    for (const auto& [name, at] : entries) {
      recipe.sets.emplace_back(name);
      recipe.status = std::max(recipe.status, TRY(word_or(at, "source", sources, Source::assumed)));
    }
  }
  ComponentReader reader(recipe);
  const Cursor components = TRY(root.get("components"));
  TRY_VOID(reader.read_all(components));
  const Cursor levels = TRY(root.get("levels"));
  TRY_VOID(levels.only({"initial", "warning", "maintenance", "backstop"}));
  const Cursor maintenance = TRY(levels.get("maintenance"));
  recipe.maintenance = TRY(reader.read_level("maintenance", maintenance));
  const Cursor initial = TRY(levels.get("initial"));
  recipe.initial = TRY(reader.read_level("initial", initial));
  if (const auto warning = levels.find("warning")) recipe.warning = TRY(reader.read_level("warning", *warning));
  if (const auto backstop = levels.find("backstop")) recipe.backstop = TRY(reader.read_level("backstop", *backstop));

  for (Component& component : recipe.components) component.is_needed = false;
  for (const Level& level : recipe.levels()) reader.mark_needed(level.component);

  Encoder to;
  put(to, document.root);
  recipe.digest = digest(Bytes(to.bytes()));
  return recipe;
}

}  // namespace margrave
