#include <csignal>
#include <cstdlib>
#include <exception>

#include "base/isa.h"
#include "cli/verbs.h"

namespace {

using namespace margrave;

Result<Exit> run(const CommonOptions& common, const Verb& verb) {
  struct Runner {
    const CommonOptions& common;
    Result<Exit> operator()(const MarginOptions& options) const { return run_margin(common, options); }
    Result<Exit> operator()(const CompareOptions& options) const { return run_compare(common, options); }
    Result<Exit> operator()(const ExplainOptions& options) const { return run_explain(common, options); }
    Result<Exit> operator()(const PriceOptions& options) const { return run_price(common, options); }
    Result<Exit> operator()(const SurfaceOptions& options) const { return run_surface(common, options); }
    Result<Exit> operator()(const BacktestOptions& options) const { return run_backtest(common, options); }
    Result<Exit> operator()(const HaircutOptions& options) const { return run_haircut(common, options); }
    Result<Exit> operator()(const FactorOptions& options) const { return run_factor(common, options); }
    Result<Exit> operator()(const RecipesOptions& options) const { return run_recipes(common, options); }
    Result<Exit> operator()(const RecipeOptions& options) const { return run_recipe(common, options); }
    Result<Exit> operator()(const ConformOptions& options) const { return run_conform(common, options); }
    Result<Exit> operator()(const SchemaOptions& options) const { return run_schema(common, options); }
    Result<Exit> operator()(const BenchOptionsCli& options) const { return run_bench(common, options); }
    Result<Exit> operator()(const DoctorOptions& options) const { return run_doctor(common, options); }
    Result<Exit> operator()(const CompletionOptions& options) const { return run_completion(common, options); }
  };
  return std::visit(Runner{common}, verb);
}

/// A broken invariant of ours has printed where it is and aborts; the shell is told with a code of its own.
extern "C" void internal_error(int) { std::_Exit(static_cast<int>(Exit::internal)); }

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGABRT, internal_error);
  const auto parsed = parse_options(argc, argv);
  if (const int* code = std::get_if<int>(&parsed)) return *code;
  const Options& options = std::get<Options>(parsed);
  if (!float_mode_is_default()) {
    return static_cast<int>(
        report_error(options.common, {.kind = ErrorKind::config,
                                      .message = "this process rounds or flushes numbers in a mode of its own",
                                      .remedy = "start margrave in the default floating-point mode"}));
  }
  try {
    const Result<Exit> result = run(options.common, options.verb);
    return static_cast<int>(result ? *result : report_error(options.common, result.error()));
  } catch (const std::exception& error) {
    // Nothing of ours throws; what is left is memory.
    return static_cast<int>(report_error(options.common, {.kind = ErrorKind::io, .message = error.what()}));
  }
}
