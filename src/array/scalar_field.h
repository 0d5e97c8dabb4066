#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace margrave {

/// The market numbers of a row that a margin rule may read, besides the row's values. Closed: a rule can name no other.
enum class ScalarField : std::uint8_t {
  index,              ///< USD per unit of the underlying
  mark,               ///< USD per unit of the instrument or asset
  notional,           ///< USD of one lot at the index
  forward,            ///< USD per unit of the underlying at the row's expiry
  seconds_to_expiry,  ///< 0 at expiry; absent where nothing expires
  delta,              ///< units of the underlying per lot
  vega,               ///< USD per lot and vol point (0.01)
  gamma,              ///< units of the underlying per lot and USD
  open_interest,      ///< lots
  volume,             ///< lots traded in the last day
  confidence,        ///< how far the row's own price is trusted, 0 to 1; an option's: the lower of its and its expiry's
  index_confidence,  ///< how far the index is trusted, 0 to 1
  rate,              ///< continuous, per year, of the row's expiry; may be negative
  vol,               ///< of an option now, annualised: what column 0 is valued with
  funding_rate,      ///< fraction of notional that longs of a perpetual pay per 8 hours
  uncovered_sets,    ///< bit s: scenario set s has no history of the coin; absent: all sets cover it
  value,             ///< USD, or numeraire, now of one lot (an asset: its smallest unit), in 10^-value_decimals
  value_decimals,    ///< 18, and for an asset its own decimals more, so that a dollar is exact
};
inline constexpr std::size_t scalar_field_count = 18;

/// A scalar is an integer that counts units of 10^-decimals of what its field says.
struct ScalarScale {
  ScalarField field;
  std::string_view name;
  int decimals;
};

inline constexpr std::array<ScalarScale, scalar_field_count> scalar_scales = {{
    {ScalarField::index, "index", 18},
    {ScalarField::mark, "mark", 18},
    {ScalarField::notional, "notional", 18},
    {ScalarField::forward, "forward", 18},
    {ScalarField::seconds_to_expiry, "seconds_to_expiry", 0},
    {ScalarField::delta, "delta", 18},
    {ScalarField::vega, "vega", 18},
    {ScalarField::gamma, "gamma", 18},
    {ScalarField::open_interest, "open_interest", 0},
    {ScalarField::volume, "volume", 0},
    {ScalarField::confidence, "confidence", 18},
    {ScalarField::index_confidence, "index_confidence", 18},
    {ScalarField::rate, "rate", 18},
    {ScalarField::vol, "vol", 18},
    {ScalarField::funding_rate, "funding_rate", 18},
    {ScalarField::uncovered_sets, "uncovered_sets", 0},
    {ScalarField::value, "value", 0},
    {ScalarField::value_decimals, "value_decimals", 0},
}};

constexpr const ScalarScale& scale_of(ScalarField field) { return scalar_scales[static_cast<std::size_t>(field)]; }

constexpr std::optional<ScalarField> parse_scalar_field(std::string_view name) {
  for (const ScalarScale& scale : scalar_scales) {
    if (scale.name == name) return scale.field;
  }
  return std::nullopt;
}

}  // namespace margrave
