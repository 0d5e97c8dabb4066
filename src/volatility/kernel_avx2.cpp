#include "volatility/garch_kernel.h"

namespace margrave {
const VolatilityKernels volatility_kernels_avx2 = volatility_entries;
}
