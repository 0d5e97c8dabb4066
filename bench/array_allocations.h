#pragma once

#include <cstddef>

namespace margrave::bench {

/// How often this process has asked operator new for memory: counted by the replacement in array_allocations.cpp.
std::size_t allocations_so_far();

}  // namespace margrave::bench
