#pragma once

#include <optional>
#include <string>

#include "base/decimal.h"
#include "base/fixed.h"
#include "base/id.h"
#include "base/timestamp.h"

namespace margrave {

enum class Kind : std::uint8_t { spot, perpetual, future, option };

/// linear: priced and settled in one asset (USDC, USDT, USD). inverse: one contract is a fixed amount of USD (forwards)
/// or of coin (options), settled in the coin.
enum class Style : std::uint8_t { linear, inverse };

/// Something an account can hold a balance of. One unit of the books is 10^-decimals of it.
struct Asset {
  std::string name;  ///< "BTC", "USDC"
  int decimals{8};   ///< 0..18
  /// The asset whose price moves this one's in every scenario (a liquid-staking token follows its coin); that one
  /// follows none itself.
  std::optional<AssetId> follows{};
};

/// Something prices are formed on; its index is in USD per coin.
struct Underlying {
  std::string name;  ///< "BTC"
  AssetId coin;      ///< the asset whose price it is
};

/// What a contract is. A size counts contracts; it must be a whole number of lots.
///
/// Price units: linear forwards and options in settlement asset per coin; inverse forwards in USD per coin; inverse
/// options in coin per coin (their premium), with the strike in USD per coin.
struct Instrument {
  std::string name;
  Kind kind{Kind::perpetual};
  Style style{Style::linear};
  UnderlyingId underlying{};
  AssetId settlement{};
  Decimal contract_size{1, 0};  ///< coin per contract; USD per contract for inverse forwards; > 0
  Decimal tick{1, 2};           ///< smallest price step, > 0
  Decimal lot{1, 0};            ///< smallest size step in contracts, > 0
  Timestamp expiry{};           ///< futures and options; otherwise 0
  Decimal strike{};             ///< options: USD (inverse) or settlement asset (linear) per coin, > 0
  bool is_call{false};          ///< options

  bool expires() const { return kind == Kind::future || kind == Kind::option; }
  bool is_forward() const { return kind != Kind::option; }  ///< value is linear in a price
};

std::string_view to_string(Kind kind);
std::string_view to_string(Style style);

/// The size in whole lots; an error that names the lot when it is not one, and on overflow.
Result<Lots> to_lots(const Instrument& instrument, const Decimal& size);
/// The size in contracts.
Result<Decimal> to_size(const Instrument& instrument, Lots lots);
/// The price in whole ticks; an error that names the tick when it is not one.
Result<Ticks> to_ticks(const Instrument& instrument, const Decimal& price);

/// Contract content of one lot: contract_size * lot, exact.
Result<Decimal> lot_content(const Instrument& instrument);

}  // namespace margrave
