#pragma once

#include <array>
#include <cstdint>

namespace margrave {

/// Philox4x32-10: the four 32-bit words of one counter under one key. A pure function, so any element of any stream
/// can be drawn in any order on any machine.
/// Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011), section 3.3.
constexpr std::array<std::uint32_t, 4> philox(std::array<std::uint32_t, 4> counter, std::array<std::uint32_t, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const std::uint64_t left = std::uint64_t{0xD2511F53} * counter[0];
    const std::uint64_t right = std::uint64_t{0xCD9E8D57} * counter[2];
    counter = {static_cast<std::uint32_t>(right >> 32) ^ counter[1] ^ key[0], static_cast<std::uint32_t>(right),
               static_cast<std::uint32_t>(left >> 32) ^ counter[3] ^ key[1], static_cast<std::uint32_t>(left)};
    key[0] += 0x9E3779B9;
    key[1] += 0xBB67AE85;
  }
  return counter;
}

/// A stream of random numbers: seed and stream name it, `next` is its position. Copy it to repeat it.
struct Random {
  std::uint64_t seed{0};
  std::uint64_t stream{0};
  std::uint64_t next{0};

  /// 64 random bits.
  constexpr std::uint64_t bits() {
    const auto words = philox({static_cast<std::uint32_t>(next), static_cast<std::uint32_t>(next >> 32),
                               static_cast<std::uint32_t>(stream), static_cast<std::uint32_t>(stream >> 32)},
                              {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)});
    ++next;
    return (std::uint64_t{words[1]} << 32) | words[0];
  }
  /// Uniform in (0, 1): the middle of one of 2^52 equal cells, never 0 and never 1.
  constexpr double uniform() { return (static_cast<double>(bits() >> 12) + 0.5) * 0x1p-52; }
  /// Uniform integer in [0, n), n > 0, by multiplication (bias below n / 2^64).
  constexpr std::uint64_t below(std::uint64_t n) {
    __extension__ using wide = unsigned __int128;
    return static_cast<std::uint64_t>((static_cast<wide>(bits()) * n) >> 64);
  }
};

}  // namespace margrave
