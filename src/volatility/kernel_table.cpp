#include "volatility/kernel_table.h"

#include "base/check.h"

namespace margrave {

const VolatilityKernels& volatility_kernels(Isa isa) {
  CHECK(static_cast<std::size_t>(isa) < supported_isas().size());
  switch (isa) {
    case Isa::portable:
      return volatility_kernels_portable;
    case Isa::scalar:
      return volatility_kernels_scalar;
    case Isa::avx2:
      return volatility_kernels_avx2;
    case Isa::avx512:
      return volatility_kernels_avx512;
  }
  return volatility_kernels_portable;
}

}  // namespace margrave
