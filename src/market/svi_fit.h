#pragma once

#include <optional>
#include <span>
#include <vector>

#include "market/state.h"
#include "market/svi.h"

namespace margrave {

/// What one strike says about the smile, read from its out-of-the-money option. Vols are annualised, absent where the
/// side is not there. A strike is *quoted* when bid and ask are both there.
struct SmileQuote {
  double k{0};  ///< ln(K / F)
  double bid_vol{absent}, ask_vol{absent}, mark_vol{absent};

  bool quoted() const { return bid_vol == bid_vol && ask_vol == ask_vol; }
};

struct SmileInput {
  double years{0};                 ///< > 0
  std::vector<SmileQuote> quotes;  ///< any order
};

enum class SmileSource : std::uint8_t {
  quotes,    ///< fitted to this expiry's own bids, asks and marks
  blended,   ///< fitted, then blended toward a safe slice because an arbitrage was left
  borrowed,  ///< nothing usable at this expiry: the nearest expiry's vols at the same k / sqrt(years)
};
std::string_view to_string(SmileSource source);

struct SmileFit {
  SviSlice slice{};
  SmileSource source{SmileSource::quotes};
  int quoted{0};             ///< strikes with bid and ask
  int marked{0};             ///< further strikes with a mark vol or one side alone
  double rms{absent};        ///< root mean square error on the quoted strikes, in vol; absent without any
  double max_error{absent};  ///< largest of those errors, in vol
  double min_g{absent};      ///< on the arbitrage grid; >= 0
  double calendar{absent};   ///< smallest w_next - w on the grid; >= 0; absent for the last expiry
  bool last_resort{false};   ///< borrowed, or blended more than half way
};

/// The vol that stands for a strike: the mark vol, moved into [bid vol, ask vol] where it lies outside; without a mark
/// vol the middle of bid and ask; otherwise the side there is. Absent when there is nothing.
double target_vol(const SmileQuote& quote);

/// Fits all expiries of one underlying so that the surface has no butterfly and no calendar arbitrage on the grid.
///
/// Shapes:   inputs[n] in ascending years -> n fits; empty when no expiry has a usable vol.
/// Method:   from the longest expiry to the shortest, each slice below the next one (a short smile's far wings are not
///           quoted, a long one's are) and softly above the quotes of the shorter ones; solve_svi; what is still
///           violated is blended away toward a safe slice. A squared error weighs 1 / (1 + half spread in vol points),
///           the spread in vol being the spread in price over vega; a strike without both sides weighs 1e-4.
/// Edges:    one strike is enough; no strike borrows. Pure: no clock, no threads, no state.
/// Source:   docs/methods/svi.md
std::vector<SmileFit> fit_smiles(std::span<const SmileInput> inputs);

}  // namespace margrave
