#pragma once

#include <array>
#include <string_view>

#include "document/cursor.h"
#include "scenario/surface_move.h"

namespace margrave {

/// What of a vol surface moves beside the spot: the level (vol of 30 days at the money), the skew, the wings and the
/// slope over time. Everything by component is in this order.
inline constexpr std::array<std::string_view, 4> vol_components{"level", "skew", "wings", "term"};
enum class VolComponent : std::uint8_t { level, skew, wings, term };

/// A component's log move beside a log return r: constant + slope r + size |r| + residual. Of the residual `with_level`
/// is what goes with the level's (0 of the level itself), and `spread` the root mean square of the rest.
struct VolLine {
  double constant{0}, slope{0}, size{0}, with_level{0}, spread{0};
};
using VolLines = std::array<VolLine, vol_components.size()>;

/// Moves of the vol surface that a recipe has beside the returns of a set. vol_moves.h
struct VolMovesSpec {
  VolLines lines{};
  double width{usual_surface_width};  ///< of skew and wings
};

/// The mapping `vol_moves` of a set of returns. Errors name file, line, field and remedy: an unknown key, no component
/// at all, a number out of range.
Result<VolMovesSpec> read_vol_moves(const Cursor& at);

}  // namespace margrave
