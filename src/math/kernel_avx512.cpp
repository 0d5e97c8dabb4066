#include "math/kernel_entries.h"

namespace margrave {
const MathKernels math_kernels_avx512 = math_entries;
}
