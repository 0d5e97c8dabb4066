#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "product/instrument.h"

namespace margrave {

/// The assets, underlyings and instruments of one venue, dense by id in the order they were listed. A value: copy it,
/// compare it, hash it; nothing in it changes by itself.
class Registry {
 public:
  /// Lists something new, or returns an error that names the field that is wrong or the name that is taken.
  Result<AssetId> list(Asset asset);
  Result<UnderlyingId> list(Underlying underlying);
  Result<InstrumentId> list(Instrument instrument);
  /// Lets a listed asset follow another in scenarios: for files in which a follower stands above its leader. Errors: it
  /// would follow itself, or one that follows another.
  Result<void> follow(AssetId follower, AssetId leader);

  const std::vector<Asset>& assets() const { return assets_; }
  const std::vector<Underlying>& underlyings() const { return underlyings_; }
  const std::vector<Instrument>& instruments() const { return instruments_; }
  const Asset& operator[](AssetId id) const { return assets_.at(id.index()); }
  const Underlying& operator[](UnderlyingId id) const { return underlyings_.at(id.index()); }
  const Instrument& operator[](InstrumentId id) const { return instruments_.at(id.index()); }

  std::optional<AssetId> asset(std::string_view name) const;
  std::optional<UnderlyingId> underlying(std::string_view name) const;
  std::optional<InstrumentId> instrument(std::string_view name) const;
  /// The listed instrument whose name is closest to a misspelt one, for "did you mean"; empty when none is close. It
  /// never has another expiry than the name says: who names an expired option does not mean one that lives.
  std::string nearest_instrument(std::string_view name) const;

 private:
  std::vector<Asset> assets_;
  std::vector<Underlying> underlyings_;
  std::vector<Instrument> instruments_;
  std::map<std::string, std::uint32_t, std::less<>> asset_by_name_, underlying_by_name_, instrument_by_name_;
};

/// The name of an asset's row in a risk array: "asset:BTC"; an instrument's row has the instrument's own name. The row
/// is the value of the asset's smallest unit.
std::string row_name(const Asset& asset);

}  // namespace margrave
