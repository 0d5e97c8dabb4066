#include "cli/built_in.h"

#include "base/embedded.h"

namespace margrave {

std::vector<std::string> preset_names() { return embedded_names("recipes/", ".yaml"); }
std::vector<std::string> schema_names() { return embedded_names("schemas/", ".schema.json"); }

std::string joined(const std::vector<std::string>& words, const std::string& between) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

}  // namespace margrave
