#include "cli/output.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "document/file.h"
#include "report/margin_json.h"

namespace margrave {
namespace {

bool environment(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0';
}

}  // namespace

Exit exit_code(const Error& error) {
  switch (error.kind) {
    case ErrorKind::input:
    case ErrorKind::overflow:
      return Exit::input;
    case ErrorKind::config:
      return Exit::config;
    case ErrorKind::io:
      return Exit::io;
  }
  return Exit::internal;
}

Paint paint_for(const CommonOptions& common) {
  const char* term = std::getenv("TERM");
  const bool dumb = term != nullptr && std::strcmp(term, "dumb") == 0;
  if (common.no_color || environment("NO_COLOR")) return {false};
  if (environment("CLICOLOR_FORCE")) return {true};
  return {common.output.empty() && isatty(STDOUT_FILENO) == 1 && !dumb};
}

Result<void> deliver(const CommonOptions& common, const std::string& text) {
  if (!common.output.empty() && common.output != "-") return write_file_atomically(common.output, text);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    return fail({.kind = ErrorKind::io, .message = "standard output does not take the result"});
  }
  return {};
}

void note(const CommonOptions& common, const std::string& text) {
  if (!common.quiet) std::fputs((text + "\n").c_str(), stderr);
}

Exit report_error(const CommonOptions& common, const Error& error) {
  if (common.json) std::fputs(error_document(error).c_str(), stdout);
  std::fputs(("margrave: " + to_string(error) + "\n").c_str(), stderr);
  return exit_code(error);
}

Progress::Progress(const CommonOptions& common, std::string what, std::size_t total)
    : what_(std::move(what)), total_(total), on_(!common.quiet && isatty(STDERR_FILENO) == 1 && total > 0) {}

void Progress::at(std::size_t done) {
  if (!on_ || done * 50 / total_ == shown_) return;
  shown_ = done * 50 / total_;
  std::fputs(fmt::format("\r{} [{:<50}] {}/{}", what_, std::string(shown_, '#'), done, total_).c_str(), stderr);
}

Progress::~Progress() {
  if (on_) std::fputs("\r\x1b[K", stderr);
}

}  // namespace margrave
