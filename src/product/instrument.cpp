#include "product/instrument.h"

#include <algorithm>

namespace margrave {
namespace {

/// value / step when that is whole. Both brought to the same scale; step > 0.
Result<std::int64_t> whole_steps(const Decimal& value, const Decimal& step, const char* what, const char* step_name) {
  const int scale = std::max(value.decimals, step.decimals);
  const i128 numerator = TRY(value.scaled(scale));
  const i128 denominator = TRY(step.scaled(scale));
  CHECK(denominator > 0);
  if (numerator % denominator != 0) {
    return fail({.message = std::string(what) + " " + value.to_string() + " is not a multiple of the " + step_name +
                            " " + step.to_string(),
                 .remedy = "use a multiple of " + step.to_string()});
  }
  const i128 steps = numerator / denominator;
  if (!fits_int64(steps)) {
    return fail({.kind = ErrorKind::overflow,
                 .message = std::string(what) + " " + value.to_string() + " is more than 2^63 " + step_name + "s",
                 .remedy = std::string("list the instrument with a larger ") + step_name});
  }
  return static_cast<std::int64_t>(steps);
}

Result<Decimal> product(const Decimal& a, const Decimal& b) {
  i128 units = 0;
  if (!multiply(a.units, b.units, units) || a.decimals + b.decimals > 36) {
    return fail({.kind = ErrorKind::overflow,
                 .message = a.to_string() + " times " + b.to_string() + " is out of range",
                 .remedy = "use numbers of fewer digits"});
  }
  return Decimal{units, a.decimals + b.decimals};
}

}  // namespace

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::spot:
      return "spot";
    case Kind::perpetual:
      return "perpetual";
    case Kind::future:
      return "future";
    case Kind::option:
      return "option";
  }
  return "unknown";
}

std::string_view to_string(Style style) { return style == Style::linear ? "linear" : "inverse"; }

Result<Lots> to_lots(const Instrument& instrument, const Decimal& size) {
  return Lots{TRY(whole_steps(size, instrument.lot, "size", "lot"))};
}

Result<Decimal> to_size(const Instrument& instrument, Lots lots) { return product({lots.raw, 0}, instrument.lot); }

Result<Ticks> to_ticks(const Instrument& instrument, const Decimal& price) {
  return Ticks{TRY(whole_steps(price, instrument.tick, "price", "tick"))};
}

Result<Decimal> lot_content(const Instrument& instrument) { return product(instrument.contract_size, instrument.lot); }

}  // namespace margrave
