#pragma once

#include <map>
#include <string>
#include <utility>

#include "market/chain.h"
#include "scenario/vol_moves.h"

namespace margrave {

/// A contract's own vol, and where it stands on the surface.
struct VolMark {
  double log_vol{0};
  double level_scale{1};  ///< what a move of the level of 30 days is multiplied by for it
  SurfacePlace place;
  bool tells{false};  ///< of a move that begins here: a day left, and at most three widths from the forward
};

/// The options of one underlying in a chain that have a mark vol and are out of the money, by expiry and strike.
using VolMarks = std::map<std::pair<Timestamp, double>, VolMark>;
VolMarks vol_marks(const Chain& chain, const std::string& underlying);

/// Contracts that a move takes at least.
inline constexpr std::size_t least_vol_marks = 20;

/// How a surface moved between two chains, told by the strikes that tell in the first and are in the second: their log
/// moves of vol by least squares, all alike, are level * level_scale + skew x + wings x^2 + term u, each where it stood
/// before. Where it is afterwards does not matter: leaving out what a large move of the spot takes far away would make
/// moves too small.
///
/// It is what contracts' own vols do, strike by strike, as a market that is margined on mark vols needs it: that far
/// strikes come near when the spot moves, and that contracts age, is in it. Components are `absent` with fewer
/// contracts than least_vol_marks or all of one expiry.
VolMove vol_moved(const VolMarks& before, const VolMarks& after);

/// Vol of 30 days at the money from the marks of a chain: at each expiry with an hour left that of the strike nearest
/// to its forward, total variance linear in time between the two expiries around 30 days, the nearest one's vol beyond.
/// `absent` without a mark vol.
double month_level(const Chain& chain, const std::string& underlying);

}  // namespace margrave
