#pragma once

#include <string>
#include <string_view>

#include "document/node.h"

namespace margrave {

/// A word without a dot or a slash names a preset; anything else is a file.
bool is_preset_name(std::string_view name_or_file);

/// The document of a preset. Errors: there is none of this name; the remedy lists them.
Result<Document> read_preset(std::string_view name);

/// What `extends:` may name. Text that lies in memory lies in no folder, so it can extend presets only.
enum class Parents : std::uint8_t { presets, presets_and_files };

/// A recipe with what it extends merged in (merge.h), and that with what it extends. A file is looked for in the folder
/// of the file that names it. The key `extends` is gone from the result; its others are the files extended, nearest
/// first. A recipe that extends nothing is returned as it is.
///
/// Errors: a recipe that is not there or cannot be read, a circle, more than limits::extended_recipes, one without a
/// name and version of its own, a null for a key that is not there.
Result<Document> extend_recipe(Document recipe, Parents parents);

}  // namespace margrave
