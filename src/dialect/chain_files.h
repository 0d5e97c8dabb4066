#pragma once

#include <string>
#include <vector>

#include "base/result.h"

namespace margrave {

/// The files of recorded chains that paths name, in order of name: a file itself, of a folder those called
/// deribit_chain_YYYY-MM.csv, with .gz or not. Errors: no such path; a folder without any.
Result<std::vector<std::string>> chain_files(const std::vector<std::string>& paths, const std::string& flag);

}  // namespace margrave
