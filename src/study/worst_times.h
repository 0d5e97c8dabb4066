#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace margrave {

/// A history of moves, and those among them that end its worst times: the `count` steps with the largest mean size over
/// the `trailing` steps that end with them; the earlier of equals.
class WorstTimes {
 public:
  WorstTimes(std::size_t count, std::size_t trailing) : count_(count), trailing_(trailing) {}

  /// Takes in the next move and its size, the absolute move of an asset, say; true where the worst times are others
  /// than before.
  bool add(double move, double size);
  /// The moves of the worst times, worst first; all there are while they are no more than `count`.
  std::vector<double> scenarios() const;

 private:
  std::size_t count_, trailing_;
  std::vector<double> moves_, sizes_;
  std::vector<std::pair<double, std::size_t>> order_;  ///< of the worst `count`: minus the trailing mean, step
};

}  // namespace margrave
