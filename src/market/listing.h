#pragma once

#include <string>

#include "market/state.h"
#include "product/registry.h"

namespace margrave {

/// An instrument whose underlying, coin and settlement asset are named, not numbered: what a venue's own name or a row
/// of a file says before there is a registry. The ids inside `terms` mean nothing until it is listed.
struct Listing {
  Instrument terms{};
  std::string underlying;  ///< "BTC"
  std::string coin;        ///< "BTC"
  std::string settlement;  ///< "BTC", "USDC"
};

/// Decimals of the smallest unit in which balances of an asset are kept unless a file says otherwise: 6 for dollar
/// stablecoins and fiat, 8 for coins.
int usual_decimals(std::string_view asset);
/// USD, or a coin that is meant to be worth one: USDC, USDT, USDE, DAI, BUSD, FDUSD, PYUSD, USDH.
bool is_dollar(std::string_view asset);

/// Lists the dollars that an account of any market may hold, USD, USDC and USDT, where they are not there yet, and
/// takes every dollar without a price to be worth 1 USD: one finding names them. Other assets without a price stay
/// absent.
Result<void> assume_dollars(Market& market);

/// Lists the instrument, first its assets and underlying where the registry does not have them yet.
Result<InstrumentId> list(Registry& registry, const Listing& listing);

}  // namespace margrave
