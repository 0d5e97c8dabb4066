#include "volatility/garch_kernel.h"

namespace margrave {
const VolatilityKernels volatility_kernels_portable = volatility_entries;
}
