#include "base/result.h"

namespace margrave {

std::string to_string(const Error& error) {
  std::string text;
  if (!error.place.file.empty()) text += error.place.file + ":";
  if (error.place.line > 0) text += std::to_string(error.place.line) + ":";
  if (error.place.line > 0 && error.place.column > 0) text += std::to_string(error.place.column) + ":";
  if (!text.empty()) text += " ";
  if (!error.field.empty()) text += error.field + ": ";
  text += error.message;
  if (!error.remedy.empty()) text += " (" + error.remedy + ")";
  return text;
}

}  // namespace margrave
