#include "pricing/option_row.h"

#include <algorithm>
#include <array>
#include <limits>

#include "base/check.h"
#include "pricing/kernel_table.h"

namespace margrave {
namespace {

RowArguments arguments(const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile, double base,
                       double scale) {
  const std::size_t n = scenarios.forward.size();
  for (const auto& array :
       {scenarios.log_forward, scenarios.vol_multiplier, scenarios.vol_floor, scenarios.unit, scenarios.dampening}) {
    CHECK(array.size() == n);
  }
  CHECK(terms.strike > 0 && terms.expiry_years >= 0 && terms.variance_scale >= 0);
  RowArguments row{};
  row.log_forward = scenarios.log_forward.data();
  row.forward = scenarios.forward.data();
  row.vol_multiplier = scenarios.vol_multiplier.data();
  row.vol_floor = scenarios.vol_floor.data();
  row.unit = scenarios.unit.data();
  row.dampening = scenarios.dampening.data();
  row.n = n;
  row.strike = terms.strike;
  row.log_moneyness = terms.log_moneyness;
  row.expiry = terms.expiry_years;
  row.variance_scale = terms.variance_scale;
  row.is_call = terms.is_call;
  row.base = base;
  row.scale = scale;
  if (const auto* slice = std::get_if<SviSlice>(&smile)) {
    row.a = slice->a, row.b = slice->b, row.rho = slice->rho, row.m = slice->m, row.sigma = slice->sigma;
  } else {
    row.is_flat = true;
    row.flat_vol = std::get<FlatVol>(smile).vol;
  }
  return row;
}

/// The scenarios [from, from + count), for rows that are written in pieces.
RowArguments piece(RowArguments row, std::size_t from, std::size_t count) {
  for (const double** array :
       {&row.log_forward, &row.forward, &row.vol_multiplier, &row.vol_floor, &row.unit, &row.dampening}) {
    *array += from;
  }
  row.n = count;
  return row;
}

std::int64_t to_integer(double rounded) {
  const bool inside = rounded > -0x1p63 && rounded < 0x1p63;
  return inside ? static_cast<std::int64_t>(rounded) : std::numeric_limits<std::int64_t>::min();
}

}  // namespace

void option_values(Isa isa, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile,
                   double base_value, std::span<double> out) {
  CHECK(out.size() == scenarios.forward.size());
  pricing_kernels(isa).row_values(arguments(scenarios, terms, smile, base_value, 1.0), out.data());
}

bool option_row(Isa isa, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile,
                double base_value, double scale, std::span<std::int32_t> out) {
  CHECK(out.size() == scenarios.forward.size());
  return pricing_kernels(isa).row_int32(arguments(scenarios, terms, smile, base_value, scale), out.data());
}

bool option_row(Isa isa, const ExpiryScenarios& scenarios, const OptionTerms& terms, const Smile& smile,
                double base_value, double scale, std::span<std::int64_t> out) {
  CHECK(out.size() == scenarios.forward.size());
  const RowArguments row = arguments(scenarios, terms, smile, base_value, scale);
  std::array<double, 512> rounded;
  bool fits = true;
  for (std::size_t from = 0; from < out.size(); from += rounded.size()) {
    const std::size_t count = std::min(rounded.size(), out.size() - from);
    fits &= pricing_kernels(isa).row_rounded(piece(row, from, count), rounded.data());
    for (std::size_t i = 0; i < count; ++i) out[from + i] = to_integer(rounded[i]);
  }
  return fits;
}

}  // namespace margrave
