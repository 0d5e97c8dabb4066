#include "math/kernel_entries.h"

namespace margrave {
const MathKernels math_kernels_avx2 = math_entries;
}
