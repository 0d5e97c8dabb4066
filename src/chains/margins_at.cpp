#include "chains/margins_at.h"

#include "margin/assess.h"
#include "scenario/grid.h"
#include "scenario/revalue.h"

namespace margrave {

Result<std::vector<Result<MarginReport>>> margins_at(const Market& market, const std::vector<ScenarioSet>& sets,
                                                     const Recipe& recipe, const std::vector<Book>& books, Isa isa) {
  std::vector<ScenarioSet> still;
  if (sets.empty()) still.push_back(TRY(unmoved_scenarios(market)));
  RevalueOptions options;
  options.isa = isa;
  options.discounted = recipe.discounted;
  options.width = recipe.wide ? RowWidth::wide : RowWidth::narrow;
  const Revaluation revaluation = TRY(revalue(market, sets.empty() ? still : sets, options));
  const RowIndex index = index_rows(market.registry, revaluation.array);
  const MarginInputs inputs{market.registry, revaluation.array, index, recipe, isa};
  return assess_all(inputs, books, 1);
}

}  // namespace margrave
