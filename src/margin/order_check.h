#pragma once

#include "margin/assess.h"

namespace margrave {

/// An account's equity and what it is held against.
struct Standing {
  Usd equity, initial, maintenance;
  Usd excess() const { return equity - initial; }
  friend bool operator==(const Standing&, const Standing&) = default;
};

/// Why an order is accepted (1, 2) or refused (3 to 5). The numbers are part of the interface.
enum class OrderReason : std::uint8_t {
  covered = 1,       ///< equity is at least the initial margin with every open order and this one
  helps = 2,         ///< after its fill neither equity less initial margin nor equity / maintenance is worse
  excess_falls = 3,  ///< equity less initial margin is
  health_falls = 4,  ///< equity / maintenance is
  both_fall = 5,
};
std::string_view to_string(OrderReason reason);

/// What was decided about an order, with the numbers it rests on.
struct OrderDecision {
  bool accepted{false};
  OrderReason reason{OrderReason::both_fall};
  Usd with_orders;         ///< initial margin with the open orders and this one
  Standing before, after;  ///< as the account stands, and after this order's fill at its limit, no other order filled
};

/// Whether equity / maintenance has become worse, by products of whole numbers. Without a maintenance requirement it is
/// better than any number; an account in debt has none to speak of: whatever its requirement, it stands below all
/// others and level with any other in debt.
bool is_health_worse(const Standing& before, const Standing& after);

/// Whether a venue takes one more order of an account: when its margin covers all open orders with this one, or when
/// its fill makes the account no worse, so that an order that reduces risk is never refused, however little margin
/// there is. The book's orders are those that rest already. Reduce-only orders fill as far as there is something to
/// close now. Errors: those of assess(); a limit of 0 or below, no lots. Source: docs/methods/orders.md
Result<OrderDecision> check_order(const MarginInputs& inputs, const Book& book, const Order& order);

}  // namespace margrave
