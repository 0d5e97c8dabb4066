#include "array/value_table.h"

namespace margrave {

Result<ValueTable> ValueTable::make(const RiskArray& array, std::size_t accounts) {
  const std::size_t each = array.stride() * sizeof(std::int64_t);
  ValueTable table;
  table.memory_ = TRY(AlignedMemory::allocate(accounts * each));
  table.vectors_.resize(accounts);
  const std::span<std::byte> memory(table.memory_.data(), table.memory_.size());
  for (std::size_t a = 0; a < accounts; ++a) table.vectors_[a].lend(memory.subspan(a * each, each));
  return table;
}

}  // namespace margrave
