#include <fmt/core.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/embedded.h"
#include "cli/verbs.h"
#include "scenario/revalue.h"
#include "scenario/sample_market.h"

namespace margrave {
namespace {

struct Check {
  std::string name, found;
  bool well{true};
};

/// One small array by every instruction set of this machine: its digests must be one.
Result<Check> one_digest() {
  const Market market = sample_market({.coins = 2, .expiries = 4, .strikes = 8}, 1);
  const std::vector<ScenarioSet> sets{sample_scenarios(market, 50, 1, true)};
  std::string names;
  std::vector<Digest> digests;
  for (const Isa isa : supported_isas()) {
    const Revaluation revaluation = TRY(revalue(market, sets, {.isa = isa}));
    digests.push_back(revaluation.array.digest());
    names += fmt::format("{}{}", names.empty() ? "" : ", ", to_string(isa));
  }
  bool same = true;
  for (const Digest& digest : digests) same = same && digest == digests.front();
  return Check{"one digest",
               same ? fmt::format("{} from {}", to_string(digests.front()), names) : "they differ: " + names, same};
}

}  // namespace

Result<Exit> run_doctor(const CommonOptions& common, const DoctorOptions&) {
  std::vector<Check> checks;
  checks.push_back({"version", "margrave " MARGRAVE_VERSION, true});
  checks.push_back({"best instruction set", std::string(to_string(best_isa())), true});
  checks.push_back({"cores", std::to_string(std::thread::hardware_concurrency()), true});
  checks.push_back({"floating point",
                    float_mode_is_default() ? "rounds to nearest even, keeps subnormals" : "not the default mode",
                    float_mode_is_default()});
  checks.push_back(TRY(one_digest()));
  checks.push_back(
      {"built-in files", fmt::format("{} recipes and schemas", embedded_files().size()), !embedded_files().empty()});

  bool well = true;
  std::string text;
  nlohmann::ordered_json json{{"schema_version", 1}, {"kind", "doctor"}, {"checks", nlohmann::ordered_json::array()}};
  const Paint paint = paint_for(common);
  TextTable table({Align::left, Align::left, Align::left});
  for (const Check& check : checks) {
    well = well && check.well;
    json["checks"].push_back({{"name", check.name}, {"found", check.found}, {"ok", check.well}});
    table.row({{check.well ? "ok" : "WRONG", check.well ? Ink::green : Ink::red}, {check.name}, {check.found}});
  }
  TRY_VOID(deliver(common, common.json ? json.dump(2) + "\n" : table.text(paint)));
  return well ? Exit::ok : Exit::no;
}

}  // namespace margrave
