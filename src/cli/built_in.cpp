#include "cli/built_in.h"

#include "base/embedded.h"

namespace margrave {
namespace {

std::vector<std::string> names_in(std::string_view folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(ending)) continue;
    names.emplace_back(file.path.substr(folder.size(), file.path.size() - folder.size() - ending.size()));
  }
  return names;
}

}  // namespace

std::vector<std::string> preset_names() { return names_in("recipes/", ".yaml"); }
std::vector<std::string> schema_names() { return names_in("schemas/", ".schema.json"); }

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

}  // namespace margrave
