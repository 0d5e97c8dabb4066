#include "report/revalued.h"

#include "margin/recipe_reader.h"
#include "scenario/grid.h"
#include "scenario/set_maker.h"

namespace margrave {

Result<LoadedRecipe> load_recipe(const Document& document, Parents parents) {
  const Document merged = TRY(extend_recipe(document, parents));
  LoadedRecipe loaded;
  loaded.recipe = TRY(read_recipe(merged));
  for (const DocumentOrigin& other : merged.others) loaded.extends.push_back(other.file);
  const Cursor root(merged);
  if (const auto scenarios = root.find("scenarios")) loaded.scenarios = TRY(read_scenario_specs(*scenarios));
  return loaded;
}

bool needs_bars(const LoadedRecipe& loaded) {
  for (const ScenarioSpec& spec : loaded.scenarios) {
    if (reads_bars(spec)) return true;
  }
  return false;
}

Result<Revalued> revalue_recipe(LoadedRecipe loaded, const Market& market, const std::vector<Bars>& bars,
                                RevalueOptions options) {
  std::vector<ScenarioSet> sets;
  for (const ScenarioSpec& spec : loaded.scenarios) sets.push_back(TRY(make_scenarios(spec, market, bars)));
  if (sets.empty()) sets.push_back(TRY(unmoved_scenarios(market)));
  options.discounted = loaded.recipe.discounted;
  options.width = loaded.recipe.wide ? RowWidth::wide : RowWidth::narrow;
  Revaluation revaluation = TRY(revalue(market, sets, options));
  RowIndex index = index_rows(market.registry, revaluation.array);
  return Revalued{std::move(loaded), std::move(sets), std::move(revaluation), std::move(index)};
}

}  // namespace margrave
