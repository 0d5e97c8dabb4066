#include "scenario/normal_returns_spec.h"

#include "base/limits.h"
#include "scenario/spec_field.h"

namespace margrave {

Result<std::size_t> read_count(const Cursor& at, std::size_t otherwise) {
  const auto most = static_cast<std::int64_t>(limits::scenarios / 4);
  const std::int64_t count = TRY(whole_or(at, "count", 2, most, static_cast<std::int64_t>(otherwise)));
  if (count % 2 != 0) return fail(at.error("count is odd", "scenarios come in mirrored pairs"));
  return static_cast<std::size_t>(count);
}

Result<Points> read_points(const Cursor& at, Points otherwise) {
  const auto points = at.find("points");
  if (!points) return otherwise;
  const std::string text(TRY(points->text()));
  if (text != "philox" && text != "sobol")
    return fail(points->error("'" + text + "' is not a kind of points", "use philox or sobol"));
  return text == "philox" ? Points::philox : Points::sobol;
}

Result<NormalSpec> read_normal(const Cursor& at) {
  TRY_VOID(at.only({"kind", "horizon", "value_at", "source", "window_days", "least_share", "decay", "count", "seed",
                    "points", "vol_moves"}));
  NormalSpec spec;
  spec.window_days = TRY(whole_or(at, "window_days", 2, 20000, spec.window_days));
  if (const auto share = at.find("least_share")) {
    spec.least_share = TRY(share->decimal());
    if (spec.least_share.units < 0 || spec.least_share > Decimal{1, 0})
      return fail(share->error("least_share lies in 0 to 1", "0.5 asks for returns on half of the dates"));
  }
  spec.decay = TRY(real_or(at, "decay", 0.5, 1, spec.decay));
  spec.count = TRY(read_count(at, spec.count));
  spec.seed = static_cast<std::uint64_t>(TRY(whole_or(at, "seed", 0, 1'000'000'000'000, 1)));
  spec.points = TRY(read_points(at, spec.points));
  return spec;
}

}  // namespace margrave
