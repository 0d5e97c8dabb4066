#include <fmt/core.h>

#include <nlohmann/json.hpp>

#include "cli/verbs.h"
#include "dialect/conform.h"

namespace margrave {
namespace {

nlohmann::ordered_json to_json(const Conformance& file) {
  nlohmann::ordered_json failures = nlohmann::ordered_json::array();
  for (const VectorFailure& failure : file.failures) {
    failures.push_back({{"id", failure.id},
                        {"expected", failure.expected},
                        {"computed", failure.computed},
                        {"error", failure.error},
                        {"allowed", failure.allowed}});
  }
  return {{"file", file.file},
          {"model", file.model},
          {"passed", file.passed},
          {"failed", file.failed},
          {"not_supported", file.not_supported},
          {"worst_share_of_allowed", file.worst},
          {"worst", file.worst_id},
          {"failures", std::move(failures)},
          {"notes", file.notes}};
}

void add_row(TextTable& table, const Conformance& file) {
  const std::string name = file.file.substr(file.file.rfind('/') + 1);
  table.row({{name},
             {std::to_string(file.passed), file.passed > 0 ? Ink::green : Ink::dim},
             {std::to_string(file.failed), file.failed > 0 ? Ink::red : Ink::dim},
             {std::to_string(file.not_supported), Ink::dim},
             {file.passed + file.failed == 0 ? "" : fmt::format("{:.3g}", file.worst)},
             {file.worst_id, Ink::dim}});
}

}  // namespace

Result<Exit> run_conform(const CommonOptions& common, const ConformOptions& options) {
  std::vector<std::string> files;
  for (const std::string& path : options.paths) {
    for (std::string& file : TRY(golden_files(path))) files.push_back(std::move(file));
  }
  nlohmann::ordered_json json{
      {"schema_version", 1}, {"kind", "conformance"}, {"files", nlohmann::ordered_json::array()}};
  const Paint paint = paint_for(common);
  TextTable table({Align::left, Align::right, Align::right, Align::right, Align::right, Align::left});
  table.row({{"file", Ink::dim},
             {"passed", Ink::dim},
             {"failed", Ink::dim},
             {"not supported", Ink::dim},
             {"worst / allowed", Ink::dim},
             {"where", Ink::dim}});
  std::string failures, notes;
  std::size_t passed = 0, failed = 0;
  for (const std::string& path : files) {
    const Conformance file = TRY(conform(path, common.isa.value_or(best_isa())));
    passed += file.passed;
    failed += file.failed;
    json["files"].push_back(to_json(file));
    add_row(table, file);
    for (const std::string& note : file.notes) notes += fmt::format("  {}: {}\n", file.file, note);
    for (const VectorFailure& failure : file.failures) {
      failures += fmt::format("  {} {}: expected {:.17g}, computed {:.17g}, error {:.3g}, allowed {:.3g}\n", file.file,
                              failure.id, failure.expected, failure.computed, failure.error, failure.allowed);
    }
  }
  // Nothing wrong in nothing looked at is no conformance.
  const bool checked = passed + failed > 0;
  json["checked"] = passed + failed;
  if (!checked) failures += "  nothing was checked: no vector here is of a model that this version has\n";
  TRY_VOID(deliver(common, common.json ? json.dump(2) + "\n" : table.text(paint) + notes + failures));
  return checked && failed == 0 ? Exit::ok : Exit::no;
}

}  // namespace margrave
