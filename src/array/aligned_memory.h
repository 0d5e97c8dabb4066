#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/result.h"

namespace margrave {

/// Zeroed memory for large tables: starts on a 64-byte line, and from 1 MiB on lies on 2 MiB pages where the system
/// grants them. Pages are touched first by who fills them.
class AlignedMemory {
 public:
  AlignedMemory() = default;
  static Result<AlignedMemory> allocate(std::size_t bytes);
  /// Memory of somebody else, who keeps it longer: it starts on a line, and 64 bytes after its end are readable.
  static AlignedMemory lent(std::span<std::byte> room);

  std::byte* data() { return start_.get(); }
  const std::byte* data() const { return start_.get(); }
  std::size_t size() const { return size_; }

 private:
  struct Release {
    void* base;
    std::size_t mapped;  ///< 0: from operator new
    Release() : base(nullptr), mapped(0) {}
    Release(void* at, std::size_t bytes) : base(at), mapped(bytes) {}
    void operator()(std::byte*) const;
  };
  std::unique_ptr<std::byte, Release> start_;
  std::size_t size_{0};
};

}  // namespace margrave
