#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace margrave {

using Bytes = std::span<const std::byte>;

/// XXH3-128 of canonical bytes: names an input, a row, a state. Not a defence against an attacker (see keccak.h).
struct Digest {
  std::uint64_t high{0}, low{0};
  constexpr auto operator<=>(const Digest&) const = default;
};

Digest digest(Bytes bytes);
/// The digest of both, one after the other, without joining them in memory.
Digest digest(Bytes first, Bytes second);
Digest digest(std::string_view text);
/// 32 lower-case hex digits.
std::string to_string(const Digest& digest);

}  // namespace margrave
