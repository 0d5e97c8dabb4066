#include "document/yaml_writer.h"

#include <algorithm>
#include <string_view>

namespace margrave {
namespace {

constexpr std::size_t widest_line = 116;
constexpr std::size_t longest_simple_key = 1000;  ///< YAML 1.2, 7.4.2: 1024 characters
constexpr std::size_t block_levels = 2;           ///< sections and what they name always stand on lines of their own

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
         c == '/' || c == '+' || c == '-';
}

/// Only what no reader of YAML takes for anything but these characters; everything else stands in quotes.
bool is_plain(std::string_view text) {
  if (text.empty() || text.front() == '-' || text.front() == '.' || text == "null" || text == "Null" ||
      text == "NULL") {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) { return is_plain(c); });
}

std::string in_double_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    if (c == '\n' || c == '\t' || c == '\r') {
      out += c == '\n' ? "\\n" : c == '\t' ? "\\t" : "\\r";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string scalar(const Node& node) {
  // A number or truth value that was written without quotes must not become text, nor the other way round.
  const bool bare = !node.quoted && (is_plain(node.text) || (node.text.starts_with('-') && node.text.size() > 1 &&
                                                             is_plain(std::string_view(node.text).substr(1))));
  return bare ? node.text : in_double_quotes(node.text);
}

std::string key_text(std::string_view key) { return is_plain(key) ? std::string(key) : in_double_quotes(key); }

bool has_long_key(const Node& map) {
  return std::any_of(map.entries.begin(), map.entries.end(),
                     [](const Entry& entry) { return entry.key.size() > longest_simple_key; });
}

void put_flow(const Node& node, std::string& out);

void put_flow_map(const Node& node, std::string& out) {
  out += '{';
  for (std::size_t i = 0; i < node.entries.size(); ++i) {
    const Entry& entry = node.entries[i];
    out += i == 0 ? "" : ", ";
    out += (entry.key.size() > longest_simple_key ? "? " : "") + key_text(entry.key) + ": ";
    put_flow(entry.value, out);
  }
  out += '}';
}

void put_flow(const Node& node, std::string& out) {
  switch (node.kind) {
    case NodeKind::null:
      out += '~';
      break;
    case NodeKind::scalar:
      out += scalar(node);
      break;
    case NodeKind::list:
      out += '[';
      for (std::size_t i = 0; i < node.items.size(); ++i) {
        out += i == 0 ? "" : ", ";
        put_flow(node.items[i], out);
      }
      out += ']';
      break;
    case NodeKind::map:
      put_flow_map(node, out);
      break;
  }
}

/// Block style, `depth` levels in.
class Blocks {
 public:
  std::string text;

  void put(const Node& node, std::size_t depth) {
    for (const Entry& entry : node.entries) put_member(key_text(entry.key) + ":", entry.value, depth);
    for (const Node& item : node.items) put_member("-", item, depth);
  }

 private:
  void put_member(const std::string& lead, const Node& value, std::size_t depth) {
    const std::string indent(2 * depth, ' ');
    const std::string line = write_flow(value);
    const bool empty = value.entries.empty() && value.items.empty();
    const bool section = value.kind == NodeKind::map && depth + 1 < block_levels;
    const bool fits = !section && indent.size() + lead.size() + 1 + line.size() <= widest_line;
    if (empty || fits || has_long_key(value)) {
      text += indent + lead + " " + line + "\n";
    } else {
      text += indent + lead + "\n";
      put(value, depth + 1);
    }
  }
};

}  // namespace

std::string write_flow(const Node& node) {
  std::string out;
  put_flow(node, out);
  return out;
}

Node scalar_node(std::string text, bool quoted) {
  Node node;
  node.kind = NodeKind::scalar;
  node.quoted = quoted;
  node.text = std::move(text);
  return node;
}

Node map_node() {
  Node node;
  node.kind = NodeKind::map;
  return node;
}

void put_entry(Node& map, const std::string& key, Node value) {
  Entry entry;
  entry.key = key;
  entry.value = std::move(value);
  map.entries.push_back(std::move(entry));
}

std::string write_yaml(const Node& root) {
  if ((root.entries.empty() && root.items.empty()) || has_long_key(root)) return write_flow(root) + "\n";
  Blocks blocks;
  blocks.put(root, 0);
  return blocks.text;
}

}  // namespace margrave
