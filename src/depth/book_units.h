#pragma once

#include "base/fixed.h"

namespace margrave {

using BookPrice = Fixed<struct BookPriceTag, 12>;  ///< in the instrument's price unit
using BookSize = Fixed<struct BookSizeTag, 12>;    ///< in contracts, or coins where a book counts coins

/// Numbers of a book beyond these are a slip of the unit; below them no sum of a book leaves 128 bits.
inline constexpr BookPrice largest_book_price{power_of_ten(15 + BookPrice::decimals)};
inline constexpr BookSize largest_book_size{power_of_ten(15 + BookSize::decimals)};

}  // namespace margrave
