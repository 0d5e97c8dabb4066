#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace margrave {

/// A file of the project that is part of the binary, so that presets and schemas are there wherever it is installed.
struct EmbeddedFile {
  std::string_view path;  ///< "recipes/hs-es.yaml", "schemas/book.schema.json"
  std::string_view text;
};

/// All of them, in order of path. cmake/embed.cmake writes them from recipes/, scenarios/, unwind/ and schemas/.
std::span<const EmbeddedFile> embedded_files();
std::optional<std::string_view> embedded_file(std::string_view path);
/// What stands between a folder and an ending in their paths, ascending: ("recipes/", ".yaml") gives the presets.
std::vector<std::string> embedded_names(std::string_view folder, std::string_view ending);

}  // namespace margrave
