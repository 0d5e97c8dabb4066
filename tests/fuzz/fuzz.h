#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/check.h"
#include "base/result.h"

namespace margrave {

/// What one fuzzer does with one input; each *_fuzz.cpp defines it. It may do anything but stop the process.
void fuzz_one(std::string_view input);

/// A reader may refuse any input, but has to say why and what would be right.
template <class T>
bool accepted(const Result<T>& result) {
  if (result) return true;
  if (result.error().message.empty() || result.error().remedy.empty()) {
    std::fprintf(stderr, "no message or no remedy: %s\n", to_string(result.error()).c_str());
    std::abort();
  }
  return false;
}

}  // namespace margrave

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  margrave::fuzz_one({reinterpret_cast<const char*>(data), size});
  return 0;
}
