#include "document/file.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"

namespace margrave {

void fuzz_one(std::string_view input) { accepted(read_text(MemoryFile(input).path())); }

}  // namespace margrave
