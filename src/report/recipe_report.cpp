#include "report/recipe_report.h"

#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "report/amount.h"
#include "report/margin_context.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;
constexpr std::size_t widest_description = 72;

/// A level with a rule of its own is a component of its name; any other is said by the component it names.
std::string words_of(const Recipe& recipe, const Level& level) {
  const Component& component = recipe.components[level.component];
  return component.name == level.name ? describe(recipe, component) : component.name;
}

/// The scenarios of all sets; none when one of them has as many as the bars give.
std::optional<std::size_t> all_scenarios(const LoadedRecipe& loaded) {
  std::size_t sum = 0;
  for (const ScenarioSpec& spec : loaded.scenarios) {
    const auto count = scenario_count(spec);
    if (!count) return std::nullopt;
    sum += *count;
  }
  return sum;
}

std::string words_of(const GridSpec& grid) {
  if (grid.spot.empty()) return "a list of scenarios";
  std::string text;
  for (const auto& [moves, name] : {std::pair(&grid.spot, "spot"), std::pair(&grid.vol, "vol"),
                                    std::pair(&grid.basis, "basis"), std::pair(&grid.rate, "rate")}) {
    if (moves->size() > 1 || moves == &grid.spot) {
      text += fmt::format("{}{} {}", text.empty() ? "" : " x ", moves->size(), name);
    }
  }
  return "grid of " + text + (grid.extra.empty() ? "" : fmt::format(", and {} more", grid.extra.size()));
}

std::string words_of(const SkewSpec&) { return "moves of vol by strike"; }

std::string words_of(const HistoricalSpec& history) {
  std::string text =
      fmt::format("historical, {} of steps of {}", counted(static_cast<std::size_t>(history.window_days), "day"),
                  counted(static_cast<std::size_t>(history.step_seconds), "second"));
  if (history.filter) text += ", at the volatility of now";
  if (history.filter && history.filter->correlation) text += " and its correlation";
  if (history.worst) text += fmt::format(", the {} worst", history.worst->count);
  return text;
}

std::string words_of(const CorrelationBreakSpec& parting) {
  std::string text;
  for (const double correlation : parting.correlations)
    text += fmt::format("{}{:g}", text.empty() ? "" : ", ", correlation);
  if (parting.least_over > 0) text += std::string(text.empty() ? "" : ", ") + "the least on record";
  return "correlations of " + text + " at the volatility of now";
}

std::string words_of(const EpisodesSpec&) { return "named times of history"; }

std::string words_of(const MonteCarloSpec& drawn) {
  return drawn.jumps ? "drawn returns: a t copula, and jumps" : "drawn returns: a t copula";
}

std::string words_of(const NormalSpec& normal) {
  return fmt::format("normal returns, the covariance of {}{}",
                     counted(static_cast<std::size_t>(normal.window_days), "day"), normal.decay < 1 ? ", fading" : "");
}

std::string words_of(const ScenarioSpec& spec) {
  const std::string text = std::visit([](const auto& kind) { return words_of(kind); }, spec.kind);
  return spec.vol_moves ? text + ", and moves of the vol surface" : text;
}

Json count_json(const std::optional<std::size_t>& count) { return count ? Json(*count) : Json(nullptr); }

std::string joined_files(const std::vector<std::string>& files) {
  std::string text;
  for (const std::string& file : files) text += (text.empty() ? "" : ", which extends ") + file;
  return text;
}

/// The beginning of a text, whole words only.
std::string beginning(const std::string& text) {
  if (display_width(text) <= widest_description) return text;
  const std::size_t space = text.rfind(' ', widest_description);
  return space == std::string::npos ? "..." : text.substr(0, space) + " ...";
}

std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

void put_head(const LoadedRecipe& loaded, const Paint& paint, std::string& out) {
  const Recipe& recipe = loaded.recipe;
  out += paint(Ink::bold, recipe.name + " " + recipe.version) + " is a valid recipe\n";
  if (!recipe.description.empty()) out += paint(Ink::dim, recipe.description) + "\n";
  TextTable table({Align::left, Align::left});
  table.row({{"digest", Ink::dim}, {to_string(recipe.digest)}});
  table.row({{"status", Ink::dim}, {std::string(to_string(recipe.status))}});
  if (!loaded.extends.empty()) table.row({{"extends", Ink::dim}, {joined_files(loaded.extends)}});
  if (!recipe.reference.empty()) table.row({{"reference", Ink::dim}, {recipe.reference}});
  out += table.text(paint);
}

void put_components(const Recipe& recipe, const Paint& paint, std::string& out) {
  TextTable table({Align::left, Align::left, Align::left});
  for (const Component& component : recipe.components) {
    table.row({{component.name}, {describe(recipe, component)}, {std::string(to_string(component.source)), Ink::dim}});
  }
  out += "\n" + paint(Ink::bold, "Components") + "\n" + table.text(paint);
}

void put_levels(const Recipe& recipe, const Paint& paint, std::string& out) {
  TextTable table({Align::left, Align::left});
  for (const Level& level : recipe.levels()) table.row({{std::string(level.name)}, {words_of(recipe, level)}});
  out += "\n" + paint(Ink::bold, "Levels") + "\n" + table.text(paint);
}

void put_scenarios(const LoadedRecipe& loaded, const Paint& paint, std::string& out) {
  if (loaded.scenarios.empty()) return;
  TextTable table({Align::left, Align::left, Align::left});
  for (const ScenarioSpec& spec : loaded.scenarios) {
    const auto count = scenario_count(spec);
    table.row({{spec.name}, {words_of(spec)}, {count ? counted(*count, "scenario") : "as many as the bars give"}});
  }
  out += "\n" + paint(Ink::bold, "Scenarios") + "\n" + table.text(paint);
}

