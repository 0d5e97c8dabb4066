#pragma once

#include <map>
#include <optional>
#include <span>
#include <tuple>
#include <vector>

#include "base/isa.h"
#include "scenario/path.h"

namespace margrave {

/// Values in USD, or in a numeraire, of one lot in every column of an array. prepare() is called for every instrument
/// first; then rows may be valued from different threads.
class RowPricer {
 public:
  /// With a numeraire values are in units of that asset, whose own unit is worth exactly 1 in every column.
  RowPricer(const Market& market, const MarketPath& path, Isa isa, std::optional<AssetId> numeraire = std::nullopt,
            bool discounted = true)
      : market_(market), path_(path), isa_(isa), numeraire_(numeraire), discounted_(discounted) {}

  /// Makes the path of the instrument's expiry and an option's units, which contracts of an expiry share.
  void prepare(InstrumentId id);

  /// out has an entry per column. The market can price the asset.
  void asset_values(AssetId asset, std::vector<double>& out) const;
  /// out has an entry per column. The market can price the instrument (see revalue()).
  void instrument_values(InstrumentId id, std::vector<double>& out) const;

  /// An option's entries, round-half-even(value * 2^-exponent), straight from its surface: the same integers as values
  /// rounded afterwards. `now` is the value in column 0. False when an entry does not fit.
  [[nodiscard]] bool option_entries(InstrumentId id, int exponent, std::span<std::int32_t> out, double& now) const;

  /// What an option's vol is multiplied by in a column: by its expiry, and by its strike where the scenario moves that.
  double vol_multiplier(InstrumentId id, std::size_t column) const;
  /// USD (or numeraire) per unit of a prepared option's undiscounted price (USD per coin), one lot, by column.
  const std::vector<double>& option_units(const Instrument& instrument) const;
  /// Price of a prepared spot, perpetual or future in its price unit, by column, without what funding has been paid.
  std::vector<double> forward_prices(InstrumentId id) const;
  /// The path of a prepared instrument that expires.
  const ExpiryPath& path_of(const Instrument& instrument) const;

 private:
  void prepare_path(const Instrument& instrument);
  void forward_prices(InstrumentId id, std::vector<double>& price) const;
  void forward_values(InstrumentId id, const Instrument& instrument, std::vector<double>& out) const;
  template <class Each>
  void for_each_stretch(InstrumentId id, const Instrument& instrument, Each&& each) const;
  /// Of one unit of an asset, in USD or in the numeraire.
  double worth(AssetId asset, std::size_t column) const;
  std::vector<double> skewed(const Instrument& instrument, const Stretch& stretch, const ExpiryPath& path) const;
  void dampen(std::vector<double>& out) const;

  /// Options with one path, settlement and content of a lot have the same units.
  using UnitKey = std::tuple<UnderlyingId, Timestamp, Style, AssetId, i128, int>;
  static UnitKey unit_key(const Instrument& instrument);
  std::vector<double> make_units(const Instrument& instrument) const;

  const Market& market_;
  const MarketPath& path_;
  Isa isa_;
  std::optional<AssetId> numeraire_;
  bool discounted_;
  std::map<std::pair<UnderlyingId, Timestamp>, ExpiryPath> paths_;
  std::map<UnitKey, std::vector<double>> units_;
};

}  // namespace margrave
