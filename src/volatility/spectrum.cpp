#include "volatility/spectrum.h"

#include <algorithm>
#include <cmath>

#include "base/check.h"

namespace margrave {
namespace {

constexpr double unit_roundoff = 0x1p-53;

/// x -= v (v . x)
void reflect_vector(const double* v, double* x, std::size_t count) {
  double dot = 0;
  for (std::size_t i = 0; i < count; ++i) dot += v[i] * x[i];
  for (std::size_t i = 0; i < count; ++i) x[i] -= dot * v[i];
}

/// v of length sqrt(2) with (I - v v') x = -sign(x0) |x| e0; zeros where x is a multiple of e0 already.
void householder(const double* x, double* v, std::size_t count) {
  double largest = 0, rest = 0;
  for (std::size_t i = 0; i < count; ++i) largest = std::max(largest, std::abs(x[i]));
  std::fill(v, v + count, 0.0);
  if (largest == 0) return;
  for (std::size_t i = 0; i < count; ++i) v[i] = x[i] / largest;
  for (std::size_t i = 1; i < count; ++i) rest += v[i] * v[i];
  if (rest == 0) {
    v[0] = 0;
    return;
  }
  v[0] += std::copysign(std::sqrt(v[0] * v[0] + rest), v[0]);
  const double scale = std::sqrt(2 / (v[0] * v[0] + rest));
  for (std::size_t i = 0; i < count; ++i) v[i] *= scale;
}

}  // namespace

Spectrum::Spectrum(const SymmetricMatrix& matrix) : size_(matrix.size) {
  for (const double cell : matrix.cells) {
    CHECK(std::isfinite(cell));
    norm_ = std::max(norm_, std::abs(cell));
  }
  SymmetricMatrix work = matrix;
  reflect(work);
  for (std::size_t i = 0; i < size_; ++i) diagonal_.push_back(work(i, i));
  for (std::size_t i = 0; i < size_; ++i) beside_.push_back(i + 1 < size_ ? work(i + 1, i) : 0);
  rotate_to_diagonal();
}

/// Makes the matrix tridiagonal, one column after the other: what is left of it becomes H A H.
void Spectrum::reflect(SymmetricMatrix& matrix) {
  std::vector<double> column(size_), product(size_);
  for (std::size_t k = 0; k + 2 < size_; ++k) {
    const std::size_t first = k + 1, count = size_ - first;
    for (std::size_t i = 0; i < count; ++i) column[i] = matrix(first + i, k);
    reflections_.resize(reflections_.size() + count);
    double* const v = reflections_.data() + reflections_.size() - count;
    householder(column.data(), v, count);
    double along = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double* const row = matrix.cells.data() + (first + i) * size_ + first;
      product[i] = 0;
      for (std::size_t j = 0; j < count; ++j) product[i] += row[j] * v[j];
      along += product[i] * v[i];
    }
    for (std::size_t i = 0; i < count; ++i) product[i] -= 0.5 * along * v[i];
    for (std::size_t i = 0; i < count; ++i) {
      double* const row = matrix.cells.data() + (first + i) * size_ + first;
      for (std::size_t j = 0; j < count; ++j) row[j] -= v[i] * product[j] + product[i] * v[j];
    }
    reflect_vector(v, column.data(), count);
    matrix.set(first, k, column[0]);
  }
}

/// The block that begins at `begin` ends with the first entry beside the diagonal that is nothing next to its
/// neighbours, or next to the whole matrix.
std::size_t Spectrum::end_of_block(std::size_t begin) const {
  std::size_t end = begin;
  while (end + 1 < size_) {
    const double near = std::abs(diagonal_[end]) + std::abs(diagonal_[end + 1]);
    if (std::abs(beside_[end]) <= unit_roundoff * std::max(near, 0x1p-20 * norm_)) break;
    ++end;
  }
  return end;
}

/// One sweep of implicit shifts from the end of the block to its beginning.
void Spectrum::rotate_block(std::size_t begin, std::size_t end) {
  double shift = (diagonal_[begin + 1] - diagonal_[begin]) / (2 * beside_[begin]);
  const double root = std::sqrt(shift * shift + 1);
  double g = diagonal_[end] - diagonal_[begin] + beside_[begin] / (shift + std::copysign(root, shift));
  double sine = 1, cosine = 1, moved = 0;
  for (std::size_t i = end; i-- > begin;) {
    const double f = sine * beside_[i], b = cosine * beside_[i], r = std::sqrt(f * f + g * g);
    beside_[i + 1] = r;
    if (r == 0) {  // the block falls apart here
      diagonal_[i + 1] -= moved;
      beside_[end] = 0;
      return;
    }
    sine = f / r;
    cosine = g / r;
    g = diagonal_[i + 1] - moved;
    const double t = (diagonal_[i] - g) * sine + 2 * cosine * b;
    moved = sine * t;
    diagonal_[i + 1] = g + moved;
    g = cosine * t - b;
    rotations_.push_back({.at = i, .cosine = cosine, .sine = sine});
  }
  diagonal_[begin] -= moved;
  beside_[begin] = g;
  beside_[end] = 0;
}

void Spectrum::rotate_to_diagonal() {
  for (std::size_t begin = 0; begin < size_; ++begin) {
    for (int sweep = 0;; ++sweep) {
      const std::size_t end = end_of_block(begin);
      if (end == begin) break;
      CHECK(sweep < 100);
      rotate_block(begin, end);
    }
  }
}

std::vector<double> Spectrum::times(std::span<const double> factors, std::span<const double> x) const {
  CHECK(factors.size() == size_ && x.size() == size_);
  std::vector<double> y(x.begin(), x.end());
  std::size_t read = 0;
  for (std::size_t k = 0; k + 2 < size_; ++k) {
    reflect_vector(reflections_.data() + read, y.data() + k + 1, size_ - 1 - k);
    read += size_ - 1 - k;
  }
  for (const Rotation& by : rotations_) {
    const double low = y[by.at], high = y[by.at + 1];
    y[by.at] = by.cosine * low - by.sine * high;
    y[by.at + 1] = by.sine * low + by.cosine * high;
  }
  for (std::size_t k = 0; k < size_; ++k) y[k] *= factors[k];
  for (std::size_t k = rotations_.size(); k-- > 0;) {
    const Rotation& by = rotations_[k];
    const double low = y[by.at], high = y[by.at + 1];
    y[by.at] = by.cosine * low + by.sine * high;
    y[by.at + 1] = by.cosine * high - by.sine * low;
  }
  for (std::size_t k = size_ < 2 ? 0 : size_ - 2; k-- > 0;) {
    read -= size_ - 1 - k;
    reflect_vector(reflections_.data() + read, y.data() + k + 1, size_ - 1 - k);
  }
  return y;
}

}  // namespace margrave
