#include "volatility/covariance.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/check.h"
#include "volatility/series.h"

namespace margrave {
namespace {

/// One step, in the lower triangle alone.
void take(SymmetricMatrix& covariance, double decay, std::span<const double> returns) {
  for (std::size_t i = 0; i < returns.size(); ++i) {
    double* const row = covariance.cells.data() + i * covariance.size;
    const double weighted = (1 - decay) * returns[i];
    for (std::size_t j = 0; j <= i; ++j) row[j] = decay * row[j] + weighted * returns[j];
  }
}

SymmetricMatrix mirrored(SymmetricMatrix matrix) {
  for (std::size_t i = 0; i < matrix.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) matrix.set(i, j, matrix(i, j));
  }
  return matrix;
}

Result<void> check_shape(std::size_t cells, std::size_t columns) {
  if (columns > 0 && cells % columns == 0) return {};
  return fail({.message = fmt::format("{} returns are not rows of {}", cells, columns),
               .field = "returns",
               .remedy = "give every series a return in every step"});
}

}  // namespace

Result<EwmaCovariance> EwmaCovariance::start(double decay, const SymmetricMatrix& covariance) {
  TRY_VOID(check_range(decay, "decay", 0, 1));
  TRY_VOID(check_series(covariance.cells, "start covariance", 1));
  for (std::size_t i = 0; i < covariance.size; ++i) {
    TRY_VOID(check_range(covariance(i, i), "start variance", 0, std::numeric_limits<double>::max()));
  }
  return EwmaCovariance(decay, covariance);
}

Result<void> EwmaCovariance::update(std::span<const double> returns) {
  if (returns.size() != covariance_.size) {
    return fail({.message = fmt::format("{} returns for {} series", returns.size(), covariance_.size),
                 .field = "returns",
                 .remedy = "give one return per series"});
  }
  TRY_VOID(check_series(returns, "returns", 0));
  take(covariance_, decay_, returns);
  return {};
}

SymmetricMatrix EwmaCovariance::covariance() const { return mirrored(covariance_); }

Result<SymmetricMatrix> ewma_covariance(double decay, const SymmetricMatrix& start, std::span<const double> returns) {
  TRY_VOID(EwmaCovariance::start(decay, start));
  TRY_VOID(check_shape(returns.size(), start.size));
  TRY_VOID(check_series(returns, "returns", 0));
  SymmetricMatrix covariance = start;
  for (std::size_t from = 0; from < returns.size(); from += start.size) {
    take(covariance, decay, returns.subspan(from, start.size));
  }
  return mirrored(std::move(covariance));
}

Result<SymmetricMatrix> sample_covariance(std::span<const double> returns, std::size_t columns) {
  TRY_VOID(check_shape(returns.size(), columns));
  TRY_VOID(check_series(returns, "returns", 2 * columns));
  const std::size_t rows = returns.size() / columns;
  std::vector<double> center(columns, 0.0);
  for (std::size_t k = 0; k < returns.size(); ++k) center[k % columns] += returns[k] / static_cast<double>(rows);
  SymmetricMatrix sum(columns);
  std::vector<double> moved(columns);
  for (std::size_t row = 0; row < rows; ++row) {
    for (std::size_t i = 0; i < columns; ++i) {
      moved[i] = returns[row * columns + i] - center[i];
      for (std::size_t j = 0; j <= i; ++j) sum.cells[i * columns + j] += moved[i] * moved[j];
    }
  }
  for (std::size_t i = 0; i < columns; ++i) {
    for (std::size_t j = 0; j <= i; ++j) sum.set(i, j, sum(i, j) / static_cast<double>(rows));
  }
  return sum;
}

SymmetricMatrix correlation_of(const SymmetricMatrix& covariance) {
  SymmetricMatrix correlation = SymmetricMatrix::identity(covariance.size);
  for (std::size_t i = 0; i < covariance.size; ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const double scale = std::sqrt(covariance(i, i)) * std::sqrt(covariance(j, j));
      if (scale > 0) correlation.set(i, j, std::clamp(covariance(i, j) / scale, -1.0, 1.0));
    }
  }
  return correlation;
}

}  // namespace margrave
