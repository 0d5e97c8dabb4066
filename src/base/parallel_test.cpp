#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "base/digest.h"
#include "base/random.h"

namespace margrave {
namespace {

TEST(Parallel, EveryIndexOnceAtAnyNumberOfThreads) {
  for (const unsigned threads : {0u, 1u, 2u, 3u, 8u, 64u}) {
    for (const std::size_t count : {0u, 1u, 2u, 7u, 1000u}) {
      std::vector<std::atomic<int>> calls(count);
      parallel_for(count, threads, [&](std::size_t i) { ++calls[i]; });
      for (const auto& n : calls) EXPECT_EQ(n.load(), 1);
    }
  }
}

TEST(Parallel, ResultDoesNotDependOnTheNumberOfThreads) {
  const auto compute = [](unsigned threads) {
    std::vector<std::uint64_t> slots(5000);
    parallel_for(slots.size(), threads, [&](std::size_t i) {
      Random random{.seed = 9, .stream = i};
      for (int n = 0; n < 10; ++n) slots[i] ^= random.bits();
    });
    return digest(std::as_bytes(std::span(slots)));
  };
  const Digest one = compute(1);
  for (const unsigned threads : {2u, 4u, 16u}) EXPECT_EQ(compute(threads), one) << threads;
}

TEST(Parallel, CallsFromSeveralThreadsDoNotDisturbEachOther) {
  std::vector<std::vector<int>> all(4, std::vector<int>(500));
  std::vector<std::thread> callers;
  for (auto& slots : all) {
    callers.emplace_back(
        [&slots] { parallel_for(slots.size(), 3, [&](std::size_t i) { slots[i] = static_cast<int>(i); }); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const auto& slots : all) {
    for (std::size_t i = 0; i < slots.size(); ++i) EXPECT_EQ(slots[i], static_cast<int>(i));
  }
}

}  // namespace
}  // namespace margrave
