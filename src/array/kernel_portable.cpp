#include "array/kernel_plain.h"

namespace margrave {

extern const ColumnKernels column_kernels_portable = kernels_over<PlainBlock, PlainSplit, PlainLanes>();

}  // namespace margrave
