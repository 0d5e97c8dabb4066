#include "document/cursor.h"
#include "document/read.h"
#include "fuzz/fuzz.h"
#include "margin/recipe_reader.h"
#include "scenario/scenario_spec.h"

namespace margrave {

void fuzz_one(std::string_view input) {
  const auto document = parse_document(input, "recipe.yaml", ErrorKind::config);
  if (!accepted(document)) return;
  accepted(read_recipe(*document));
  const auto scenarios = Cursor(*document).find("scenarios");
  if (scenarios) accepted(read_scenario_specs(*scenarios));
}

}  // namespace margrave
