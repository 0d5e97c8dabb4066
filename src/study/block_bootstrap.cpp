#include "study/block_bootstrap.h"

#include <fmt/core.h>

#include <limits>

#include "study/paired.h"
#include "study/quantile.h"

namespace margrave {
namespace {

Result<void> check_costs(const NamedSeries& series) {
  TRY_VOID(check_finite(series));
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (series.values[i] >= 0) continue;
    return fail({.message = fmt::format("{}[{}] is {}, below zero", series.name, i, series.values[i]),
                 .field = fmt::format("{}[{}]", series.name, i),
                 .remedy = "give costs, such as uncovered losses"});
  }
  return {};
}

BlockSum operator+(const BlockSum& a, const BlockSum& b) {
  return {.count = a.count + b.count, .first = a.first + b.first, .second = a.second + b.second};
}

double relative_of(const BlockSum& sum) {
  if (sum.second > 0) return sum.first / sum.second - 1;
  return sum.first > 0 ? std::numeric_limits<double>::infinity() : 0;
}

Result<BlockSum> total_of(const std::vector<BlockSum>& blocks) {
  BlockSum all;
  for (const BlockSum& block : blocks) all = all + block;
  if (blocks.size() >= 2 && all.second > 0) return all;
  return fail({.message = fmt::format("{} blocks whose second values sum to {}", blocks.size(), all.second),
               .field = "second",
               .remedy = "give at least two blocks and costs to compare with"});
}

double draw_relative(Random& random, const std::vector<BlockSum>& blocks) {
  BlockSum sum;
  for (std::size_t i = 0; i < blocks.size(); ++i) sum = sum + blocks[random.below(blocks.size())];
  return relative_of(sum);
}

}  // namespace

Result<BootstrapDifference> bootstrap_difference(const DatedPairs& pairs, const Simulation& simulation,
                                                 std::int64_t days) {
  TRY_VOID(check_costs({"first", pairs.first}));
  TRY_VOID(check_costs({"second", pairs.second}));
  const auto blocks = TRY(calendar_blocks(pairs, days));
  const BlockSum all = TRY(total_of(blocks));
  const auto draws = TRY(simulate(simulation, [&](Random& random) { return draw_relative(random, blocks); }));
  return BootstrapDifference{.difference = (all.first - all.second) / all.count,
                             .relative = relative_of(all),
                             .low = sorted_quantile(draws, 0.025),
                             .high = sorted_quantile(draws, 0.975),
                             .not_better_p = upper_tail_p(draws, 0),
                             .blocks = blocks.size()};
}

}  // namespace margrave
