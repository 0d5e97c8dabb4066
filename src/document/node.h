#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"

namespace margrave {

enum class NodeKind : std::uint8_t { null, scalar, list, map };

struct Entry;

/// One value of a document, as it was written: a scalar is its text, never yet a number. YAML and JSON give the same
/// tree. Places count from 1; a column counts bytes.
struct Node {
  NodeKind kind{NodeKind::null};
  bool quoted{false};      ///< a scalar in quotes (or a YAML block text): text, whatever it looks like
  std::uint8_t origin{0};  ///< which file of its document it was written in; see Document::others
  std::uint32_t line{0};
  std::uint32_t column{0};
  std::string text;            ///< of a scalar: the characters meant, escapes resolved; a JSON number as written
  std::vector<Node> items;     ///< of a list
  std::vector<Entry> entries;  ///< of a map, in the order written; keys are unique
};

struct Entry {
  std::string key;
  Node value;
  std::uint32_t line{0};  ///< of the key, in the file of its value
  std::uint32_t column{0};
};

enum class DocumentFormat : std::uint8_t { yaml, json };

/// A file that values of a document were written in.
struct DocumentOrigin {
  std::string file;
  DocumentFormat format{DocumentFormat::yaml};
};

/// A whole YAML or JSON file. Read it through a Cursor (cursor.h), which knows how to name what is wrong.
struct Document {
  std::string file;
  DocumentFormat format{DocumentFormat::yaml};
  ErrorKind kind{ErrorKind::input};  ///< of the errors found in it: a recipe's are ErrorKind::config
  Node root{};
  std::vector<DocumentOrigin> others{};  ///< files merged into this one (merge.h); Node::origin counts in it from 1

  const std::string& file_of(const Node& node) const { return node.origin == 0 ? file : others[node.origin - 1u].file; }
  DocumentFormat format_of(const Node& node) const {
    return node.origin == 0 ? format : others[node.origin - 1u].format;
  }
};

}  // namespace margrave
