#pragma once

#include <deque>
#include <span>
#include <vector>

namespace margrave {

/// How fast a rate may move: by step of eight hours as the bounded factor of dynamic margin does, up by a quarter and
/// down by a fiftieth of itself. A rate near zero may still rise by `least_rise`; a rise binds what is already held
/// `notice` steps after it was announced, a fall at once.
struct SpeedLimit {
  double up{0.25}, down{0.02};
  double least_rise{0.01};
  std::size_t notice{1};
};

/// The rate after one step, on its way to `wanted`. Never falls where `before` and `wanted` rise.
double limited_rate(const SpeedLimit& limit, double before, double wanted);

/// The rates of a table's brackets from step to step. Rates that do not fall over the brackets stay so.
class LimitedRates {
 public:
  explicit LimitedRates(const SpeedLimit& limit) : limit_(limit) {}

  /// One step: wanted[n], the same n each time; the first step takes them as they are.
  void update(std::span<const double> wanted);
  /// Forgets what was: the next step is a first.
  void reset() { past_.clear(); }
  /// What was announced at this step; what binds existing holdings now. Empty before the first step.
  std::vector<double> announced() const { return past_.empty() ? std::vector<double>{} : past_.back(); }
  std::vector<double> existing() const;

 private:
  SpeedLimit limit_;
  std::deque<std::vector<double>> past_;  ///< announced, of the last notice + 1 steps
};

}  // namespace margrave
