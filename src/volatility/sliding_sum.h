#pragma once

#include <cstddef>
#include <vector>

namespace margrave {

/// Sum of the last `window` values of a stream, in O(1) per value on average and without ever subtracting: the window
/// is the end of one full block (sums to its end, kept when it was complete) and the start of the next. The error stays
/// that of one sum of `window` terms however long the stream is.
class SlidingSum {
 public:
  explicit SlidingSum(std::size_t window) : tails_(window, 0.0) {}

  void add(double value) {
    if (filled_ == tails_.size()) close_block();
    values_.push_back(value);
    head_ += value;
    ++filled_;
    ++count_;
  }
  /// True after `window` values; before, sum() is that of all values.
  bool full() const { return count_ >= tails_.size(); }
  double sum() const { return filled_ == tails_.size() ? head_ : tails_[filled_] + head_; }

 private:
  void close_block() {
    double tail = 0;
    for (std::size_t i = tails_.size(); i-- > 0;) tails_[i] = tail += values_[i];
    values_.clear();
    head_ = 0;
    filled_ = 0;
  }

  std::vector<double> tails_;   ///< of the block before: the sum of its values from i on
  std::vector<double> values_;  ///< of this block
  double head_{0};
  std::size_t filled_{0}, count_{0};
};

}  // namespace margrave
