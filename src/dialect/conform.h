#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/isa.h"
#include "base/result.h"

namespace margrave {

/// One thing that was checked in a file of golden numbers.
struct VectorFailure {
  std::string id;  ///< vector and quantity: "b76-evm-014 put"
  double expected{0}, computed{0}, error{0}, allowed{0};
};

/// How a file of golden numbers came out.
struct Conformance {
  std::string file;
  std::string model;  ///< what the numbers are of
  std::size_t passed{0}, failed{0}, not_supported{0};
  double worst{0};  ///< largest error as a share of what is allowed
  std::string worst_id;
  std::vector<VectorFailure> failures;  ///< the first 20
  std::vector<std::string> notes{};     ///< what a reader of the numbers should know, a sentence each
};

/// Runs one file of golden numbers: a JSON file of vectors, or a CSV or JSON of published values. A file of a model
/// that this version has no rule for counts all its vectors as not supported. Errors: a file that cannot be read, or
/// whose fields are not what its model says; each with file, line and field.
Result<Conformance> conform(const std::string& path, Isa isa);

/// The same of text that is in memory already; `file` names it, and its ending says whether it is CSV.
Result<Conformance> conform_text(std::string_view text, const std::string& file, Isa isa);

/// The files a path stands for: itself, or the .json and .csv files of a folder, by name.
Result<std::vector<std::string>> golden_files(const std::string& path);

}  // namespace margrave
