#include "math/kernel_entries.h"

namespace margrave {
const MathKernels math_kernels_scalar = math_entries;
}
