#include "document/cursor.h"
#include "document/read.h"
#include "document/yaml_writer.h"
#include "fuzz/fuzz.h"
#include "margin/extends.h"
#include "margin/recipe_reader.h"
#include "scenario/scenario_spec.h"

namespace margrave {

namespace {

/// What is written of a recipe reads back as the same recipe.
void check_round_trip(const Document& document, const Recipe& recipe) {
  const auto again = parse_document(write_yaml(document.root), "again.yaml", ErrorKind::config);
  CHECK(accepted(again));
  const auto same = read_recipe(*again);
  CHECK(accepted(same) && same->digest == recipe.digest);
}

}  // namespace

void fuzz_one(std::string_view input) {
  const auto document = parse_document(input, "recipe.yaml", ErrorKind::config);
  if (!accepted(document)) return;
  accepted(read_recipe(*document));
  const auto merged = extend_recipe(*document, Parents::presets);
  if (!accepted(merged)) return;
  const auto recipe = read_recipe(*merged);
  if (accepted(recipe)) check_round_trip(*merged, *recipe);
  const auto scenarios = Cursor(*merged).find("scenarios");
  if (scenarios) accepted(read_scenario_specs(*scenarios));
}

}  // namespace margrave
