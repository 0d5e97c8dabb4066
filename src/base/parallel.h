#pragma once

#include <cstddef>
#include <functional>

namespace margrave {

/// Calls body(i) for every i in [0, count) on up to `threads` threads (0 means all cores). Each call writes only its
/// own slots, so the result does not depend on the number of threads; which thread runs which i is not defined.
/// The body must not throw. Returns when all calls have returned.
void parallel_for(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& body);

}  // namespace margrave
