#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chains/dvol.h"
#include "chains/modelled_shape.h"
#include "market/bars.h"

namespace margrave {

/// What the modelled chains of one underlying are made of.
struct ModelledCoin {
  std::string name;  ///< of the underlying
  Dvol dvol;
  SmileShape shape;
  Listing option{};     ///< of recorded chains: all terms but name, strike, expiry and side are its
  Listing perpetual{};  ///< of recorded chains
};

/// The close of the last bar that had ended at an instant, at most two hours before. Nothing where there is none.
std::optional<double> index_at(const Bars& bars, std::int64_t at_ms);

/// Makes option chains that no venue recorded: level_of_index() of the vol index's value known then times the mean
/// shape, forwards at the index of the bars, no basis, no quotes, marks alone. Listed are modelled_expiries() and
/// modelled_strikes(); a strike once listed stays until its expiry, as on a venue, so that what a book holds has a
/// price later. A chain reads nothing of bars and vol index that comes after it; the shape is whatever was given.
class ModelledChains {
 public:
  /// The bars outlive it; a coin's first file is its index. Errors: a coin without bars.
  static Result<ModelledChains> of(std::vector<ModelledCoin> coins, const std::vector<Bars>& bars);

  /// The chain of an instant that is later than the one before. Nothing where any coin has no index or no level then.
  std::optional<Chain> next(Timestamp at);

  /// From when to when every coin has a level.
  std::int64_t first_ms() const;
  std::int64_t end_ms() const;

 private:
  struct Maker {
    ModelledCoin coin;
    const Bars* bars{nullptr};
    std::map<Timestamp, std::set<Decimal>> listed{};
  };
  static void add_quotes(Maker& maker, double index, double level, Chain& chain);

  std::vector<Maker> makers_;
};

}  // namespace margrave
