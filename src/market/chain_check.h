#pragma once

#include <span>
#include <string>
#include <vector>

#include "market/chain.h"

namespace margrave {

/// All options of one underlying and expiry with what was found for it.
struct ExpirySlice {
  std::string subject;  ///< "BTC 2026-03-27"
  double forward{0};
  double years{0};
  double rate{0};
  std::vector<const ChainQuote*> options;
};

/// Contradictions between the marks of one expiry, one finding for each kind with their number and the worst: put-call
/// parity, calls that do not fall in the strike or fall faster than the strike rises, calls that are not convex in it.
/// `tolerance` in units of the forward.
std::vector<Finding> contradictions(const ExpirySlice& slice, double tolerance);

/// One finding for each instrument whose quote is crossed, old or not there.
void report_quote(const ChainQuote& quote, Timestamp as_of, std::int64_t stale_seconds, std::vector<Finding>& findings);
/// An option with no bid, no ask and no mark vol.
bool has_nothing(const ChainQuote& quote);
bool is_crossed(const ChainQuote& quote);
bool is_stale(const ChainQuote& quote, Timestamp as_of, std::int64_t stale_seconds);

}  // namespace margrave
