#include "array_peer.h"

#if defined(__GNUC__) && !defined(__clang__)
// Eigen 3.4 does not pass the warnings of this project under GCC 12.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#endif
#include <Eigen/Dense>
#include <Eigen/SparseCore>
#include <algorithm>

namespace margrave::bench {

using Dense = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Sparse = Eigen::SparseMatrix<double, Eigen::RowMajor>;

struct EigenMargin::Matrices {
  Dense values;
  std::vector<Sparse> blocks;  // of accounts, so that the product of one stays in the cache
  Dense product;
};

EigenMargin::EigenMargin(std::span<const double> values, std::size_t columns, std::span<const std::uint64_t> offsets,
                         std::span<const std::uint32_t> rows, std::span<const double> lots)
    : matrices_(new Matrices) {
  constexpr std::size_t block = 64;
  const std::size_t instruments = values.size() / columns, accounts = offsets.size() - 1;
  matrices_->values = Eigen::Map<const Dense>(values.data(), static_cast<Eigen::Index>(instruments),
                                              static_cast<Eigen::Index>(columns));
  for (std::size_t from = 0; from < accounts; from += block) {
    const std::size_t to = std::min(accounts, from + block);
    std::vector<Eigen::Triplet<double>> entries;
    for (std::size_t a = from; a < to; ++a) {
      for (std::uint64_t i = offsets[a]; i < offsets[a + 1]; ++i) {
        entries.emplace_back(static_cast<int>(a - from), static_cast<int>(rows[i]), lots[i]);
      }
    }
    Sparse part(static_cast<Eigen::Index>(to - from), static_cast<Eigen::Index>(instruments));
    part.setFromTriplets(entries.begin(), entries.end());
    part.makeCompressed();
    matrices_->blocks.push_back(std::move(part));
  }
}

EigenMargin::~EigenMargin() { delete matrices_; }

void EigenMargin::tail_sums(std::size_t k, std::span<double> out) {
  std::size_t account = 0;
  for (const Sparse& block : matrices_->blocks) {
    matrices_->product.noalias() = block * matrices_->values;
    const Eigen::Index columns = matrices_->product.cols();
    for (Eigen::Index a = 0; a < matrices_->product.rows(); ++a, ++account) {
      double* begin = matrices_->product.data() + a * columns + 1;
      double* end = begin + (columns - 1);
      const double now = begin[-1];
      std::nth_element(begin, begin + (k - 1), end);
      double sum = 0;
      for (std::size_t i = 0; i < k; ++i) sum += now - begin[i];
      out[account] = sum;
    }
  }
}

std::int64_t order_tail_sum(std::span<const std::int64_t> values, std::span<const std::int32_t> row, std::int32_t lots,
                            std::size_t k, std::int64_t* room) {
  for (std::size_t s = 0; s < values.size(); ++s) room[s] = values[s] + std::int64_t{row[s]} * lots;
  std::int64_t* begin = room + 1;
  std::nth_element(begin, begin + (k - 1), room + values.size());
  std::int64_t sum = 0;
  for (std::size_t i = 0; i < k; ++i) sum += room[0] - begin[i];
  return sum;
}

std::int64_t read_all(std::span<const std::int32_t> entries) {
  constexpr std::size_t step = 64;
  std::int32_t sums[step] = {};
  for (std::size_t i = 0; i + step <= entries.size(); i += step) {
    for (std::size_t j = 0; j < step; ++j) sums[j] ^= entries[i + j];
  }
  std::int64_t total = 0;
  for (const std::int32_t sum : sums) total += sum;
  return total;
}

}  // namespace margrave::bench
