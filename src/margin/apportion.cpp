#include "margin/apportion.h"

#include <algorithm>
#include <numeric>

#include "base/mul_div.h"

namespace margrave {

bool apportion(std::span<const i128> parts, i128 numerator, i128 denominator, i128 total, std::vector<i128>& out) {
  CHECK(denominator > 0 && numerator >= 0);
  out.assign(parts.size(), 0);
  std::vector<i128> remainders(parts.size());
  i128 missing = total;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    MulDiv share;
    if (!mul_div(parts[i], numerator, denominator, share)) return false;
    out[i] = share.quotient;
    remainders[i] = share.remainder;
    missing -= share.quotient;
  }
  CHECK(missing >= 0 && missing <= static_cast<i128>(parts.size()));
  std::vector<std::size_t> order(parts.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return remainders[a] > remainders[b]; });
  for (std::size_t i = 0; i < static_cast<std::size_t>(missing); ++i) ++out[order[i]];
  return true;
}

}  // namespace margrave
