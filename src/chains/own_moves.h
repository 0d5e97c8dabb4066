#pragma once

#include <string>
#include <utility>
#include <vector>

#include "chains/lot_gain.h"
#include "margin/book.h"
#include "margin/recipe.h"

namespace margrave {

/// The moves that a recipe of Greeks multiplies them by: its parameters move (by underlying), market_vol,
/// vol_share_up and vol_share_down. Vol moves by market_vol times the share at 30 days and less, and by the root of 30
/// days over the days left beyond.
struct OwnMoves {
  double move{0};                                       ///< of the spot, where no other is given
  std::vector<std::pair<std::string, double>> move_of;  ///< by underlying
  double vol_up{0}, vol_down{0};                        ///< added to and taken from the vol of 30 days and less

  /// Errors: a recipe without one of the parameters, or with a move outside (0, 1).
  static Result<OwnMoves> of(const Recipe& recipe);

  double spot(const std::string& underlying) const;
  /// What vol moves are multiplied by at a time to expiry, >= 0 in years.
  static double term(double years);
};

/// The most a book loses by full revaluation over those moves: per underlying the spot down, unmoved or up for all of
/// its contracts together, within that every expiry's vol down, unmoved or up by itself, whichever is worst; summed
/// over underlyings. The same freedom that delta_charge (each underlying), gamma_charge and vega_charge (each expiry)
/// leave. USD, >= 0. Errors: a position that the market cannot price.
Result<double> worst_of_own_moves(const Market& market, const Book& book, const OwnMoves& moves);

}  // namespace margrave
