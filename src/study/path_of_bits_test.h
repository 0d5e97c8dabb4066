#pragma once

#include "study/breaches.h"

namespace margrave {

/// Path of the lowest n bits of `mask`, the lowest first; test code only.
inline BreachPath path_of_bits(unsigned mask, std::size_t n) {
  Breaches breaches{.observations = n};
  for (std::size_t i = 0; i < n; ++i) {
    if ((mask >> i & 1) != 0) breaches.at.push_back(i);
  }
  return path_of(breaches);
}

}  // namespace margrave
