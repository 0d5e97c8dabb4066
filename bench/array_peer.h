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

}  // namespace margrave::bench
