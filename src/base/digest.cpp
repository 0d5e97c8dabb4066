#include "base/digest.h"

#define XXH_STATIC_LINKING_ONLY  // the state on the stack
#include <xxhash.h>

namespace margrave {

Digest digest(Bytes bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  return {hash.high64, hash.low64};
}

Digest digest(Bytes first, Bytes second) {
  XXH3_state_t state;
  XXH3_128bits_reset(&state);
  XXH3_128bits_update(&state, first.data(), first.size());
  XXH3_128bits_update(&state, second.data(), second.size());
  const XXH128_hash_t hash = XXH3_128bits_digest(&state);
  return {hash.high64, hash.low64};
}

Digest digest(std::string_view text) { return digest(std::as_bytes(std::span(text.data(), text.size()))); }

std::string to_string(const Digest& digest) {
  std::string text;
  for (const std::uint64_t word : {digest.high, digest.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(word >> shift) & 15];
  }
  return text;
}

}  // namespace margrave
