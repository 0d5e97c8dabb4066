#pragma once

#include <string>
#include <vector>

#include "study/frontier.h"

namespace margrave {

/// A family of models in a plot, and which of them is in use.
struct FrontierFamily {
  std::string name;
  std::vector<FrontierPoint> points;
  FrontierPoint chosen;
};
struct FrontierPlot {
  std::string title;
  std::vector<FrontierFamily> families;    ///< one or two
  double limit_p99{0.75}, limit_max{2.0};  ///< drawn as lines
  double most_p99{2.0}, most_max{4.0};     ///< where the axes end; points beyond are left out
};

/// A self-contained SVG: rises to the right (99 % point in one panel, largest in the other), uncovered loss at one cost
/// upward; a dot for every model, a line through those that none beats, a ring around the chosen ones. Readable on a
/// light and on a dark page, without scripts and outside fonts; the same bytes on every machine.
std::string frontier_svg(const FrontierPlot& plot);

}  // namespace margrave
