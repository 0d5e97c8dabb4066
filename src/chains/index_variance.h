#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "market/bars.h"
#include "market/chain.h"
#include "scenario/vol_marks.h"

namespace margrave {

/// Exponentially weighted variance per hour of a price seen at uneven times: squared log returns over the hours
/// between. A return over h hours has the weight 1 - 0.99^(h / 8) of steps of eight hours at 0.99.
class IndexVariance {
 public:
  static constexpr std::size_t first = 30;  ///< returns whose mean it starts from

  /// Times ascend; a price that is not above 0 is passed over.
  void add(std::int64_t at_ms, double price);
  bool is_known() const { return count_ >= first; }
  /// Per hour; 0 until it is known.
  double value() const { return is_known() ? value_ : 0; }

 private:
  std::int64_t last_ms_{0};
  double last_{0}, value_{0};
  std::size_t count_{0};
};

/// Steps of the vol surface beside the spot, between chains that follow one another four to twelve hours apart: means
/// over the underlyings whose move both chains tell.
class LevelHistory {
 public:
  /// Chains in order of time.
  void add(const Chain& chain, const std::map<std::string, double>& index);
  const std::vector<VolStep>& steps() const { return steps_; }

 private:
  std::int64_t last_ms_{0};
  std::map<std::string, double> index_;
  std::map<std::string, VolMarks> marks_;  ///< of the last chain, by underlying
  std::vector<VolStep> steps_;
};

/// IndexVariance of the closes of bars at multiples of eight hours, when the last of them ended: by coin, from its
/// first file; a coin without enough has 0.
std::map<std::string, double> variances_of_bars(const std::vector<Bars>& bars);

}  // namespace margrave
