#pragma once

#include "formula/number.h"
#include "margin/book.h"

namespace margrave {

/// A whole number in two parts that sum to it.
struct Split {
  i128 given{0}, kept{0};
};

/// `share` of some units: what is given is rounded up, what is kept down, debts and shorts too. Who gives keeps at most
/// his part of what he owns and at least his part of what he owes. Precondition: share in 0 to 1, units > -2^127.
Split split_units(i128 units, const Number& share);

/// A part of everything that one account holds goes to another, against cash.
struct Sale {
  Number share;      ///< 0 to 1
  AssetId cash;      ///< the asset that is paid with
  i128 reserved{0};  ///< units of cash that stay out of the share, as what earlier buyers paid in
  i128 payment{0};   ///< units of cash from the buyer to the seller; below 0 the other way
};

struct SaleBooks {
  Book seller, buyer;
};

/// Both books after the sale. Every balance, what of it is unsettled and borrowed, every position's lots and accrued
/// funding are split by split_units(), cash above `reserved` alike; per asset and instrument the two books sum to what
/// they did before, to the unit. Orders stay with the seller.
///
/// Positions keep the price that they were entered at: the buyer's grow where he has the same instrument at the same
/// price and neither has funding to be paid, else they are new ones at the end. Balances and positions of nothing are
/// left out.
/// Errors: a share outside 0 to 1; a seller with positions that were not understood; overflow.
Result<SaleBooks> sell_share(const Book& seller, const Book& buyer, const Sale& sale);

}  // namespace margrave
