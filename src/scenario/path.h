#pragma once

#include <vector>

#include "base/isa.h"
#include "market/state.h"
#include "scenario/scenario_set.h"

namespace margrave {

/// One scenario set's stretch of columns, or the single column of now.
struct Stretch {
  const ScenarioSet* set{nullptr};  ///< nullptr: now
  std::size_t begin{0}, size{1};
  std::int64_t horizon_seconds{0};  ///< 0 unless values are taken at the horizon
  bool moves_basis{false}, moves_rate{false}, moves_vol{false};

  /// Vol moves by strike.
  bool skews() const { return set != nullptr && (!set->skew.empty() || !set->surface.empty()); }
  std::ptrdiff_t offset() const { return static_cast<std::ptrdiff_t>(begin); }
};

/// The columns of all sets: now first, then each set in order.
std::vector<Stretch> stretches(const std::vector<ScenarioSet>& sets);

/// What every contract of one expiry reads in every column of the array; a structure of arrays.
struct ExpiryPath {
  std::vector<double> log_forward;  ///< ln(forward / forward now)
  std::vector<double> forward;      ///< USD per coin
  std::vector<double> vol_multiplier;
  std::vector<double> vol_floor;
  std::vector<double> discount;     ///< of the expiry, at the moment of valuation
  std::vector<double> per_forward;  ///< 1 / forward
};

/// Everything about the market's path that does not depend on the contract: price multipliers by asset, dampening. Of
/// the market it keeps the assets and what expires alone, no price: one serves every market that differs in prices.
class MarketPath {
 public:
  MarketPath(const Market& market, const std::vector<ScenarioSet>& sets, Isa isa);

  std::size_t columns() const { return columns_; }
  const std::vector<Stretch>& stretches() const { return stretches_; }
  /// Price multipliers of an asset, one per column, 1 at now.
  const std::vector<double>& price(AssetId asset) const { return price_[asset.index()]; }
  const std::vector<double>& dampening() const { return dampening_; }
  bool dampens() const { return dampens_; }  ///< in some column

  ExpiryPath expiry(const Market& market, UnderlyingId underlying, const ExpiryState& state) const;

 private:
  void move_prices(const Market& market);
  void move_forward(const Stretch& stretch, double years, double base, double log_base, std::size_t coin,
                    ExpiryPath& path) const;
  void move_unfixed(const Stretch& stretch, double years, const ExpiryState& state, std::size_t coin,
                    ExpiryPath& path) const;
  void move_vol(const Stretch& stretch, std::int64_t seconds, ExpiryPath& path) const;
  void move_discount(const Stretch& stretch, double years, double rate, ExpiryPath& path) const;

  Isa isa_;
  std::vector<Stretch> stretches_;
  std::size_t columns_{1};
  std::vector<std::vector<double>> price_;
  std::vector<std::vector<double>> log_price_;  ///< of coins on which something expires
  std::vector<double> dampening_;
  bool dampens_{false};
};

}  // namespace margrave
