#include "document/tree.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "base/limits.h"
#include "document/text.h"

namespace margrave {
namespace {

Node node_of(TreeBuilder::Mark at, NodeKind kind) {
  Node node;
  node.kind = kind;
  node.line = at.line;
  node.column = at.column;
  return node;
}

/// Escapes can write what a text file must not have; printed, it would steer the reader's terminal. C0, DEL and C1, but
/// for tabs and line ends.
bool steers_terminals(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == 0x7f) return true;
    if (byte == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

}  // namespace

bool TreeBuilder::refuse(Mark at, std::string message, std::string remedy) {
  if (!error_) {
    error_ = Error{.kind = document_.kind,
                   .message = std::move(message),
                   .place = {.file = document_.file, .line = at.line, .column = at.column},
                   .remedy = std::move(remedy)};
  }
  return false;
}

bool TreeBuilder::null(Mark at) {
  if (expects_key()) return refuse(at, "a key is empty", "give every entry of a map a name");
  return place(node_of(at, NodeKind::null));
}

bool TreeBuilder::scalar(Mark at, std::string text, bool quoted) {
  if (steers_terminals(text)) return refuse(at, "the text has a control character", "remove it");
  if (expects_key()) return take_key(at, std::move(text));
  Node node = node_of(at, NodeKind::scalar);
  node.quoted = quoted;
  node.text = std::move(text);
  return place(std::move(node));
}

bool TreeBuilder::take_key(Mark at, std::string text) {
  if (error_) return false;
  open_.back().entries.push_back({.key = std::move(text), .value = {}, .line = at.line, .column = at.column});
  keyed_ = true;
  return true;
}

bool TreeBuilder::open(Mark at, NodeKind kind) {
  if (error_) return false;
  if (expects_key())
    return refuse(at, "a list or a map stands where a key belongs", "use text for keys, and close every bracket");
  if (open_.size() >= limits::document_depth) {
    return refuse(at, "lists and maps are nested deeper than " + std::to_string(limits::document_depth) + " levels",
                  "flatten the document");
  }
  open_.push_back(node_of(at, kind));
  keyed_ = false;
  return true;
}

bool TreeBuilder::close() {
  if (error_) return false;
  CHECK(!open_.empty());
  Node node = std::move(open_.back());
  open_.pop_back();
  if (node.kind == NodeKind::map && !check_keys(node)) return false;
  keyed_ = !open_.empty() && open_.back().kind == NodeKind::map;
  return place(std::move(node));
}

bool TreeBuilder::place(Node node) {
  if (error_) return false;
  if (++nodes_ > limits::document_nodes) {
    return refuse({node.line, node.column}, "the document has too many values", "split it into smaller files");
  }
  if (open_.empty()) {
    document_.root = std::move(node);
    rooted_ = true;
  } else if (open_.back().kind == NodeKind::list) {
    open_.back().items.push_back(std::move(node));
  } else {
    open_.back().entries.back().value = std::move(node);
    keyed_ = false;
  }
  return true;
}

bool TreeBuilder::check_keys(const Node& map) {
  std::vector<const Entry*> sorted;
  for (const Entry& entry : map.entries) sorted.push_back(&entry);
  std::sort(sorted.begin(), sorted.end(), [](const Entry* a, const Entry* b) {
    // Entries lie in one vector, so the address is the order of writing: of two alike the later is the one at fault.
    return a->key != b->key ? a->key < b->key : a < b;
  });
  const Entry* first = nullptr;
  const Entry* again = nullptr;
  for (std::size_t i = 1; i < sorted.size(); ++i) {
    if (sorted[i - 1]->key == sorted[i]->key && (again == nullptr || sorted[i] < again)) {
      first = sorted[i - 1];
      again = sorted[i];
    }
  }
  if (again == nullptr) return true;
  return refuse({again->line, again->column},
                "key " + in_quotes(again->key) + " is there twice, first in line " + std::to_string(first->line),
                "keep one of them");
}

}  // namespace margrave
