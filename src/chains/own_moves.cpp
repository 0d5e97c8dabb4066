#include "chains/own_moves.h"

#include <algorithm>
#include <map>

namespace margrave {
namespace {

constexpr double month_years = 30.0 / 365.0;

Result<const Parameter*> parameter(const Recipe& recipe, const std::string& name) {
  for (const Parameter& one : recipe.parameters) {
    if (one.name == name) return &one;
  }
  return fail({.kind = ErrorKind::config,
               .message = "recipe '" + recipe.name + "' has no parameter '" + name + "', so it has no moves of its own",
               .field = "--own-moves",
               .remedy = "give a recipe with move, market_vol, vol_share_up and vol_share_down, as greeks has"});
}

/// Positions of one underlying whose vols move together: those of one expiry, or the forwards.
using ByExpiry = std::map<Timestamp, std::vector<const Position*>>;

Result<double> gain_of(const Market& market, const std::vector<const Position*>& positions, const FixedMove& move) {
  double gain = 0;
  for (const Position* position : positions) {
    const std::optional<double> lot = lot_gain(market, position->instrument, move);
    if (!lot) {
      return fail({.message = "the market has no price of " + market.registry[position->instrument].name,
                   .remedy = "leave it out of the book"});
    }
    gain += static_cast<double>(position->lots.raw) * *lot;
  }
  return gain;
}

Result<double> worst_at(const Market& market, const ByExpiry& expiries, double spot, const OwnMoves& moves) {
  double sum = 0;
  for (const auto& [expiry, positions] : expiries) {
    const double term = OwnMoves::term(years_between(market.state.as_of, expiry));
    double worst = TRY(gain_of(market, positions, {.spot = spot, .vol = 0}));
    for (const double vol : {-moves.vol_down * term, moves.vol_up * term})
      worst = std::min(worst, TRY(gain_of(market, positions, {.spot = spot, .vol = vol})));
    sum += worst;
  }
  return sum;
}

}  // namespace

Result<OwnMoves> OwnMoves::of(const Recipe& recipe) {
  OwnMoves moves;
  const Parameter* spot = TRY(parameter(recipe, "move"));
  moves.move = spot->value.to_double();
  for (const auto& [underlying, value] : spot->by) moves.move_of.emplace_back(underlying, value.to_double());
  const double vol = TRY(parameter(recipe, "market_vol"))->value.to_double();
  moves.vol_up = vol * TRY(parameter(recipe, "vol_share_up"))->value.to_double();
  moves.vol_down = vol * TRY(parameter(recipe, "vol_share_down"))->value.to_double();
  bool inside = moves.move > 0 && moves.move < 1 && moves.vol_up >= 0 && moves.vol_down >= 0;
  for (const auto& [unused, own] : moves.move_of) inside = inside && own > 0 && own < 1;
  if (inside) return moves;
  return fail({.kind = ErrorKind::config,
               .message = "recipe '" + recipe.name + "' has a move that is no fall of a price, or a vol that is none",
               .field = "move",
               .remedy = "keep moves between 0 and 1 and vols at 0 or above"});
}

double OwnMoves::spot(const std::string& underlying) const {
  for (const auto& [name, own] : move_of) {
    if (name == underlying) return own;
  }
  return move;
}

double OwnMoves::term(double years) {
  constexpr double day_years = 1.0 / 365.0;
  return std::min(1.0, __builtin_sqrt(month_years / std::max(years, day_years)));
}

Result<double> worst_of_own_moves(const Market& market, const Book& book, const OwnMoves& moves) {
  std::map<UnderlyingId, ByExpiry> underlyings;
  for (const Position& position : book.positions) {
    const Instrument& instrument = market.registry[position.instrument];
    underlyings[instrument.underlying][instrument.expiry].push_back(&position);
  }
  double loss = 0;
  for (const auto& [underlying, expiries] : underlyings) {
    const double most = moves.spot(market.registry[underlying].name);
    double worst = 0;
    for (const double spot : {-most, 0.0, most}) worst = std::min(worst, TRY(worst_at(market, expiries, spot, moves)));
    loss -= worst;
  }
  return loss;
}

}  // namespace margrave
