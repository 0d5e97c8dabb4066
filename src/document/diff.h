#pragma once

#include <optional>
#include <string>
#include <vector>

#include "document/node.h"

namespace margrave {

/// One place in which two trees differ. A value is the text of a scalar, or a list or map in YAML's flow style.
struct Difference {
  std::string path;                     ///< "components.scan.group", "scenarios.moves.extra[0].spot"
  std::optional<std::string> old, now;  ///< none: not there
};

/// Where two trees differ, in the order of the first; what only the second has follows. Lists of one length are
/// compared item by item, others as a whole; maps whose common keys stand in another order differ in their order.
/// Empty if and only if both hold the same values: quotes and places make no difference.
std::vector<Difference> differences(const Node& old, const Node& now);

}  // namespace margrave
