#pragma once

#include <string>

#include "document/node.h"

namespace margrave {

/// Parts of a tree that is written and was not read.
Node scalar_node(std::string text, bool quoted = false);
Node map_node();
void put_entry(Node& map, const std::string& key, Node value);

/// A tree as YAML text that reads back as the same tree, whichever format it came from; only places and the quotes of
/// text that needs none may differ. What fits stands on one line. Comments are not part of a tree.
std::string write_yaml(const Node& root);

/// The same in flow style on one line, without a line end: {measure: worst, group: all}.
std::string write_flow(const Node& node);

}  // namespace margrave
