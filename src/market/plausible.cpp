#include "market/plausible.h"

#include <fmt/core.h>

#include "base/limits.h"

namespace margrave {

bool is_plausible_vol(double vol) { return !(vol > limits::vol); }

bool is_plausible_price(double price) {
  return price == 0 || !(price < limits::smallest_price || price > limits::largest_price);
}

std::string implausible_vol(double vol) {
  return fmt::format("a vol of {:g} is {:g} % a year, above {:g} %", vol, 100 * vol, 100 * limits::vol);
}

std::string implausible_price(double price) {
  return fmt::format("a price of {:g} is outside {:g} to {:g}", price, limits::smallest_price, limits::largest_price);
}

std::optional<Finding> far_forward(const std::string& subject, double forward, double index) {
  const double ratio = forward / index;
  if (ratio >= limits::smallest_forward && ratio <= limits::largest_forward) return std::nullopt;
  return Finding{.kind = Finding::Kind::arbitrage,
                 .subject = subject,
                 .text = fmt::format("its forward {} is {:.3g} times the index {}; check both", forward, ratio, index)};
}

}  // namespace margrave
