#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "document/node.h"

namespace margrave {

/// Builds a tree from the events of a parser and refuses what no document of ours may have: more than
/// limits::document_depth levels, more than limits::document_nodes values, a key that is not text, a key twice in one
/// map, an escaped control character. After the first refusal every event answers false; error() says why.
class TreeBuilder {
 public:
  struct Mark {
    std::uint32_t line{0}, column{0};
  };

  explicit TreeBuilder(Document& document) : document_(document) {}

  bool null(Mark at);
  bool scalar(Mark at, std::string text, bool quoted);
  bool open_list(Mark at) { return open(at, NodeKind::list); }
  bool open_map(Mark at) { return open(at, NodeKind::map); }
  bool close();

  /// Records a refusal of the caller's own; always false.
  bool refuse(Mark at, std::string message, std::string remedy);
  const std::optional<Error>& error() const { return error_; }
  /// The one root value has been read.
  bool complete() const { return rooted_ && open_.empty(); }

 private:
  bool open(Mark at, NodeKind kind);
  bool place(Node node);
  bool expects_key() const { return !open_.empty() && open_.back().kind == NodeKind::map && !keyed_; }
  bool take_key(Mark at, std::string text);
  bool check_keys(const Node& map);

  Document& document_;
  std::vector<Node> open_;  ///< the lists and maps being read, outermost first
  bool keyed_{false};       ///< the innermost map has a key whose value is due
  bool rooted_{false};
  std::size_t nodes_{0};
  std::optional<Error> error_;
};

}  // namespace margrave
