#pragma once

#include <array>
#include <string>
#include <utility>

#include "document/cursor.h"

namespace margrave {

/// The text at a cursor as one of a closed list of words.
template <class T, std::size_t N>
Result<T> read_word(const Cursor& at, const std::array<std::pair<std::string_view, T>, N>& words) {
  const std::string_view text = TRY(at.text());
  std::string valid;
  for (const auto& [word, value] : words) {
    if (text == word) return value;
    valid += (valid.empty() ? "" : ", ") + std::string(word);
  }
  return fail(at.error("'" + std::string(text) + "' is not valid here", "use one of: " + valid));
}

/// The same of a key that may be left out.
template <class T, std::size_t N>
Result<T> word_or(const Cursor& map, std::string_view key, const std::array<std::pair<std::string_view, T>, N>& words,
                  T otherwise) {
  const auto at = map.find(key);
  if (!at) return otherwise;
  return read_word(*at, words);
}

}  // namespace margrave
