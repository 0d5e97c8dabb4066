#include "margin/recipe.h"

namespace margrave {

std::string_view to_string(Source source) {
  switch (source) {
    case Source::published:
      return "published";
    case Source::inferred:
      return "inferred";
    case Source::assumed:
      return "assumed";
  }
  return "unknown";
}

std::string_view to_string(Grouping grouping) {
  switch (grouping) {
    case Grouping::position:
      return "position";
    case Grouping::instrument:
      return "instrument";
    case Grouping::expiry:
      return "expiry";
    case Grouping::underlying:
      return "underlying";
    case Grouping::all:
      return "all";
  }
  return "unknown";
}

}  // namespace margrave
