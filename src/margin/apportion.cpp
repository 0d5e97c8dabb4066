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

namespace {

tl::unexpected<Error> too_large() {
  return fail(
      {.kind = ErrorKind::overflow, .message = "a contribution leaves its numbers", .remedy = "split the account"});
}

}  // namespace

Result<std::vector<i128>> share_in_proportion(const std::vector<i128>& parts, i128 total) {
  std::vector<Number> numbers;
  for (const i128 part : parts) numbers.push_back(Number::from_units(part, 0));
  return share_in_proportion(numbers, total);
}

Result<std::vector<i128>> share_in_proportion(const std::vector<Number>& parts, i128 total) {
  std::vector<i128> shares(parts.size(), 0);
  Number sum;
  for (const Number& part : parts) {
    if (!Number::add(sum, part, sum)) return too_large();
  }
  const int direction = total < 0 ? -1 : total > 0 ? 1 : 0;
  if (sum.is_zero() || sum.sign() != direction) {
    shares.back() = total;
    return shares;
  }
  i128 given = 0;
  std::vector<std::pair<Number, std::size_t>> rests;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    Number share, rest;
    if (!Number::multiply(parts[i], Number::from_units(total, 0), share) || !Number::divide(share, sum, share) ||
        !share.to_units(0, Round::down, shares[i]) ||
        !Number::subtract(share, Number::from_units(shares[i], 0), rest)) {
      return too_large();
    }
    given += shares[i];
    rests.emplace_back(-rest, i);
  }
  std::sort(rests.begin(), rests.end());
  for (std::size_t i = 0; given < total && i < rests.size(); ++i, ++given) ++shares[rests[i].second];
  shares.back() += total - given;
  return shares;
}

}  // namespace margrave
