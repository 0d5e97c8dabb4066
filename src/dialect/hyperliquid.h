#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "market/listing.h"

namespace margrave {

/// One perpetual position of a public account.
struct HyperliquidPosition {
  std::string coin;     ///< the venue's name: "BTC", "kPEPE"
  Decimal size;         ///< coins of that name, long > 0, short < 0; exact
  Decimal entry_price;  ///< USD
  double leverage{0};
  double position_value{0};     ///< USD, > 0
  double unrealized_pnl{0};     ///< USD
  double liquidation_price{0};  ///< USD; NaN where the venue gives none
};

struct HyperliquidAccount {
  std::string account;      ///< a number that stands for the address
  double account_value{0};  ///< USD; NaN when the accounts file has no row for it
  bool mispriced{false};    ///< account_value above 5e8: spot tokens that the source mispriced; its value means nothing
  std::vector<HyperliquidPosition> positions;  ///< in the order of the file
};

/// One recorded instant: every account that holds a position, by number, and a mark for every coin held.
struct HyperliquidSnapshot {
  Timestamp time{};
  std::map<std::string, double> marks;  ///< by the venue's coin name: median of position value / size
  std::vector<HyperliquidAccount> accounts;
};

/// Reads the recorded positions (t_ms, account, coin, side, size, entry_price, leverage, position_value,
/// unrealized_pnl, liquidation_price) and account values (t_ms, account, account_value, ...), in the order of time.
/// Both files sorted by t_ms; without a path of the second no account has a value. Errors with file, line and field: a
/// side that is neither Long nor Short, a size that is not positive, a coin twice in one account.
Result<std::vector<HyperliquidSnapshot>> read_hyperliquid(const std::string& positions_path,
                                                          const std::string& accounts_path);

/// The coin whose bars price a venue name, and how many of it one unit is: kPEPE is 1000 PEPE.
struct HyperliquidCoin {
  std::string coin;
  int units{1};
};
HyperliquidCoin hyperliquid_coin(std::string_view name);

/// The perpetual that a name stands for: BTC, kPEPE; linear, settled in USDC, sizes in units of the name. kPEPE is a
/// coin of its own, since its prices are those of a thousand. Markets of builders (xyz:GOLD) and spot pairs
/// (PURR/USDC, @107) are not names of perpetuals of the venue.
Result<Listing> parse_hyperliquid_name(std::string_view name);

/// The venue's name of a linear perpetual on one coin, settled in USDC. Errors: any other contract.
Result<std::string> print_hyperliquid_name(const Listing& listing);

}  // namespace margrave
