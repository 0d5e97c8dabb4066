#pragma once

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

/// Reads the reference files that tests compare with; test code only, after gtest.
namespace margrave {

/// The cells of a comma-separated file without its header; empty if it is not there.
inline std::vector<std::vector<std::string>> reference_cells(const std::string& name) {
  std::ifstream file(std::string(MARGRAVE_SHARED_DIR "/science/reference/") + name);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::stringstream cells(line);
    std::vector<std::string> row;
    for (std::string cell; std::getline(cells, cell, ',');) row.push_back(cell);
    if (!row.empty()) rows.push_back(row);
  }
  return rows;
}

/// One column as numbers times `unit`.
inline std::vector<double> reference_column(const std::string& name, std::size_t column, double unit = 1) {
  std::vector<double> values;
  for (const auto& row : reference_cells(name)) values.push_back(unit * std::strtod(row.at(column).c_str(), nullptr));
  return values;
}

inline bool must_have_reference() {
  const char* ci = std::getenv("CI");
  return ci != nullptr && std::string(ci) == "true";
}

}  // namespace margrave

#define NEED_REFERENCE(rows)                                                               \
  if (rows.empty()) {                                                                      \
    ASSERT_FALSE(must_have_reference()) << "the reference folder is missing";              \
    GTEST_SKIP() << "the reference folder " MARGRAVE_SHARED_DIR " is not beside the tree"; \
  }
