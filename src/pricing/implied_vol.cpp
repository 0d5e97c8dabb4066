#include "pricing/implied_vol.h"

#include <cmath>

#include "base/check.h"
#include "pricing/kernel_table.h"

namespace margrave {
namespace {

void implied(Isa isa, const ImpliedVolBatch& in, std::span<double> out, bool is_call) {
  CHECK(in.strikes.size() == out.size() && in.prices.size() == out.size());
  CHECK(in.forward > 0 && in.expiry > 0);
  pricing_kernels(isa).implied_vol({.forward = in.forward,
                                    .inverse_root_expiry = 1 / std::sqrt(in.expiry),
                                    .strikes = in.strikes.data(),
                                    .prices = in.prices.data(),
                                    .out = out.data(),
                                    .n = out.size(),
                                    .is_call = is_call});
}

}  // namespace

void implied_call_vols(Isa isa, const ImpliedVolBatch& in, std::span<double> out) { implied(isa, in, out, true); }
void implied_put_vols(Isa isa, const ImpliedVolBatch& in, std::span<double> out) { implied(isa, in, out, false); }
void implied_call_vols(const ImpliedVolBatch& in, std::span<double> out) { implied(best_isa(), in, out, true); }
void implied_put_vols(const ImpliedVolBatch& in, std::span<double> out) { implied(best_isa(), in, out, false); }

}  // namespace margrave
