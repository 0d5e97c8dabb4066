#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "market/bars.h"

namespace margrave {

/// What walks read of prices but margins: what a coin was worth at both ends of a window, how long its past is, how
/// fresh its last price.
class WalkPrices {
 public:
  /// The bars outlive it.
  WalkPrices(const std::vector<Bars>& bars, std::int64_t window_ms);
  WalkPrices(std::vector<Bars>&& bars, std::int64_t window_ms) = delete;

  struct Ends {
    double start{0}, end{0};
  };
  bool has(const std::string& coin) const { return coins_.contains(coin); }
  /// Closes at both ends, from the first file that has both; nothing where none has.
  std::optional<Ends> over(const std::string& coin, std::int64_t from_ms, std::int64_t to_ms) const;
  /// Whole windows with returns that ended at or before an instant, since the coin was last taken for another asset
  /// (bar_check.h).
  std::size_t windows_before(const std::string& coin, std::int64_t at_ms) const;
  /// The price that market_from_bars() takes is of a bar that ended more than two hours, or two of its bars, before.
  bool is_stale(const std::string& coin, std::int64_t at_ms) const;

 private:
  struct Coin {
    std::vector<const Bars*> files;
    std::vector<std::int64_t> ends;    ///< of the windows with returns
    std::vector<std::int64_t> breaks;  ///< when it became another asset
  };
  std::map<std::string, Coin, std::less<>> coins_;
};

}  // namespace margrave
