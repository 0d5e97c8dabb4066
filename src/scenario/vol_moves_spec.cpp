#include "scenario/vol_moves_spec.h"

#include <algorithm>

#include "scenario/spec_field.h"

namespace margrave {
namespace {

Result<VolLine> read_line(const Cursor& at) {
  TRY_VOID(at.only({"constant", "slope", "size", "with_level", "spread"}));
  VolLine line;
  line.constant = TRY(real_or(at, "constant", -1, 1, 0));
  line.slope = TRY(real_or(at, "slope", -50, 50, 0));
  line.size = TRY(real_or(at, "size", -50, 50, 0));
  line.with_level = TRY(real_or(at, "with_level", -50, 50, 0));
  line.spread = TRY(real_or(at, "spread", 0, 1, 0));
  return line;
}

}  // namespace

Result<VolMovesSpec> read_vol_moves(const Cursor& at) {
  TRY_VOID(at.only({"level", "skew", "wings", "term", "width"}));
  VolMovesSpec spec;
  bool any = false;
  for (std::size_t c = 0; c < vol_components.size(); ++c) {
    const auto line = at.find(vol_components[c]);
    if (!line) continue;
    spec.lines[c] = TRY(read_line(*line));
    any = true;
  }
  if (spec.lines[0].with_level != 0) {
    const Cursor level = TRY(at.get("level"));
    return fail(TRY(level.get("with_level")).error("the level goes with itself", "leave with_level out of level"));
  }
  if (!any) {
    return fail(at.error("vol_moves without level, skew, wings or term moves nothing",
                         "add level: {slope: \"-0.8\", size: \"1.2\", spread: \"0.02\"}, or leave vol_moves out"));
  }
  spec.width = TRY(real_or(at, "width", 0.01, 1, spec.width));
  return spec;
}

}  // namespace margrave
