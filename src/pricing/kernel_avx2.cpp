#include "pricing/kernel_entries.h"

namespace margrave {
const PricingKernels pricing_kernels_avx2 = pricing_entries;
}
