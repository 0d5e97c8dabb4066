#include "document/read.h"
#include "fuzz/walk.h"

namespace margrave {

void fuzz_one(std::string_view input) {
  const auto document = parse_document(input, "input.yaml");
  if (accepted(document)) walk(Cursor(*document));
}

}  // namespace margrave
