#pragma once

#include <string>
#include <vector>

#include "document/diff.h"
#include "report/revalued.h"
#include "report/table.h"

namespace margrave {

/// A recipe that was read wholly: what it is, its components with their rules in words, its levels and scenarios.
std::string recipe_text(const LoadedRecipe& loaded, const Paint& paint);
/// The same as JSON text (schemas/recipe_check.schema.json).
std::string recipe_check_json(const LoadedRecipe& loaded);

/// Recipes as a table with a line for each, and as JSON text (schemas/recipes.schema.json).
std::string recipes_text(const std::vector<LoadedRecipe>& recipes, const Paint& paint);
std::string recipes_json(const std::vector<LoadedRecipe>& recipes);

/// Two recipes and where their merged content differs; `found` is empty if and only if their digests are the same.
struct RecipeDifference {
  LoadedRecipe old, now;
  std::vector<Difference> found;
};
std::string recipe_diff_text(const RecipeDifference& difference, const Paint& paint);
/// schemas/recipe_diff.schema.json
std::string recipe_diff_json(const RecipeDifference& difference);

}  // namespace margrave
