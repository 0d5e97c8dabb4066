#include "product/registry.h"

#include <algorithm>

#include "base/edit_distance.h"
#include "base/limits.h"

namespace margrave {
namespace {

using Index = std::map<std::string, std::uint32_t, std::less<>>;

Result<void> check_name(const Index& index, const std::string& name, const char* what) {
  const auto printable = [](char c) { return c > ' ' && c <= '~' && c != '"' && c != ','; };
  if (name.empty() || name.size() > limits::name_bytes || !std::all_of(name.begin(), name.end(), printable)) {
    return fail({.message = std::string(what) + " name '" + name.substr(0, 40) + "' is not valid",
                 .field = "name",
                 .remedy = "use 1 to 128 printable ASCII characters without spaces, commas and quotes"});
  }
  if (index.contains(name)) {
    return fail(
        {.message = std::string(what) + " " + name + " is listed twice", .field = "name", .remedy = "list it once"});
  }
  return {};
}

Result<void> check_positive(const Decimal& value, const char* field) {
  if (value.units > 0) return {};
  return fail({.message = std::string(field) + " must be positive, not " + value.to_string(),
               .field = field,
               .remedy = "write a number above 0"});
}

/// One step only: a multiplier then never depends on the order of the assets.
Result<void> check_leader(const Asset& follower, const Asset& leader) {
  if (follower.name != leader.name && !leader.follows) return {};
  const char* why = follower.name == leader.name ? " itself" : ", which follows another asset";
  return fail({.message = follower.name + " cannot follow " + leader.name + why,
               .field = "follows",
               .remedy = "name an asset that does not follow another, or leave it out"});
}

/// All venues write the expiry as the first part after the coin that has a digit: 27MAR26 in BTC-27MAR26-60000-C.
std::string_view expiry_part(std::string_view name) {
  std::size_t dash = name.find('-');
  while (dash != std::string_view::npos) {
    name.remove_prefix(dash + 1);
    dash = name.find('-');
    const std::string_view part = name.substr(0, dash);
    if (part.find_first_of("0123456789") != std::string_view::npos) return part;
  }
  return {};
}

template <class IdType>
std::optional<IdType> find(const Index& index, std::string_view name) {
  const auto at = index.find(name);
  if (at == index.end()) return std::nullopt;
  return IdType{at->second};
}

}  // namespace

Result<AssetId> Registry::list(Asset asset) {
  TRY_VOID(check_name(asset_by_name_, asset.name, "asset"));
  if (asset.decimals < 0 || asset.decimals > 18) {
    return fail({.message = "asset " + asset.name + " has " + std::to_string(asset.decimals) + " decimals",
                 .field = "decimals",
                 .remedy = "use 0 to 18"});
  }
  const AssetId id{static_cast<std::uint32_t>(assets_.size())};
  if (asset.follows) TRY_VOID(check_leader(asset, (*this)[*asset.follows]));
  asset_by_name_.emplace(asset.name, id.value);
  assets_.push_back(std::move(asset));
  return id;
}

Result<UnderlyingId> Registry::list(Underlying underlying) {
  TRY_VOID(check_name(underlying_by_name_, underlying.name, "underlying"));
  CHECK(underlying.coin.index() < assets_.size());
  const UnderlyingId id{static_cast<std::uint32_t>(underlyings_.size())};
  underlying_by_name_.emplace(underlying.name, id.value);
  underlyings_.push_back(std::move(underlying));
  return id;
}

Result<InstrumentId> Registry::list(Instrument instrument) {
  TRY_VOID(check_name(instrument_by_name_, instrument.name, "instrument"));
  CHECK(instrument.underlying.index() < underlyings_.size() && instrument.settlement.index() < assets_.size());
  TRY_VOID(check_positive(instrument.contract_size, "contract_size"));
  TRY_VOID(check_positive(instrument.tick, "tick"));
  TRY_VOID(check_positive(instrument.lot, "lot"));
  if (instrument.kind == Kind::option) TRY_VOID(check_positive(instrument.strike, "strike"));
  if (instrument.expires() && instrument.expiry.ns <= 0) {
    return fail(
        {.message = instrument.name + " has no expiry", .field = "expiry", .remedy = "give its expiry instant"});
  }
  if (instrument.style == Style::inverse && instrument.settlement != underlyings_[instrument.underlying.index()].coin) {
    return fail({.message = instrument.name + " is inverse but does not settle in its coin",
                 .field = "settlement",
                 .remedy = "settle it in the coin, or call it linear"});
  }
  if (instruments_.size() >= limits::instruments) {
    return fail({.kind = ErrorKind::overflow, .message = "too many instruments", .remedy = "split the market"});
  }
  TRY_VOID(lot_content(instrument));
  const InstrumentId id{static_cast<std::uint32_t>(instruments_.size())};
  instrument_by_name_.emplace(instrument.name, id.value);
  instruments_.push_back(std::move(instrument));
  return id;
}

Result<void> Registry::follow(AssetId follower, AssetId leader) {
  TRY_VOID(check_leader((*this)[follower], (*this)[leader]));
  for (const Asset& other : assets_) {
    if (other.follows == follower)
      TRY_VOID(check_leader(other, Asset{.name = (*this)[follower].name, .follows = leader}));
  }
  assets_[follower.index()].follows = leader;
  return {};
}

std::optional<AssetId> Registry::asset(std::string_view name) const { return find<AssetId>(asset_by_name_, name); }
std::optional<UnderlyingId> Registry::underlying(std::string_view name) const {
  return find<UnderlyingId>(underlying_by_name_, name);
}
std::optional<InstrumentId> Registry::instrument(std::string_view name) const {
  return find<InstrumentId>(instrument_by_name_, name);
}

std::string Registry::nearest_instrument(std::string_view name) const {
  std::string nearest;
  std::size_t best = std::min<std::size_t>(4, name.size());  // further away than three edits is no help
  if (name.size() > limits::name_bytes) return nearest;
  const std::string_view expiry = expiry_part(name);
  for (const Instrument& instrument : instruments_) {
    if (instrument.expires() && expiry_part(instrument.name) != expiry) continue;
    const std::size_t distance = edit_distance(name, instrument.name);
    if (distance < best) {
      best = distance;
      nearest = instrument.name;
    }
  }
  return nearest;
}

std::string row_name(const Asset& asset) { return "asset:" + asset.name; }

}  // namespace margrave
