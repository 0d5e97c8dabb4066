#include "volatility/garch_kernel.h"

namespace margrave {
const VolatilityKernels volatility_kernels_avx512 = volatility_entries;
}
