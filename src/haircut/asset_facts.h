#pragma once

#include <optional>
#include <string>

#include "haircut/haircut_parts.h"

namespace margrave {

/// What a coin promises to be worth.
struct Peg {
  std::string follows;          ///< "USD", or an asset with bars
  std::optional<double> ratio;  ///< coins of it, > 0; none: one dollar for USD, for assets the usual ratio of late
};

/// What is known of an asset besides its prices.
struct AssetFacts {
  std::optional<Peg> peg;
  double confidence{1};  ///< of its price, in [0, 1]
  SoftCap concentration{};
  double sold_first_usd{0};
  GivenPart custody, chain, bridge, issuer;
};

}  // namespace margrave
