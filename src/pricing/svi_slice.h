#pragma once

namespace margrave {

/// One expiry's smile: total variance w(k) = a + b (rho (k - m) + sqrt((k - m)^2 + sigma^2)), k = ln(K / F).
/// Source: Gatheral (2004), "raw" parameters. docs/methods/svi.md
struct SviSlice {
  double a{0}, b{0}, rho{0}, m{0}, sigma{0};
};

}  // namespace margrave
