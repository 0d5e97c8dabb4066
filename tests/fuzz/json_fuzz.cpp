#include "document/file.h"
#include "document/json.h"
#include "fuzz/walk.h"

namespace margrave {

void fuzz_one(std::string_view input) {
  if (!check_text(input, "input.json")) return;
  const auto document = parse_json(input, "input.json");
  if (accepted(document)) walk(Cursor(*document));
}

}  // namespace margrave
