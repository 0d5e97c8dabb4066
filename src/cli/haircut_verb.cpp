#include <algorithm>
#include <cmath>
#include <map>

#include "base/parallel.h"
#include "cli/inputs.h"
#include "cli/verbs.h"
#include "document/read.h"
#include "haircut/facts_reader.h"
#include "math/elementary.h"
#include "report/haircut_report.h"

namespace margrave {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::size_t co_movement_steps = 270;  ///< of eight hours: 90 days
const char* const base_recipe = "tiered-collateral";

using Files = std::map<std::string, std::vector<BarView>>;

Files files_of(const std::vector<Bars>& bars) {
  Files files;
  for (const Bars& one : bars) {
    files[one.coin].push_back({one.step_ms, one.t_ms, one.open, one.high, one.low, one.close, one.volume});
  }
  return files;
}

std::int64_t last_end(const Files& files) {
  std::int64_t last = 0;
  for (const auto& [asset, views] : files) {
    for (const BarView& view : views) last = std::max(last, view.t_ms.back() + view.step_ms);
  }
  return last;
}

Result<std::int64_t> time_of(const std::string& text, const Files& files) {
  if (text.empty()) return last_end(files);
  return time_ms_of("--at", text);
}

/// Net exposures of an account by factor: "BTC=250000".
Result<std::map<std::string, double>> exposures_of(const std::vector<std::string>& words, const Files& files) {
  std::map<std::string, double> exposures;
  for (const std::string& word : words) {
    const std::size_t at = word.find('=');
    const Result<Decimal> amount = Decimal::parse(at == std::string::npos ? "" : word.substr(at + 1));
    const std::string factor = word.substr(0, at);
    if (!amount || !files.contains(factor)) {
      return fail({.kind = ErrorKind::config,
                   .message = "'" + word + "' is not a net exposure to an asset with bars",
                   .field = "--exposure",
                   .remedy = "write ASSET=USD, a short one below 0: BTC=-250000"});
    }
    exposures[factor] += amount->to_double();
  }
  return exposures;
}

Result<HaircutFacts> facts_of(const std::string& file) {
  if (file.empty()) return HaircutFacts{};
  const Document document = TRY(read_document(file, ErrorKind::config));
  return read_haircut_facts(document);
}

/// One asset up to the instant asked about.
struct Studied {
  PriceSteps steps;
  std::optional<HaircutAt> last;
  std::vector<double> returns;  ///< close to close, up to the instant
};

Result<PegSteps> peg_of(const std::string& asset, const AssetFacts& facts, const Files& files,
                        const PriceSteps& steps) {
  if (!facts.peg) return PegSteps{};
  if (facts.peg->follows == "USD") return peg_steps(files.at(asset), {}, steps);
  const auto followed = files.find(facts.peg->follows);
  if (followed != files.end()) return peg_steps(files.at(asset), followed->second, steps);
  return fail({.kind = ErrorKind::config,
               .message = asset + " follows " + facts.peg->follows + ", which has no bars",
               .field = "--facts",
               .remedy = "give bars of it, or USD"});
}

Result<Studied> study(const std::string& asset, const AssetFacts& facts, const Files& files, std::int64_t at_ms) {
  Studied studied{TRY(price_steps(files.at(asset), {})), std::nullopt, {}};
  const PriceSteps& steps = studied.steps;
  const PegSteps peg = TRY(peg_of(asset, facts, files, steps));
  studied.last = TRY(haircut_at({}, facts, steps, peg, at_ms));
  for (std::size_t t = 0; t < steps.size() && steps.end_ms[t] <= at_ms; ++t) {
    const bool first = t == 0 || std::isnan(steps.close[t]) || std::isnan(steps.close[t - 1]);
    studied.returns.push_back(first ? std::nan("") : stable_log_ratio(steps.close[t], steps.close[t - 1]));
  }
  // A price of the day before or none: one that is older says nothing of now.
  if (studied.last && at_ms - steps.end_ms[studied.last->step] > day_ms) studied.last.reset();
  return studied;
}

using Assets = std::map<std::string, Studied>;

Result<Assets> study_all(const CommonOptions& common, const HaircutFacts& facts, const Files& files,
                         std::int64_t at_ms) {
  std::vector<std::string> names;
  for (const auto& [name, views] : files) names.push_back(name);
  std::vector<Result<Studied>> studies(names.size(), fail({.message = "not studied"}));
  parallel_for(names.size(), common.threads, [&](std::size_t i) {
    const auto known = facts.assets.find(names[i]);
    studies[i] = study(names[i], known == facts.assets.end() ? AssetFacts{} : known->second, files, at_ms);
  });
  Assets assets;
  for (std::size_t i = 0; i < names.size(); ++i) assets.emplace(names[i], TRY(std::move(studies[i])));
  return assets;
}

/// Returns of another asset at the steps of this one.
std::vector<double> aligned(const Studied& to, const Studied& other) {
  std::map<std::int64_t, double> by_time;
  for (std::size_t t = 0; t < other.returns.size(); ++t) by_time[other.steps.end_ms[t]] = other.returns[t];
  std::vector<double> returns;
  for (std::size_t t = 0; t < to.returns.size(); ++t) {
    const auto found = by_time.find(to.steps.end_ms[t]);
    returns.push_back(found == by_time.end() ? std::nan("") : found->second);
  }
  return returns;
}

std::vector<HaircutStake> stakes_of(const Studied& asset, const Assets& assets,
                                    const std::map<std::string, double>& exposures) {
  std::vector<HaircutStake> stakes;
  for (const auto& [factor, exposure] : exposures) {
    const Studied& other = assets.at(factor);
    const ExitCost exit = other.last ? other.last->haircut.inputs.exit : ExitCost{};
    HaircutStake stake{factor, {}, 0};
    stake.stake.with = co_movement(asset.returns, aligned(asset, other), co_movement_steps);
    stake.stake.exposure_usd = exposure;
    stake.stake.fall = asset.last->haircut.inputs.volatility;
    stake.stake.sold_in_a_day_usd = exit.participation * std::max(0.0, exit.volume_usd);
    stake.part = wrong_way_part(stake.stake);
    stakes.push_back(std::move(stake));
  }
  return stakes;
}

Result<void> add_lines(const Assets& assets, const std::map<std::string, double>& exposures, HaircutReport& report) {
  for (const auto& [name, asset] : assets) {
    if (!asset.last) {
      report.none.push_back(name);
      continue;
    }
    const std::size_t step = asset.last->step;
    HaircutLine line{name, asset.steps.end_ms[step], asset.steps.close[step], asset.last->haircut, {}};
    line.stakes = stakes_of(asset, assets, exposures);
    double part = 0;
    for (const HaircutStake& stake : line.stakes) part += stake.part;
    if (part > 0) TRY_VOID(add_wrong_way({}, std::min(1.0, part), line.haircut));
    report.lines.push_back(std::move(line));
  }
  return {};
}

}  // namespace

Result<Exit> run_haircut(const CommonOptions& common, const HaircutOptions& options) {
  const std::vector<Bars> bars = TRY(load_bars(options.data, "--data"));
  const Files files = files_of(bars);
  const HaircutFacts facts = TRY(facts_of(options.facts));
  const std::map<std::string, double> exposures = TRY(exposures_of(options.exposures, files));
  HaircutReport report;
  report.folders = options.data;
  report.facts = facts.name;
  report.at_ms = TRY(time_of(options.at, files));
  report.amount_usd = options.amount;
  const Assets assets = TRY(study_all(common, facts, files, report.at_ms));
  TRY_VOID(add_lines(assets, exposures, report));
  for (const auto& [name, known] : facts.assets) {
    if (!files.contains(name)) note(common, "the facts know " + name + ", which has no bars");
  }
  if (options.recipe_table) {
    TRY_VOID(deliver(common, haircut_recipe(report, base_recipe, options.existing)));
  } else {
    TRY_VOID(deliver(common, common.json ? haircut_json(report) : haircut_text(report, paint_for(common))));
  }
  return Exit::ok;
}

}  // namespace margrave
