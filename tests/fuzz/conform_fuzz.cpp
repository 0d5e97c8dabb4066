#include "dialect/conform.h"
#include "fuzz/fuzz.h"

namespace margrave {

/// Golden vectors, as CSV and as JSON: whatever they expect, what is computed is counted.
void fuzz_one(std::string_view input) {
  for (const char* file : {"vectors.csv", "vectors.json"}) {
    const auto result = conform_text(input, file, Isa::portable);
    if (!accepted(result)) continue;
    CHECK(result->failures.size() <= 20 && (result->failed == 0) == result->failures.empty());
  }
}

}  // namespace margrave
