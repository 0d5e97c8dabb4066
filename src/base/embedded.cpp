#include "base/embedded.h"

namespace margrave {

std::vector<std::string> embedded_names(std::string_view folder, std::string_view ending) {
  std::vector<std::string> names;
  for (const EmbeddedFile& file : embedded_files()) {
    if (!file.path.starts_with(folder) || !file.path.ends_with(ending)) continue;
    names.emplace_back(file.path.substr(folder.size(), file.path.size() - folder.size() - ending.size()));
  }
  return names;
}

}  // namespace margrave
