#include "volatility/kendall.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>

#include "volatility/series.h"

namespace margrave {
namespace {

std::vector<std::size_t> indices(std::size_t n) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  return order;
}

std::int64_t pairs_of(std::size_t n) {
  const auto count = static_cast<std::int64_t>(n);
  return count * (count - 1) / 2;
}

/// Pairs inside runs of equal neighbours.
template <class Equal>
std::int64_t tied_pairs(std::size_t n, const Equal& equal) {
  std::int64_t pairs = 0;
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first + 1;
    while (last < n && equal(first, last)) ++last;
    pairs += pairs_of(last - first);
    first = last;
  }
  return pairs;
}

/// Sorts the values by merging and counts the exchanges of neighbours it stands for.
std::int64_t exchanges(std::vector<double>& values) {
  std::int64_t count = 0;
  std::vector<double> merged(values.size());
  for (std::size_t width = 1; width < values.size(); width *= 2) {
    for (std::size_t from = 0; from < values.size(); from += 2 * width) {
      const std::size_t middle = std::min(from + width, values.size()), end = std::min(from + 2 * width, values.size());
      std::size_t left = from, right = middle;
      for (std::size_t to = from; to < end; ++to) {
        const bool from_right = right < end && (left >= middle || values[right] < values[left]);
        if (from_right) count += static_cast<std::int64_t>(middle - left);
        merged[to] = from_right ? values[right++] : values[left++];
      }
    }
    values.swap(merged);
  }
  return count;
}

}  // namespace

Result<double> kendall_tau(std::span<const double> x, std::span<const double> y) {
  TRY_VOID(check_series(x, "first series", 2));
  TRY_VOID(check_series(y, "second series", 2));
  if (x.size() != y.size()) return fail({.message = "the series have different lengths", .remedy = "pair them"});
  TRY_VOID(check_varies(x, "values of the first series"));
  TRY_VOID(check_varies(y, "values of the second series"));
  const std::size_t n = x.size();
  std::vector<std::size_t> order = indices(n);
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return x[a] != x[b] ? x[a] < x[b] : y[a] != y[b] ? y[a] < y[b] : a < b;
  });
  const auto same_x = [&](std::size_t a, std::size_t b) { return x[order[a]] == x[order[b]]; };
  const auto same_both = [&](std::size_t a, std::size_t b) { return same_x(a, b) && y[order[a]] == y[order[b]]; };
  const std::int64_t tied_x = tied_pairs(n, same_x), tied_both = tied_pairs(n, same_both);
  std::vector<double> second;
  for (const std::size_t i : order) second.push_back(y[i]);
  const std::int64_t discordant = exchanges(second);
  const std::int64_t tied_y = tied_pairs(n, [&](std::size_t a, std::size_t b) { return second[a] == second[b]; });
  const std::int64_t all = pairs_of(n), balance = all - tied_x - tied_y + tied_both - 2 * discordant;
  return static_cast<double>(balance) /
         (std::sqrt(static_cast<double>(all - tied_x)) * std::sqrt(static_cast<double>(all - tied_y)));
}

std::vector<double> ranks(std::span<const double> series) {
  const std::size_t n = series.size();
  std::vector<std::size_t> order = indices(n);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return series[a] != series[b] ? series[a] < series[b] : a < b; });
  std::vector<double> result(n);
  for (std::size_t first = 0; first < n;) {
    std::size_t last = first + 1;
    while (last < n && series[order[last]] == series[order[first]]) ++last;
    const double shared = 0.5 * static_cast<double>(first + 1 + last);
    for (std::size_t k = first; k < last; ++k) result[order[k]] = shared;
    first = last;
  }
  return result;
}

}  // namespace margrave
