#pragma once

#include "margin/account.h"

namespace margrave {

/// What an account is worth and how large it is, before any rule looks at it.
struct AccountValue {
  Usd equity;                         ///< rounded down
  std::optional<Usd> gross_notional;  ///< see gross_notional()
  Usd row_rounding;                   ///< see rounding_bound()
};

/// Errors: as value_now() and rounding_bound().
Result<AccountValue> account_value(const Account& account);

}  // namespace margrave
