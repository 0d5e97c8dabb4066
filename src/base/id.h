#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace margrave {

/// A dense index into one kind of thing: an AssetId is not an InstrumentId and does not compile as one.
template <class Tag>
struct Id {
  std::uint32_t value{0};
  constexpr auto operator<=>(const Id&) const = default;
  constexpr std::size_t index() const { return value; }
};

using AssetId = Id<struct AssetTag>;
using UnderlyingId = Id<struct UnderlyingTag>;
using InstrumentId = Id<struct InstrumentTag>;

}  // namespace margrave
