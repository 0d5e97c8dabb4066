#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/embedded.h"
#include "cli/built_in.h"
#include "cli/completion.h"
#include "cli/verbs.h"

namespace margrave {
namespace {

/// The benchmark stands beside this program; it links peers that the engine does not need.
std::string bench_program() {
  std::array<char, 4096> path{};
  const ssize_t length = readlink("/proc/self/exe", path.data(), path.size() - 1);
  std::string self(path.data(), length > 0 ? static_cast<std::size_t>(length) : 0);
  const std::string folder = self.substr(0, self.rfind('/'));
  for (const char* place : {"/margrave-bench", "/bench/margrave-bench"}) {
    if (access((folder + place).c_str(), X_OK) == 0) return folder + place;
  }
  return "";
}

}  // namespace

Result<Exit> run_schema(const CommonOptions& common, const SchemaOptions& options) {
  if (options.name.empty()) {
    TRY_VOID(deliver(common, joined(schema_names(), "\n") + "\n"));
    return Exit::ok;
  }
  const auto text = embedded_file("schemas/" + options.name + ".schema.json");
  if (!text) {
    return fail({.kind = ErrorKind::config,
                 .message = "there is no schema '" + options.name + "'",
                 .remedy = "one of: " + joined(schema_names(), " ")});
  }
  TRY_VOID(deliver(common, std::string(*text)));
  return Exit::ok;
}

Result<Exit> run_completion(const CommonOptions& common, const CompletionOptions& options) {
  const std::string script = completion_script(options.shell);
  if (script.empty()) {
    return fail({.kind = ErrorKind::config,
                 .message = "no completion for '" + options.shell + "'",
                 .remedy = "use bash, zsh or fish"});
  }
  TRY_VOID(deliver(common, script));
  return Exit::ok;
}

Result<Exit> run_bench(const CommonOptions& common, const BenchOptionsCli& options) {
  const std::string program = bench_program();
  if (program.empty()) {
    return fail({.kind = ErrorKind::config,
                 .message = "the benchmark is not built",
                 .remedy = "run ./run bench, or build the target margrave-bench"});
  }
  std::vector<std::string> words{program};
  if (common.json) words.push_back("--json");
  if (!options.only.empty()) words.insert(words.end(), {"--only", options.only});
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  return fail({.kind = ErrorKind::io, .message = program + " does not start: " + std::strerror(errno)});
}

}  // namespace margrave
