#include "document/merge.h"

#include <map>
#include <set>
#include <string_view>
#include <utility>

#include "base/check.h"
#include "document/cursor.h"
#include "document/text.h"

namespace margrave {
namespace {

/// Values of `below` keep their files, which come after those of the document above it.
void move_origins(Node& node, std::size_t by) {
  CHECK(node.origin + by < 256);
  node.origin = static_cast<std::uint8_t>(node.origin + by);
  for (Node& item : node.items) move_origins(item, by);
  for (Entry& entry : node.entries) move_origins(entry.value, by);
}

/// The first keys of a map, as many as a message bears.
std::string keys_of(const Node& map) {
  std::string keys;
  for (const Entry& entry : map.entries) {
    if (keys.size() > 200) return keys + ", ...";
    keys += (keys.empty() ? "" : ", ") + entry.key;
  }
  return keys;
}

Error nothing_to_remove(const CursorEntry& entry, const Node& below) {
  return entry.value.error("there is no " + in_quotes(entry.key) + " to be taken away",
                           below.entries.empty() ? "remove the line" : "remove the line; there are: " + keys_of(below));
}

Result<Node> lay_over(const Node& below, const Cursor& above);

/// The entries that are below, in their order, as those above leave them.
Result<std::vector<Entry>> changed_entries(const Node& below, const Cursor& above) {
  const std::vector<CursorEntry> cursors = TRY(above.entries());
  std::map<std::string_view, std::size_t> changes;
  for (std::size_t i = 0; i < cursors.size(); ++i) changes.emplace(cursors[i].key, i);
  std::vector<Entry> entries;
  for (const Entry& entry : below.entries) {
    const auto change = changes.find(entry.key);
    if (change == changes.end()) {
      entries.push_back(entry);
      continue;
    }
    const Cursor& by = cursors[change->second].value;
    if (by.is_null()) continue;
    const Entry& key = above.node().entries[change->second];
    entries.push_back({key.key, TRY(lay_over(entry.value, by)), key.line, key.column});
  }
  return entries;
}

/// Appends the entries above that are not below.
Result<void> add_new_entries(const Node& below, const Cursor& above, std::vector<Entry>& entries) {
  std::set<std::string_view> known;
  for (const Entry& entry : below.entries) known.insert(entry.key);
  const std::vector<CursorEntry> cursors = TRY(above.entries());
  for (std::size_t i = 0; i < cursors.size(); ++i) {
    if (known.contains(cursors[i].key)) continue;
    if (cursors[i].value.is_null()) return fail(nothing_to_remove(cursors[i], below));
    entries.push_back(above.node().entries[i]);
  }
  return {};
}

Result<Node> lay_over(const Node& below, const Cursor& above) {
  if (below.kind != NodeKind::map || !above.is_map()) return above.node();
  Node merged;
  merged.kind = NodeKind::map;
  merged.origin = above.node().origin;
  merged.line = above.node().line;
  merged.column = above.node().column;
  merged.entries = TRY(changed_entries(below, above));
  TRY_VOID(add_new_entries(below, above, merged.entries));
  return merged;
}

}  // namespace

Result<Document> merge(Document below, Document above) {
  move_origins(below.root, above.others.size() + 1);
  above.root = TRY(lay_over(below.root, Cursor(above)));
  above.others.push_back({std::move(below.file), below.format});
  for (DocumentOrigin& other : below.others) above.others.push_back(std::move(other));
  return above;
}

}  // namespace margrave
