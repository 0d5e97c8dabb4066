#include "pricing/black76.h"

#include <cmath>

#include "base/check.h"
#include "math/elementary.h"
#include "pricing/kernel_table.h"

namespace margrave {
namespace {

void price(Isa isa, const Black76Batch& in, std::span<double> out, bool is_call) {
  CHECK(in.strikes.size() == out.size() && in.vols.size() == out.size());
  CHECK(in.forward > 0 && in.expiry >= 0);
  pricing_kernels(isa).price({.forward = in.forward,
                              .root_expiry = std::sqrt(in.expiry),
                              .strikes = in.strikes.data(),
                              .log_moneyness = nullptr,
                              .vols = in.vols.data(),
                              .out = out.data(),
                              .n = out.size(),
                              .is_call = is_call});
}

void price(Isa isa, const NormalisedBatch& in, std::span<double> out, bool is_call) {
  CHECK(in.strikes.size() == out.size() && in.log_moneyness.size() == out.size() && in.total_vols.size() == out.size());
  CHECK(in.forward > 0);
  pricing_kernels(isa).price({.forward = in.forward,
                              .root_expiry = 1.0,
                              .strikes = in.strikes.data(),
                              .log_moneyness = in.log_moneyness.data(),
                              .vols = in.total_vols.data(),
                              .out = out.data(),
                              .n = out.size(),
                              .is_call = is_call});
}

}  // namespace

const PricingKernels& pricing_kernels(Isa isa) {
  CHECK(static_cast<std::size_t>(isa) < supported_isas().size());
  switch (isa) {
    case Isa::portable:
      return pricing_kernels_portable;
    case Isa::scalar:
      return pricing_kernels_scalar;
    case Isa::avx2:
      return pricing_kernels_avx2;
    case Isa::avx512:
      return pricing_kernels_avx512;
  }
  return pricing_kernels_portable;
}

void black76_calls(const Black76Batch& in, std::span<double> out) { price(best_isa(), in, out, true); }
void black76_puts(const Black76Batch& in, std::span<double> out) { price(best_isa(), in, out, false); }
void black76_calls(Isa isa, const Black76Batch& in, std::span<double> out) { price(isa, in, out, true); }
void black76_puts(Isa isa, const Black76Batch& in, std::span<double> out) { price(isa, in, out, false); }
void black76_calls(Isa isa, const NormalisedBatch& in, std::span<double> out) { price(isa, in, out, true); }
void black76_puts(Isa isa, const NormalisedBatch& in, std::span<double> out) { price(isa, in, out, false); }

double black76_accurate_normalised(double x, double s) {
  CHECK(x <= 0 && s >= 0);
  double out;
  const Isa isa = supported_isas().size() > 1 ? Isa::scalar : Isa::portable;
  pricing_kernels(isa).accurate(&x, &s, &out, 1);
  return out;
}

double black76_accurate(const Black76Option& option) {
  CHECK(option.forward > 0 && option.strike > 0 && option.expiry >= 0 && option.vol >= 0);
  const double x = stable_log_ratio(option.forward, option.strike);
  const double factor = black76_accurate_normalised(x < 0 ? x : -x, option.vol * std::sqrt(option.expiry));
  const double difference = option.is_call ? option.forward - option.strike : option.strike - option.forward;
  const double time_value = (option.forward < option.strike ? option.forward : option.strike) * factor;
  return difference > 0 ? difference + time_value : time_value;
}

}  // namespace margrave
