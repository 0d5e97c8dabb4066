#pragma once

#include <cstdint>
#include <vector>

#include "math/elementary.h"

/// Made-up returns for tests, the same everywhere; test code only.
namespace margrave {

/// Independent standard normal numbers.
inline std::vector<double> some_normals(std::size_t n, std::uint64_t seed = 7) {
  std::vector<double> values;
  for (std::size_t i = 0; i < n; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    values.push_back(normal_quantile((static_cast<double>(seed >> 11) + 0.5) * 0x1p-53));
  }
  return values;
}

/// Returns of about 1 % whose deviation rises and falls back every 97 steps.
inline std::vector<double> some_returns(std::size_t n) {
  std::vector<double> returns = some_normals(n, 12345);
  for (std::size_t i = 0; i < n; ++i) returns[i] *= 0.01 * (1 + static_cast<double>(i % 97) / 97);
  return returns;
}

}  // namespace margrave
