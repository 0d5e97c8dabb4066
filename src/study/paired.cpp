#include "study/paired.h"

#include <fmt/core.h>

#include <cmath>

namespace margrave {

Result<void> check_finite(const NamedSeries& series) {
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (std::isfinite(series.values[i])) continue;
    return fail({.message = fmt::format("{}[{}] is not a finite number", series.name, i),
                 .field = fmt::format("{}[{}]", series.name, i),
                 .remedy = "leave the observation out of every series"});
  }
  return {};
}

Result<void> check_paired(const NamedSeries& one, const NamedSeries& other) {
  if (one.values.size() != other.values.size()) {
    return fail({.message = fmt::format("{} has {} values and {} {}", one.name, one.values.size(), other.name,
                                        other.values.size()),
                 .field = std::string(other.name),
                 .remedy = "pair them"});
  }
  TRY_VOID(check_finite(one));
  return check_finite(other);
}

Result<void> check_probability(double value, std::string_view name) {
  if (value > 0 && value < 1) return {};
  return fail({.kind = ErrorKind::config,
               .message = fmt::format("{} is {}, not between 0 and 1", name, value),
               .field = std::string(name),
               .remedy = "0.01 is 1 %"});
}

}  // namespace margrave
