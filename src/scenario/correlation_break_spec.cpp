#include "scenario/correlation_break_spec.h"

#include "scenario/spec_field.h"

namespace margrave {

Result<CorrelationBreakSpec> read_correlation_break(const Cursor& at) {
  TRY_VOID(at.only({"kind", "horizon", "value_at", "source", "window_days", "least_share", "decay", "wick_cap",
                    "confidence", "correlations", "least_over"}));
  CorrelationBreakSpec spec;
  spec.window_days = TRY(whole_or(at, "window_days", 2, 20000, spec.window_days));
  if (const auto share = at.find("least_share")) {
    spec.least_share = TRY(share->decimal());
    if (spec.least_share.units < 0 || spec.least_share > Decimal{1, 0})
      return fail(share->error("least_share lies in 0 to 1", "0.5 asks for returns on half of the dates"));
  }
  spec.decay = TRY(real_or(at, "decay", 0, 0.99999, spec.decay));
  spec.wick_cap = TRY(real_or(at, "wick_cap", 0, 10, spec.wick_cap));
  spec.confidence = TRY(real_or(at, "confidence", 0.5, 1, spec.confidence));
  if (const auto list = at.find("correlations")) {
    spec.correlations.clear();
    for (const Cursor& each : TRY(list->list())) spec.correlations.push_back(TRY(read_real(each, -1, 1)));
  }
  spec.least_over = static_cast<std::size_t>(TRY(whole_or(at, "least_over", 0, 100000, 0)));
  if (spec.correlations.empty() && spec.least_over == 0)
    return fail(at.error("the set has no correlation", "write correlations: [0, 1]"));
  return spec;
}

}  // namespace margrave
