#include "array/kernel.h"

#include "base/check.h"

namespace margrave {

const ColumnKernels& column_kernels(Isa isa) {
  CHECK(isa <= best_isa());
  switch (isa) {
    case Isa::portable:
      return column_kernels_portable;
    case Isa::scalar:
      return column_kernels_scalar;
    case Isa::avx2:
      return column_kernels_avx2;
    case Isa::avx512:
      return __builtin_cpu_supports("avx512vnni") ? column_kernels_avx512_vnni : column_kernels_avx512;
  }
  return column_kernels_portable;
}

}  // namespace margrave
