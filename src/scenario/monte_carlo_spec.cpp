#include "scenario/monte_carlo_spec.h"

#include "scenario/normal_returns_spec.h"
#include "scenario/spec_field.h"

namespace margrave {
namespace {

Result<void> read_correlation(const Cursor& at, MonteCarloSpec& spec) {
  TRY_VOID(at.only({"decay", "shrink", "floor"}));
  spec.correlation_decay = TRY(real_or(at, "decay", 0, 0.99999, spec.correlation_decay));
  spec.shrink = TRY(real_or(at, "shrink", 0, 1, spec.shrink));
  spec.floor = TRY(real_or(at, "floor", 0.000001, 0.5, spec.floor));
  return {};
}

}  // namespace

Result<MonteCarloSpec> read_monte_carlo(const Cursor& at) {
  TRY_VOID(at.only({"kind", "horizon", "value_at", "source", "window_days", "least_share", "count", "seed", "decay",
                    "wick_cap", "tails", "nu", "correlation", "jumps", "false_alarm", "points", "vol_moves"}));
  MonteCarloSpec spec;
  spec.window_days = TRY(whole_or(at, "window_days", 2, 20000, spec.window_days));
  if (const auto share = at.find("least_share")) {
    spec.least_share = TRY(share->decimal());
    if (spec.least_share.units < 0 || spec.least_share > Decimal{1, 0})
      return fail(share->error("least_share lies in 0 to 1", "0.5 asks for returns on half of the dates"));
  }
  spec.count = TRY(read_count(at, spec.count));
  spec.points = TRY(read_points(at, spec.points));
  spec.seed = static_cast<std::uint64_t>(TRY(whole_or(at, "seed", 0, 1'000'000'000'000, 1)));
  spec.decay = TRY(real_or(at, "decay", 0, 0.99999, spec.decay));
  spec.wick_cap = TRY(real_or(at, "wick_cap", 0, 10, spec.wick_cap));
  if (const auto tails = at.find("tails")) {
    const std::string text(TRY(tails->text()));
    if (text != "recorded" && text != "pareto")
      return fail(tails->error("'" + text + "' is not a kind of tail", "use recorded or pareto"));
    spec.pareto_tails = text == "pareto";
  }
  if (at.find("nu")) spec.nu = TRY(real_or(at, "nu", 2.05, 1000000, 4));
  if (const auto correlation = at.find("correlation")) TRY_VOID(read_correlation(*correlation, spec));
  if (const auto jumps = at.find("jumps")) spec.jumps = TRY(jumps->boolean());
  spec.false_alarm = TRY(real_or(at, "false_alarm", 0.000001, 0.5, spec.false_alarm));
  return spec;
}

}  // namespace margrave
