#include "array/aligned_memory.h"

#include <sys/mman.h>

#include <cstdint>
#include <cstring>
#include <new>

#include "base/check.h"

namespace margrave {
namespace {

constexpr std::size_t line = 64;
constexpr std::size_t huge_page = std::size_t{1} << 21;
constexpr std::size_t mapped_from = std::size_t{1} << 20;

}  // namespace

void AlignedMemory::Release::operator()(std::byte*) const {
  if (mapped != 0) {
    munmap(base, mapped);
  } else {
    ::operator delete(base);
  }
}

Result<AlignedMemory> AlignedMemory::allocate(std::size_t bytes) {
  AlignedMemory memory;
  memory.size_ = bytes;
  if (bytes < mapped_from) {
    // Aligned by hand: the allocator takes four times as long for a line as for any place.
    void* base = ::operator new(bytes + 2 * line);
    const std::size_t past = reinterpret_cast<std::uintptr_t>(base) % line;
    std::byte* start = static_cast<std::byte*>(base) + (past == 0 ? 0 : line - past);
    std::memset(start, 0, bytes + line);
    memory.start_ = {start, Release(base, 0)};
    return memory;
  }
  const std::size_t mapped = bytes + 2 * huge_page;  // room to start and to end on a page
  void* base = mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) {
    return fail({.kind = ErrorKind::io, .message = "no memory for a table of " + std::to_string(bytes) + " bytes"});
  }
  const std::size_t past = reinterpret_cast<std::uintptr_t>(base) % huge_page;
  auto* start = static_cast<std::byte*>(base) + (past == 0 ? 0 : huge_page - past);
  // Advice only: without huge pages everything works, the address translation costs more.
  (void)madvise(start, (bytes + huge_page - 1) / huge_page * huge_page, MADV_HUGEPAGE);
  memory.start_ = {start, Release(base, mapped)};
  return memory;
}

AlignedMemory AlignedMemory::lent(std::span<std::byte> room) {
  CHECK(reinterpret_cast<std::uintptr_t>(room.data()) % line == 0);
  AlignedMemory memory;
  memory.size_ = room.size();
  memory.start_ = {room.data(), Release(nullptr, 0)};  // deletes nothing
  return memory;
}

}  // namespace margrave
