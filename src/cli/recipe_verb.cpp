#include "base/check.h"
#include "cli/built_in.h"
#include "cli/inputs.h"
#include "cli/verbs.h"
#include "document/cursor.h"
#include "document/read.h"
#include "document/yaml_writer.h"
#include "report/recipe_report.h"
#include "report/unwind_report.h"

namespace margrave {
namespace {

constexpr const char* field = "RECIPE";

/// A file that says what it is by its key `unwind`; nothing for any other.
Result<std::optional<Document>> find_unwind(const std::string& file) {
  if (is_preset_name(file)) return std::nullopt;
  Document document = TRY(read_document(file, ErrorKind::config));
  if (!Cursor(document).find("unwind")) return std::nullopt;
  return document;
}

Result<Exit> check_recipe(const CommonOptions& common, const RecipeOptions& options) {
  if (options.recipe != "-") {
    if (const auto rule = TRY(find_unwind(options.recipe))) {
      const Unwind unwind = TRY(read_unwind(*rule));
      TRY_VOID(deliver(common, common.json ? unwind_check_json(unwind) : unwind_text(unwind, paint_for(common))));
      return Exit::ok;
    }
  }
  const Document document = TRY(load_recipe_document(options.recipe, field));
  const LoadedRecipe loaded = TRY(load_recipe(document));
  TRY_VOID(deliver(common, common.json ? recipe_check_json(loaded) : recipe_text(loaded, paint_for(common))));
  return Exit::ok;
}

Result<Exit> diff_recipes(const CommonOptions& common, const RecipeOptions& options) {
  if (options.recipe == "-" && options.other == "-") {
    return fail({.kind = ErrorKind::config,
                 .message = "both recipes are standard input",
                 .field = field,
                 .remedy = "give one of them as a file"});
  }
  const Document old = TRY(load_recipe_document(options.recipe, field));
  const Document now = TRY(load_recipe_document(options.other, field));
  const RecipeDifference difference{TRY(load_recipe(old)), TRY(load_recipe(now)), differences(old.root, now.root)};
  CHECK(difference.found.empty() == (difference.old.recipe.digest == difference.now.recipe.digest));
  TRY_VOID(
      deliver(common, common.json ? recipe_diff_json(difference) : recipe_diff_text(difference, paint_for(common))));
  return difference.found.empty() ? Exit::ok : Exit::no;
}

Result<Exit> show_recipe(const CommonOptions& common, const RecipeOptions& options) {
  const Document document = TRY(load_recipe_document(options.recipe, field));
  TRY_VOID(load_recipe(document));  // what is printed is a recipe
  TRY_VOID(deliver(common, write_yaml(document.root)));
  return Exit::ok;
}

}  // namespace

Result<Exit> run_recipes(const CommonOptions& common, const RecipesOptions&) {
  std::vector<LoadedRecipe> recipes;
  for (const std::string& name : preset_names()) recipes.push_back(TRY(load_recipe(name)));
  TRY_VOID(deliver(common, common.json ? recipes_json(recipes) : recipes_text(recipes, paint_for(common))));
  return Exit::ok;
}

Result<Exit> run_recipe(const CommonOptions& common, const RecipeOptions& options) {
  if (options.action == RecipeOptions::Action::check) return check_recipe(common, options);
  if (options.action == RecipeOptions::Action::diff) return diff_recipes(common, options);
  return show_recipe(common, options);
}

}  // namespace margrave
