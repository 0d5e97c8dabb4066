#pragma once

#include <vector>

#include "document/node.h"
#include "margin/extends.h"
#include "margin/portfolio.h"
#include "margin/recipe.h"
#include "market/bars.h"
#include "scenario/revalue.h"
#include "scenario/scenario_spec.h"

namespace margrave {

/// A recipe with the two halves of its file: what margin/ evaluates and the scenarios that scenario/ makes.
struct LoadedRecipe {
  Recipe recipe;
  std::vector<ScenarioSpec> scenarios;
  std::vector<std::string> extends;  ///< files of the recipes that are merged into it, nearest first
};
/// Reads both halves, what the recipe extends merged in first. Errors: those of extend_recipe() and of both readers.
Result<LoadedRecipe> load_recipe(const Document& document, Parents parents = Parents::presets);

/// True when one of the recipe's sets is historical, so that bars are needed.
bool needs_bars(const LoadedRecipe& loaded);

/// A recipe revalued over a market: everything an assessment needs.
struct Revalued {
  LoadedRecipe loaded;
  std::vector<ScenarioSet> sets;
  Revaluation revaluation;
  RowIndex index;
};

/// Makes the recipe's scenarios and fills the array; the recipe decides the width of its rows. A recipe of rates alone
/// gets one scenario, in which nothing moves. A recipe whose numeraire is settlement takes one settlement asset as the
/// options' numeraire; others take none. Errors: those of the scenarios and of revalue().
Result<Revalued> revalue_recipe(LoadedRecipe loaded, const Market& market, const std::vector<Bars>& bars,
                                RevalueOptions options);

}  // namespace margrave
