#include "document/diff.h"

#include <map>
#include <string_view>

#include "document/text.h"
#include "document/yaml_writer.h"

namespace margrave {
namespace {

std::string shown(const Node& node) {
  const bool one_line = node.text.find_first_of("\r\n\t") == std::string::npos;
  return node.kind == NodeKind::scalar && one_line ? node.text : write_flow(node);
}

class Comparison {
 public:
  std::vector<Difference> found;

  void compare(const std::string& path, const Node& old, const Node& now) {
    if (old.kind == NodeKind::map && now.kind == NodeKind::map) {
      compare_maps(path, old, now);
    } else if (old.kind == NodeKind::list && now.kind == NodeKind::list && old.items.size() == now.items.size()) {
      for (std::size_t i = 0; i < old.items.size(); ++i) {
        compare(path + "[" + std::to_string(i) + "]", old.items[i], now.items[i]);
      }
    } else if (old.kind != now.kind || old.text != now.text || old.kind == NodeKind::list) {
      found.push_back({path, shown(old), shown(now)});
    }
  }

 private:
  static std::string below(std::string path, const std::string& key) {
    append_key(path, key);
    return path;
  }

  static std::map<std::string_view, const Node*> index(const Node& map) {
    std::map<std::string_view, const Node*> values;
    for (const Entry& entry : map.entries) values.emplace(entry.key, &entry.value);
    return values;
  }

  /// The keys of a map that another has as well.
  static std::string common_keys(const Node& map, const std::map<std::string_view, const Node*>& other) {
    Node keys;
    keys.kind = NodeKind::list;
    for (const Entry& entry : map.entries) {
      if (!other.contains(entry.key)) continue;
      keys.items.emplace_back();
      keys.items.back().kind = NodeKind::scalar;
      keys.items.back().text = entry.key;
    }
    return write_flow(keys);
  }

  void compare_maps(const std::string& path, const Node& old, const Node& now) {
    const auto of_old = index(old), of_now = index(now);
    const std::string order = common_keys(old, of_now), new_order = common_keys(now, of_old);
    if (order != new_order) found.push_back({path.empty() ? "(order)" : path + " (order)", order, new_order});
    for (const Entry& entry : old.entries) {
      const auto other = of_now.find(entry.key);
      if (other == of_now.end()) {
        found.push_back({below(path, entry.key), shown(entry.value), std::nullopt});
      } else {
        compare(below(path, entry.key), entry.value, *other->second);
      }
    }
    for (const Entry& entry : now.entries) {
      if (!of_old.contains(entry.key)) {
        found.push_back({below(path, entry.key), std::nullopt, shown(entry.value)});
      }
    }
  }
};

}  // namespace

std::vector<Difference> differences(const Node& old, const Node& now) {
  Comparison comparison;
  comparison.compare("", old, now);
  return std::move(comparison.found);
}

}  // namespace margrave
