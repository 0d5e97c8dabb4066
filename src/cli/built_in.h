#pragma once

#include <string>
#include <vector>

namespace margrave {

/// Names of what is part of the binary: margin models for --recipe, schemas for the verb schema; ascending.
std::vector<std::string> preset_names();
std::vector<std::string> schema_names();

std::string joined(const std::vector<std::string>& words, const std::string& between);

}  // namespace margrave
