#include "base/isa.h"

#include <immintrin.h>

namespace margrave {
namespace {

constexpr Isa all[] = {Isa::portable, Isa::scalar, Isa::avx2, Isa::avx512};

std::size_t count_supported() {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("fma") || !__builtin_cpu_supports("avx")) return 1;
  if (!__builtin_cpu_supports("avx2")) return 2;
  const bool wide = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
  return wide ? 4 : 3;
}

}  // namespace

std::string_view to_string(Isa isa) {
  switch (isa) {
    case Isa::portable:
      return "portable";
    case Isa::scalar:
      return "scalar";
    case Isa::avx2:
      return "avx2";
    case Isa::avx512:
      return "avx512";
  }
  return "unknown";
}

std::optional<Isa> parse_isa(std::string_view name) {
  for (const Isa isa : all) {
    if (name == to_string(isa)) return isa;
  }
  return std::nullopt;
}

std::span<const Isa> supported_isas() { return {all, count_supported()}; }

Isa best_isa() { return supported_isas().back(); }

bool float_mode_is_default() {
  constexpr unsigned rounding = 0x6000, flush_to_zero = 0x8000, denormals_are_zero = 0x0040;
  return (_mm_getcsr() & (rounding | flush_to_zero | denormals_are_zero)) == 0;
}

}  // namespace margrave
