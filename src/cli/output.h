#pragma once

#include <string>

#include "base/result.h"
#include "cli/options.h"
#include "report/table.h"

namespace margrave {

/// Exit codes of the command line; docs/cli.md.
enum class Exit : int { ok = 0, no = 1, usage = 2, input = 3, config = 4, io = 5, internal = 6 };
Exit exit_code(const Error& error);

/// Colour on standard output: a terminal, and neither NO_COLOR nor --no-color nor TERM=dumb; or CLICOLOR_FORCE.
Paint paint_for(const CommonOptions& common);

/// The result, to standard output or whole to --output.
Result<void> deliver(const CommonOptions& common, const std::string& text);

/// A note to standard error unless --quiet.
void note(const CommonOptions& common, const std::string& text);

/// Prints an error (to standard error; as a JSON document to standard output with --json) and gives its exit code.
Exit report_error(const CommonOptions& common, const Error& error);

/// A bar on standard error while long work goes on; only on a terminal, not with --quiet.
class Progress {
 public:
  Progress(const CommonOptions& common, std::string what, std::size_t total);
  ~Progress();
  void at(std::size_t done);

 private:
  std::string what_;
  std::size_t total_, shown_{0};
  bool on_;
};

}  // namespace margrave
