#include "market/listing.h"

#include <algorithm>
#include <array>

namespace margrave {
namespace {

Result<AssetId> asset_named(Registry& registry, const std::string& name) {
  if (const auto id = registry.asset(name)) return *id;
  return registry.list(Asset{.name = name, .decimals = usual_decimals(name)});
}

Result<UnderlyingId> underlying_named(Registry& registry, const Listing& listing) {
  const AssetId coin = TRY(asset_named(registry, listing.coin));
  if (const auto id = registry.underlying(listing.underlying)) {
    if (registry[*id].coin == coin) return *id;
    return fail({.message = listing.terms.name + " takes " + listing.coin + " as the coin of " + listing.underlying +
                            ", which is listed with " + registry[registry[*id].coin].name,
                 .field = "coin",
                 .remedy = "give it an underlying of its own"});
  }
  return registry.list(Underlying{.name = listing.underlying, .coin = coin});
}

}  // namespace

bool is_dollar(std::string_view asset) {
  constexpr std::array<std::string_view, 9> dollars{"USD",  "USDC",  "USDT",  "USDE", "DAI",
                                                    "BUSD", "FDUSD", "PYUSD", "USDH"};
  return std::find(dollars.begin(), dollars.end(), asset) != dollars.end();
}

int usual_decimals(std::string_view asset) { return is_dollar(asset) ? 6 : 8; }

Result<void> assume_dollars(Market& market) {
  for (const std::string dollar : {"USD", "USDC", "USDT"}) TRY(asset_named(market.registry, dollar));
  const std::vector<Asset>& assets = market.registry.assets();
  market.state.asset_usd.resize(assets.size(), absent);
  std::string assumed;
  for (std::size_t i = 0; i < assets.size(); ++i) {
    double& usd = market.state.asset_usd[i];
    if (usd == usd || !is_dollar(assets[i].name)) continue;
    usd = 1;
    if (assets[i].name != "USD") assumed += (assumed.empty() ? "" : ", ") + assets[i].name;
  }
  if (assumed.empty()) return {};
  market.state.findings.push_back(
      {.kind = Finding::Kind::assumed, .subject = assumed, .text = "no price is given; taken to be worth 1 USD"});
  return {};
}

Result<InstrumentId> list(Registry& registry, const Listing& listing) {
  Instrument terms = listing.terms;
  terms.underlying = TRY(underlying_named(registry, listing));
  terms.settlement = TRY(asset_named(registry, listing.settlement));
  return registry.list(std::move(terms));
}

}  // namespace margrave
