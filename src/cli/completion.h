#pragma once

#include <string>

namespace margrave {

/// A completion script for bash, zsh or fish, made from verb_words(); empty for an unknown shell.
std::string completion_script(const std::string& shell);

}  // namespace margrave