Json identity_json(const Recipe& recipe) {
  return {{"recipe", recipe.name}, {"version", recipe.version}, {"digest", to_string(recipe.digest)}};
}

Json claims_json(const Recipe& recipe) {
  Json claims = Json::array();
  for (const Claim claim : recipe.claims) claims.push_back(to_string(claim));
  return claims;
}

/// Their first letters.
std::string claims_of(const Recipe& recipe) {
  std::string letters;
  for (const Claim claim : recipe.claims)
    letters += (letters.empty() ? "" : " ") + std::string(to_string(claim).substr(0, 1));
  return letters.empty() ? "-" : letters;
}

Json value_json(const std::optional<std::string>& value) { return value ? Json(*value) : Json(nullptr); }

}  // namespace

std::string recipe_text(const LoadedRecipe& loaded, const Paint& paint) {
  std::string out;
  put_head(loaded, paint, out);
  put_components(loaded.recipe, paint, out);
  put_levels(loaded.recipe, paint, out);
  put_scenarios(loaded, paint, out);
  return out;
}

std::string recipe_check_json(const LoadedRecipe& loaded) {
  const Recipe& recipe = loaded.recipe;
  Json json{{"schema_version", schema_version}, {"kind", "recipe_check"}, {"valid", true}};
  json.update(identity_json(recipe));
  json["status"] = to_string(recipe.status);
  json["description"] = recipe.description;
  json["reference"] = recipe.reference;
  json["date"] = recipe.date;
  json["claims"] = claims_json(recipe);
  json["vectors"] = recipe.vectors;
  json["extends"] = loaded.extends;
  json["components"] = Json::array();
  for (const Component& component : recipe.components) {
    json["components"].push_back({{"component", component.name},
                                  {"rule", describe(recipe, component)},
                                  {"source", to_string(component.source)}});
  }
  json["levels"] = Json::array();
  for (const Level& level : recipe.levels()) {
    json["levels"].push_back({{"level", level.name},
                              {"component", recipe.components[level.component].name},
                              {"rule", describe(recipe, recipe.components[level.component])}});
  }
  json["scenarios"] = Json::array();
  for (const ScenarioSpec& spec : loaded.scenarios) {
    json["scenarios"].push_back({{"set", spec.name},
                                 {"description", words_of(spec)},
                                 {"horizon_seconds", spec.horizon_seconds},
                                 {"value_at", spec.at_horizon ? "horizon" : "now"},
                                 {"count", count_json(scenario_count(spec))}});
  }
  return dumped(json);
}

std::string recipes_text(const std::vector<LoadedRecipe>& recipes, const Paint& paint) {
  TextTable table({Align::left, Align::left, Align::left, Align::left, Align::right, Align::left});
  table.row({{"recipe", Ink::dim},
             {"status", Ink::dim},
             {"rules of", Ink::dim},
             {"claims", Ink::dim},
             {"vectors", Ink::dim},
             {"description", Ink::dim}});
  for (const LoadedRecipe& loaded : recipes) {
    const Recipe& recipe = loaded.recipe;
    table.row({{recipe.name, Ink::bold},
               {std::string(to_string(recipe.status))},
               {recipe.date.empty() ? "-" : recipe.date},
               {claims_of(recipe)},
               {recipe.vectors == 0 ? "-" : std::to_string(recipe.vectors)},
               {beginning(recipe.description), Ink::dim}});
  }
  return table.text(paint, 0) +
         paint(Ink::dim,
               "claims: c collateral helps, h homogeneous, s subadditive (docs/methods/recipes.md#claims); vectors: "
               "published numbers that it meets\n");
}

std::string recipes_json(const std::vector<LoadedRecipe>& recipes) {
  Json json{{"schema_version", schema_version}, {"kind", "recipes"}, {"recipes", Json::array()}};
  for (const LoadedRecipe& loaded : recipes) {
    Json one = identity_json(loaded.recipe);
    one["status"] = to_string(loaded.recipe.status);
    one["reference"] = loaded.recipe.reference;
    one["date"] = loaded.recipe.date;
    one["claims"] = claims_json(loaded.recipe);
    one["vectors"] = loaded.recipe.vectors;
    one["description"] = loaded.recipe.description;
    one["levels"] = Json::array();
    for (const Level& level : loaded.recipe.levels()) one["levels"].push_back(level.name);
    one["components"] = loaded.recipe.components.size();
    one["scenario_sets"] = loaded.scenarios.size();
    one["scenarios"] = count_json(all_scenarios(loaded));
    json["recipes"].push_back(std::move(one));
  }
  return dumped(json);
}

std::string recipe_diff_text(const RecipeDifference& difference, const Paint& paint) {
  if (difference.found.empty()) {
    return fmt::format("{} and {} have the same content\n", difference.old.recipe.name, difference.now.recipe.name);
  }
  std::string out;
  for (const Difference& one : difference.found) {
    out += paint(Ink::bold, one.path) + ": " + paint(Ink::red, one.old.value_or("nothing")) + " -> " +
           paint(Ink::green, one.now.value_or("nothing")) + "\n";
  }
  return out;
}

std::string recipe_diff_json(const RecipeDifference& difference) {
  Json json{{"schema_version", schema_version},
            {"kind", "recipe_diff"},
            {"old", identity_json(difference.old.recipe)},
            {"new", identity_json(difference.now.recipe)},
            {"equal", difference.found.empty()},
            {"differences", Json::array()}};
  for (const Difference& one : difference.found) {
    json["differences"].push_back({{"path", one.path}, {"old", value_json(one.old)}, {"new", value_json(one.now)}});
  }
  return dumped(json);
}

}  // namespace margrave
