#include "study/traffic_light.h"

#include <array>

#include "study/binomial.h"

namespace margrave {

Result<TrafficLight> traffic_light(const BreachCount& count, double p) {
  const BinomialTest test = TRY(binomial_test(count, p));
  if (count.observations == 0) return TrafficLight{};
  const Zone zone = test.at_most >= 0.9999 ? Zone::red : test.at_most >= 0.95 ? Zone::yellow : Zone::green;
  return TrafficLight{.zone = zone, .at_most = test.at_most};
}

double basel_plus_factor(std::size_t breaches) {
  constexpr std::array yellow{0.40, 0.50, 0.65, 0.75, 0.85};  // 5 to 9 breaches
  if (breaches < 5) return 0;
  return breaches < 10 ? yellow.at(breaches - 5) : 1;
}

}  // namespace margrave
