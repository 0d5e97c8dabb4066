#include "study/calendar_blocks.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "study/paired.h"

namespace margrave {
namespace {

constexpr std::int64_t most_days = 1'000'000, farthest_day = std::int64_t{1} << 40;

Result<void> check_days(std::span<const std::int64_t> day, std::size_t n) {
  if (day.size() != n) {
    return fail({.message = fmt::format("day has {} values and the pairs {}", day.size(), n),
                 .field = "day",
                 .remedy = "give the day of every pair"});
  }
  if (day.empty()) return {};
  const auto [first, last] = std::minmax_element(day.begin(), day.end());
  if (*first > -farthest_day && *last < farthest_day && *last - *first < most_days) return {};
  return fail({.message = fmt::format("the days run from {} to {}", *first, *last),
               .field = "day",
               .remedy = "count whole days"});
}

double square(double x) { return x * x; }

}  // namespace

Result<std::vector<BlockSum>> calendar_blocks(const DatedPairs& pairs, std::int64_t days) {
  TRY_VOID(check_paired({"first", pairs.first}, {"second", pairs.second}));
  TRY_VOID(check_days(pairs.day, pairs.first.size()));
  if (days < 1) {
    return fail({.kind = ErrorKind::config,
                 .message = fmt::format("a block of {} days", days),
                 .field = "days",
                 .remedy = "use 5"});
  }
  if (pairs.day.empty()) return std::vector<BlockSum>{};
  const auto [start, end] = std::minmax_element(pairs.day.begin(), pairs.day.end());
  std::vector<BlockSum> blocks(static_cast<std::size_t>((*end - *start) / days + 1));
  for (std::size_t i = 0; i < pairs.day.size(); ++i) {
    BlockSum& block = blocks[static_cast<std::size_t>((pairs.day[i] - *start) / days)];
    block.count += 1;
    block.first += pairs.first[i];
    block.second += pairs.second[i];
  }
  std::erase_if(blocks, [](const BlockSum& block) { return block.count == 0; });
  return blocks;
}

Result<PooledRate> pooled_breach_rate(const DatedPairs& pairs, std::int64_t days) {
  TRY_VOID(check_paired({"losses", pairs.first}, {"margins", pairs.second}));
  std::vector<double> breach(pairs.first.size());
  for (std::size_t i = 0; i < breach.size(); ++i) breach[i] = pairs.first[i] > pairs.second[i] ? 1 : 0;
  const auto blocks = TRY(calendar_blocks({.first = breach, .second = breach, .day = pairs.day}, days));
  if (blocks.size() < 2) {
    return fail({.message = fmt::format("a standard error needs two blocks, not {}", blocks.size()),
                 .field = "day",
                 .remedy = "give a longer span"});
  }
  BlockSum all;
  for (const BlockSum& block : blocks) {
    all.count += block.count;
    all.first += block.first;
  }
  const double rate = all.first / all.count;
  double spread = 0;
  for (const BlockSum& block : blocks) spread += square(block.first - rate * block.count);
  const auto b = static_cast<double>(blocks.size());
  return PooledRate{
      .rate = rate, .standard_error = std::sqrt(b / (b - 1) * spread) / all.count, .blocks = blocks.size()};
}

}  // namespace margrave
