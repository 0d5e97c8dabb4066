#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace margrave {

/// Instruction sets a kernel exists for. All give the same bits; each can be forced by naming it in a call.
/// portable: any x86-64, fma in software. scalar: one lane, hardware fma. avx2: 4 doubles. avx512: 8 doubles.
enum class Isa : unsigned char { portable, scalar, avx2, avx512 };

std::string_view to_string(Isa isa);
std::optional<Isa> parse_isa(std::string_view name);

/// The instruction sets of this machine, narrowest first; never empty. Asks the CPU; keeps no state.
std::span<const Isa> supported_isas();
/// The widest of supported_isas().
Isa best_isa();

/// True when the process computes in the default mode (round to nearest even, no flush to zero), which bit-stable
/// revaluation needs; checked when an engine starts.
bool float_mode_is_default();

}  // namespace margrave
