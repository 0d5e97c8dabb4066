#pragma once

#include <cstdint>

namespace margrave {

/// How one scenario moves the shape of the vol surface beside its level. Log moves: `skew` and `wings` of an option one
/// width away from the forward, `term` of one whose time left is e times 30 days.
struct SurfaceMove {
  double skew{0}, wings{0}, term{0};
};

/// Where an option stands on the surface. x: ln(strike / forward) over width * sqrt(time left / 30 days), within +-2;
/// u: ln(time left / 30 days). Time left counts as one day at least and 360 at most.
struct SurfacePlace {
  double x{0}, u{0};
};

/// Log-moneyness at 30 days at which x is 1: near the strikes of a quarter delta where vol is 0.5.
inline constexpr double usual_surface_width = 0.1;
/// The least and the most that a surface move multiplies a vol by are 1/4 and 4: ln 4.
inline constexpr double most_surface_exponent = 1.3862943611198906;

/// log_moneyness is ln(strike / forward now); seconds left now, at least 0; width > 0. Deterministic on every machine.
SurfacePlace surface_place(double width, double log_moneyness, std::int64_t seconds);

/// What e is raised to for the factor of an option's vol: skew x + wings x^2 + term u, within +-most_surface_exponent.
/// Continuous in strike and time; skew alone is antisymmetric in x, wings alone symmetric.
double surface_exponent(const SurfaceMove& move, const SurfacePlace& place);

}  // namespace margrave
