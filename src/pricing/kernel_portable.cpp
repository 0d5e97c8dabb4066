#include "pricing/kernel_entries.h"

namespace margrave {
const PricingKernels pricing_kernels_portable = pricing_entries;
}
