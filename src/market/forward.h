#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "product/instrument.h"

namespace margrave {

/// Where the forward of an expiry comes from, best first.
enum class ForwardSource : std::uint8_t {
  quoted,  ///< the underlying price that the chain itself states for the expiry
  future,  ///< mark or mid of the future that expires then
  parity,  ///< regression of call minus put on the strike
  index,   ///< the index: nothing better was there
};
std::string_view to_string(ForwardSource source);

struct ForwardEstimate {
  double forward{0};  ///< USD per coin
  double rate{0};     ///< continuous, per year, of the discount factor; 0 where it cannot be inferred
  ForwardSource source{ForwardSource::quoted};
  int used{0};  ///< prices it rests on
};

/// A call and a put of one strike; prices in the settlement asset (inverse: coin), spread of both mids together.
struct ParityPair {
  double strike{0};
  double call{0}, put{0};
  double spread{0};  ///< >= 0; the pair weighs 1 / (spread^2 + small)
};

/// Forward and discount from put-call parity by weighted least squares of call - put on the strike, reweighted
/// after Huber so that one bad pair does not move it.
///
/// Linear:  call - put = D F - D K, so forward = intercept / -slope and D = -slope, from which the rate.
/// Inverse: call - put = 1 - K / F in coin (no discount: the premium is in coin at the forward's date), so
///          forward = intercept / -slope; the rate stays 0.
/// Edges:   fewer than two strikes, or a slope that is not negative: none. years <= 0: rate 0.
std::optional<ForwardEstimate> parity_forward(std::span<const ParityPair> pairs, Style style, double years);

/// The middle value; the lower of the two middle ones when n is even, so it is always a price that was there.
double median(std::vector<double> values);

}  // namespace margrave
