#include "margin/recipe_reader.h"

#include <algorithm>
#include <array>

#include "base/codec.h"
#include "base/limits.h"
#include "document/cursor.h"

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

/// The text at a cursor as one of a closed list of words.
template <class T, std::size_t N>
Result<T> read_word(const Cursor& at, const std::array<std::pair<std::string_view, T>, N>& words) {
  const std::string_view text = TRY(at.text());
  std::string valid;
  for (const auto& [word, value] : words) {
    if (text == word) return value;
    valid += (valid.empty() ? "" : ", ") + std::string(word);
  }
  return fail(at.error("'" + std::string(text) + "' is not valid here", "use one of: " + valid));
}

template <class T, std::size_t N>
Result<T> word_or(const Cursor& map, std::string_view key, const std::array<std::pair<std::string_view, T>, N>& words,
                  T otherwise) {
  const auto at = map.find(key);
  if (!at) return otherwise;
  return read_word(*at, words);
}

constexpr std::array<std::pair<std::string_view, Source>, 3> sources{
    {{"published", Source::published}, {"inferred", Source::inferred}, {"assumed", Source::assumed}}};
constexpr std::array<std::pair<std::string_view, Grouping>, 5> groupings{{{"position", Grouping::position},
                                                                          {"instrument", Grouping::instrument},
                                                                          {"expiry", Grouping::expiry},
                                                                          {"underlying", Grouping::underlying},
                                                                          {"all", Grouping::all}}};
constexpr std::array<std::pair<std::string_view, ScenarioMeasure::Kind>, 4> measures{
    {{"worst", ScenarioMeasure::Kind::worst},
     {"weighted_worst", ScenarioMeasure::Kind::weighted_worst},
     {"var", ScenarioMeasure::Kind::var},
     {"es", ScenarioMeasure::Kind::es}}};
constexpr std::array<std::pair<std::string_view, RateOnBase::Base>, 3> bases{
    {{"notional", RateOnBase::Base::notional},
     {"mark_value", RateOnBase::Base::mark_value},
     {"unrealised_gain", RateOnBase::Base::unrealised_gain}}};
constexpr std::array<std::pair<std::string_view, RateOnBase::Side>, 3> sides{
    {{"both", RateOnBase::Side::both}, {"long", RateOnBase::Side::longs}, {"short", RateOnBase::Side::shorts}}};
constexpr std::array<std::pair<std::string_view, Kind>, 4> kinds{
    {{"spot", Kind::spot}, {"perpetual", Kind::perpetual}, {"future", Kind::future}, {"option", Kind::option}}};

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
    if (at.is_scalar()) return find(at);
    Component component = TRY(read(name, at));
    TRY_VOID(append(at, std::move(component)));
    return recipe_.components.size() - 1;
  }

 private:
  Result<void> append(const Cursor& at, Component component) {
    if (recipe_.components.size() >= limits::components) {
      return fail(
          at.error("the recipe has more than " + std::to_string(limits::components) + " components", "merge some"));
    }
    std::size_t parts = 1;
    for (const std::size_t of : parts_of(component.rule)) parts += parts_[of];
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
    return {};
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
    for (const Cursor& item : items) of.push_back(TRY(find(item)));
    if (of.empty()) return fail(at.error("the list is empty", "name at least one component"));
    return of;
  }

  Result<Component> read(const std::string& name, const Cursor& at) {
    Component component{.name = name, .source = Source::assumed, .rule = {}};
    for (const Component& other : recipe_.components) {
      if (other.name == name) return fail(at.error("component '" + name + "' is defined twice", "rename one"));
    }
    component.source = TRY(word_or(at, "source", sources, Source::assumed));
    if (at.find("measure")) {
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
      component.rule = Scale{TRY(find(*scale)), factor};
    } else {
      return fail(at.error("'" + name + "' is no component", "give it one of: measure, rate, sum, max, scale"));
    }
    return component;
  }

  Result<ScenarioMeasure> read_measure(const Cursor& at) {
    TRY_VOID(at.only({"measure", "scenarios", "confidence", "group", "balances", "source"}));
    ScenarioMeasure rule;
    const Cursor kind = TRY(at.get("measure"));
    rule.kind = TRY(read_word(kind, measures));
    const Cursor set = TRY(at.get("scenarios"));
    rule.set = TRY(set.text());
    if (std::find(recipe_.sets.begin(), recipe_.sets.end(), rule.set) == recipe_.sets.end()) {
      return fail(set.error("no scenario set '" + rule.set + "'", "define it under scenarios:"));
    }
    rule.group = TRY(word_or(at, "group", groupings, Grouping::all));
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
    rule.side = TRY(word_or(at, "side", sides, RateOnBase::Side::both));
    rule.group = TRY(word_or(at, "group", groupings, Grouping::position));
    if (!rule.rates.empty() && rule.group == Grouping::all) {
      return fail(at.error("a group of all underlyings has no underlying's rate", "group by underlying or finer"));
    }
    if (const auto which = at.find("kinds")) {
      const std::vector<Cursor> items = TRY(which->list());
      for (const Cursor& item : items) rule.kinds.push_back(TRY(read_word(item, kinds)));
    }
    return rule;
  }

  Recipe& recipe_;
  std::vector<std::size_t> parts_;  ///< by component: nodes of its tree, in which what is named twice stands twice
};

Result<void> read_head(const Cursor& root, Recipe& recipe) {
  TRY_VOID(root.only({"recipe", "version", "extends", "description", "reference", "source", "numeraire", "row_error",
                      "scenarios", "components", "levels"}));
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
  if (const auto numeraire = root.find("numeraire")) {
    const std::string_view text = TRY(numeraire->text());
    if (text != "usd") return fail(numeraire->error("'" + std::string(text) + "' is not a numeraire", "use usd"));
  }
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
  TRY_VOID(levels.only({"initial", "maintenance"}));
  const Cursor maintenance = TRY(levels.get("maintenance"));
  recipe.maintenance = TRY(reader.read_level("maintenance", maintenance));
  const Cursor initial = TRY(levels.get("initial"));
  recipe.initial = TRY(reader.read_level("initial", initial));

  Encoder to;
  put(to, document.root);
  recipe.digest = digest(Bytes(to.bytes()));
  return recipe;
}

}  // namespace margrave
