#pragma once

#include "document/node.h"
#include "margin/recipe.h"

namespace margrave {

/// A recipe from its document, into which extend_recipe() (extends.h) has merged what it extends. The `scenarios:`
/// section is only named here; read_scenario_specs() reads it. Errors name file, line, field and what would be valid:
/// an unknown key, component, set or unit, a reference to a component that is not above, a rate or confidence outside
/// its range, a level that is missing.
Result<Recipe> read_recipe(const Document& document);

}  // namespace margrave
