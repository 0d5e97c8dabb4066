#include <nlohmann/json.hpp>

#include "report/comparison.h"
#include "report/margin_json.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
constexpr int schema_version = 1;

std::string text(Usd amount) { return to_string(amount); }

/// The head of the recipe and what it comes to, with the keys of a report's recipe and brief account.
Json recipe_part(const ComparedRecipe& compared) {
  const AccountReport& account = compared.account;
  Json json = Json::parse(recipe_json_brief(compared.context, {account.book}, {account.report}));
  Json amounts = std::move(json["accounts"][0]);
  json.erase("accounts");
  for (const char* key : {"account", "book_digest", "positions"}) amounts.erase(key);  // they stand above the recipes
  json["given"] = compared.given;
  json.update(amounts);
  if (account.diversification) json["diversification"] = Json::parse(diversification_json(*account.diversification));
  return json;
}

Json components_part(const std::vector<ComparedComponent>& rows) {
  Json list = Json::array();
  for (const ComparedComponent& row : rows) {
    Json amounts = Json::array();
    for (const std::optional<Usd>& amount : row.amounts) amounts.push_back(amount ? Json(text(*amount)) : Json());
    list.push_back({{"path", row.path}, {"amounts_usd", std::move(amounts)}, {"counted", row.counted}});
  }
  return list;
}

/// What a line contributes under each recipe, and how much that is more than under the first.
Json line_part(const Comparison& comparison, std::size_t line) {
  Json contributions = Json::array(), differences = Json::array();
  for (std::size_t r = 0; r < comparison.recipes.size(); ++r) {
    const ComparedRecipe& compared = comparison.recipes[r];
    contributions.push_back(text(compared.account.report.components[compared.context.recipe.initial].by_line[line]));
    differences.push_back(text(comparison.differences[r][line]));
  }
  return {{"initial_contributions_usd", std::move(contributions)}, {"differences_usd", std::move(differences)}};
}

Json positions_part(const Comparison& comparison) {
  const ComparedRecipe& first = comparison.recipes.front();
  Json list = Json::array();
  for (std::size_t i = 0; i < first.account.book.positions.size(); ++i) {
    const Position& position = first.account.book.positions[i];
    const Instrument& instrument = first.context.market.registry[position.instrument];
    const auto size = to_size(instrument, position.lots);
    Json json{{"instrument", instrument.name}, {"size", size ? size->to_string() : ""}};
    json.update(line_part(comparison, i));
    list.push_back(std::move(json));
  }
  return list;
}

}  // namespace

std::string comparison_json(const Comparison& comparison) {
  const ComparedRecipe& first = comparison.recipes.front();
  const Book& book = first.account.book;
  Json json{{"schema_version", schema_version},
            {"kind", "comparison"},
            {"as_of", to_string(first.context.market.state.as_of)},
            {"market", Json::parse(market_json(first.context.market, first.context.market_file))},
            {"account", book.account},
            {"book_digest", to_string(digest_of(first.context.market.registry, book))},
            {"same_equity", comparison.same_equity()},
            {"recipes", Json::array()}};
  for (const ComparedRecipe& compared : comparison.recipes) json["recipes"].push_back(recipe_part(compared));
  json["initial"] = components_part(comparison.initial);
  json["maintenance"] = components_part(comparison.maintenance);
  json["positions"] = positions_part(comparison);
  json["balances"] = line_part(comparison, book.positions.size());
  return json.dump(2) + "\n";
}

}  // namespace margrave
