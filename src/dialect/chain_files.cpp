#include "dialect/chain_files.h"

#include <algorithm>
#include <filesystem>

namespace margrave {
namespace {

/// deribit_chain_2026-02.csv or deribit_chain_2026-02.csv.gz
bool is_month(const std::string& name) {
  const std::string form = "deribit_chain_0000-00.csv";
  const std::string rest = name.ends_with(".gz") ? name.substr(0, name.size() - 3) : name;
  if (rest.size() != form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const bool digit = rest[i] >= '0' && rest[i] <= '9';
    if (form[i] == '0' ? !digit : rest[i] != form[i]) return false;
  }
  return true;
}

}  // namespace

Result<std::vector<std::string>> chain_files(const std::vector<std::string>& paths, const std::string& flag) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code code;
    if (!std::filesystem::exists(path, code)) {
      return fail({.kind = ErrorKind::io,
                   .message = "there is no such file or folder",
                   .place = {.file = path},
                   .field = flag,
                   .remedy = "name recorded chains (CSV), or a folder of them"});
    }
    if (!std::filesystem::is_directory(path, code)) {
      files.push_back(path);
      continue;
    }
    const std::size_t before = files.size();
    for (const auto& entry : std::filesystem::directory_iterator(path, code)) {
      if (is_month(entry.path().filename().string())) files.push_back(entry.path().string());
    }
    if (files.size() > before) continue;
    return fail({.message = "there is no recorded chain in it",
                 .place = {.file = path},
                 .field = flag,
                 .remedy = "name a folder of deribit_chain_YYYY-MM.csv[.gz]"});
  }
  std::sort(files.begin(), files.end());
  files.erase(std::unique(files.begin(), files.end()), files.end());
  return files;
}

}  // namespace margrave
