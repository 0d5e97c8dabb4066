#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include "base/isa.h"
#include "pricing/svi_slice.h"

namespace margrave {

/// One annualised vol for all strikes.
struct FlatVol {
  double vol;
};
using Smile = std::variant<SviSlice, FlatVol>;

/// What n scenarios do to one underlying and expiry, one array for each quantity, all of length n.
struct ExpiryScenarios {
  std::span<const double> log_forward;     ///< ln(F_s / F_0)
  std::span<const double> forward;         ///< F_s, > 0
  std::span<const double> vol_multiplier;  ///< multiplies the vol, >= 0
  std::span<const double> vol_floor;       ///< absolute annualised vol floor, 0 = none
  std::span<const double> unit;            ///< USD per unit of undiscounted price of one lot
  std::span<const double> dampening;       ///< entry = base + dampening (value - base); 1 = none
};

struct OptionTerms {
  double strike;         ///< > 0
  double log_moneyness;  ///< ln(K / F_0)
  bool is_call;
  double expiry_years;    ///< time left when valued, >= 0; 0 settles at intrinsic value
  double variance_scale;  ///< total variance left over today's, T'/T: ages a SviSlice; a FlatVol ignores it
};

/// Values of one lot in n scenarios, before the border: base + dampening_s (unit_s Black(F_s, K, vol_s) - base).
///
/// Sticky moneyness: the slice is read at k = ln(K/F_s); vol_s = max(vol(k) vol_multiplier_s, vol_floor_s) over the
/// time left. A slice that is negative at some k counts as 0 there. Shapes:  scenarios.*[n] -> out[n]. Units:   out and
/// base_value in USD. Edges:   without time or vol the value is unit_s times intrinsic value, exactly rounded. Errors:
/// as black76_calls, relative to unit_s F_s. No allocation.
void option_values(Isa isa, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile,
                   double base_value, std::span<double> out);

/// The border: out = option_values * scale, rounded half to even. scale is a power of two, 2^-exponent of the row.
/// Returns false if an entry does not fit: above 2^31 - 1 in size, for the wide form from 2^63, or not a number. The
/// row is then not usable; entries that do not fit hold the lowest integer.
[[nodiscard]] bool option_row(Isa isa, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile,
                              double base_value, double scale, std::span<std::int32_t> out);
[[nodiscard]] bool option_row(Isa isa, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile,
                              double base_value, double scale, std::span<std::int64_t> out);

}  // namespace margrave
