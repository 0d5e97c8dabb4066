#pragma once

#include "cli/options.h"
#include "cli/output.h"

namespace margrave {

/// One function per verb: does the work, delivers the result, and says how the process should end.
Result<Exit> run_margin(const CommonOptions& common, const MarginOptions& options);
Result<Exit> run_compare(const CommonOptions& common, const CompareOptions& options);
Result<Exit> run_explain(const CommonOptions& common, const ExplainOptions& options);
Result<Exit> run_price(const CommonOptions& common, const PriceOptions& options);
Result<Exit> run_surface(const CommonOptions& common, const SurfaceOptions& options);
Result<Exit> run_backtest(const CommonOptions& common, const BacktestOptions& options);
Result<Exit> run_haircut(const CommonOptions& common, const HaircutOptions& options);
Result<Exit> run_factor(const CommonOptions& common, const FactorOptions& options);
Result<Exit> run_recipes(const CommonOptions& common, const RecipesOptions& options);
Result<Exit> run_recipe(const CommonOptions& common, const RecipeOptions& options);
Result<Exit> run_conform(const CommonOptions& common, const ConformOptions& options);
Result<Exit> run_schema(const CommonOptions& common, const SchemaOptions& options);
Result<Exit> run_bench(const CommonOptions& common, const BenchOptionsCli& options);
Result<Exit> run_doctor(const CommonOptions& common, const DoctorOptions& options);
Result<Exit> run_completion(const CommonOptions& common, const CompletionOptions& options);

}  // namespace margrave
