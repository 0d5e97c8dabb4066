#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace margrave::bench {

/// The margin of many accounts the usual way: a sparse matrix of positions times a dense matrix of double values
/// (Eigen, compressed rows), then std::nth_element per account. Compiled for the machine it runs on.
class EigenMargin {
 public:
  /// values: instruments x columns, row-major; column 0 is now.
  EigenMargin(std::span<const double> values, std::size_t columns, std::span<const std::uint64_t> offsets,
              std::span<const std::uint32_t> rows, std::span<const double> lots);
  ~EigenMargin();
  EigenMargin(const EigenMargin&) = delete;
  EigenMargin& operator=(const EigenMargin&) = delete;

  /// Sum of the k worst losses of each account, into out[accounts].
  void tail_sums(std::size_t k, std::span<double> out);

 private:
  struct Matrices;
  Matrices* matrices_;
};

/// A check of an order the usual way: the cached values (column 0 is now) plus the order's row, std::nth_element, and
/// the sum of the k worst losses. `room` holds as many.
std::int64_t order_tail_sum(std::span<const std::int64_t> values, std::span<const std::int32_t> row, std::int32_t lots,
                            std::size_t k, std::int64_t* room);

/// Reads all entries and does nearly nothing with them: what the memory they lie in gives at best.
std::int64_t read_all(std::span<const std::int32_t> entries);

}  // namespace margrave::bench
