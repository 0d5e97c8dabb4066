#include <fmt/core.h>

#include <algorithm>

#include "cli/inputs.h"
#include "cli/verbs.h"
#include "dialect/deribit_chain.h"
#include "document/file.h"
#include "market/fit_survey.h"
#include "market/market_writer.h"
#include "report/smile_svg.h"
#include "report/surface_json.h"
#include "report/surface_report.h"

namespace margrave {
namespace {

constexpr std::size_t worst_shown = 10;

tl::unexpected<Error> wrong(const std::string& flag, const std::string& message, const std::string& remedy) {
  return fail({.kind = ErrorKind::config, .message = message, .field = flag, .remedy = remedy});
}

/// Only the fits that were asked for.
Result<void> keep_wanted(ChainMarket& chain, const SurfaceOptions& options) {
  if (!options.underlying.empty()) {
    const auto id = chain.market.registry.underlying(options.underlying);
    if (!id)
      return wrong("--underlying", "the chain has no underlying '" + options.underlying + "'",
                   "leave it out to see them all");
    std::erase_if(chain.fits, [&](const ExpiryFit& fit) { return fit.underlying != *id; });
  }
  if (!options.expiry.empty()) {
    std::erase_if(chain.fits, [&](const ExpiryFit& fit) { return to_date(fit.expiry) != options.expiry; });
    if (chain.fits.empty())
      return wrong("--expiry", "no expiry on '" + options.expiry + "'", "write its date: 2026-03-27");
  }
  return {};
}

Result<void> draw(const std::string& title, std::vector<SmilePanel> panels, const std::string& file) {
  const std::string svg = TRY(smile_svg({.title = title, .panels = std::move(panels)}));
  return write_file_atomically(file, svg);
}

Result<void> draw(const ChainMarket& chain, const std::string& file) {
  std::vector<SmilePanel> panels = smile_panels(chain.fits);
  std::string names;
  for (SmilePanel& panel : panels) {
    const std::string& name = chain.market.registry[panel.fit->underlying].name;
    panel.caption = name + " " + panel.caption;
    if (names.find(name) == std::string::npos) names += (names.empty() ? "" : " and ") + name;
  }
  return draw(fmt::format("{}, {}", names, to_string(chain.market.state.as_of)), std::move(panels), file);
}

bool has_arbitrage(const Market& market) {
  return std::any_of(market.state.findings.begin(), market.state.findings.end(),
                     [](const Finding& finding) { return finding.kind == Finding::Kind::arbitrage; });
}

/// Every snapshot of a recorded file.
Result<Exit> survey(const CommonOptions& common, const SurfaceOptions& options) {
  const std::vector<Timestamp> times = TRY(deribit_csv_times(options.market.market));
  FitSurvey survey;
  std::optional<Error> failed;
  Progress progress(common, "snapshots", times.size());
  std::size_t done = 0;
  TRY_VOID(stream_deribit_csv(options.market.market, [&](const Chain& chain) {
    auto market = build_market(chain);
    if (!market) return failed = market.error(), false;
    const auto kept = keep_wanted(*market, options);
    if (!kept) return failed = kept.error(), false;
    survey.add(*market);
    progress.at(++done);
    return true;
  }));
  if (failed) return fail(*failed);
  if (!options.svg.empty()) {
    const std::vector<SurveyedFit> worst = survey.worst(worst_shown);
    std::vector<SmilePanel> panels;
    for (const SurveyedFit& fit : worst) {
      panels.push_back(
          {fmt::format("{} {} at {}", fit.underlying, to_date(fit.expiry), to_string(fit.as_of)), &fit.fit});
    }
    TRY_VOID(draw(fmt::format("The worst {} of {} smiles", worst.size(), survey.fits), std::move(panels), options.svg));
  }
  TRY_VOID(deliver(common, common.json ? survey_json(survey, worst_shown) : survey_report(survey, worst_shown)));
  return options.arbitrage && survey.violations > 0 ? Exit::no : Exit::ok;
}

Result<Exit> show_chain(const CommonOptions& common, const SurfaceOptions& options, ChainMarket chain) {
  if (!options.save.empty()) TRY_VOID(write_file_atomically(options.save, write_market(chain.market)));
  TRY_VOID(keep_wanted(chain, options));
  if (!options.svg.empty()) TRY_VOID(draw(chain, options.svg));
  TRY_VOID(deliver(common, common.json ? surface_json(chain) : surface_report(chain)));
  return options.arbitrage && has_arbitrage(chain.market) ? Exit::no : Exit::ok;
}

Result<Exit> show_market(const CommonOptions& common, const SurfaceOptions& options, const Market& market) {
  for (const auto& [flag, value] :
       {std::pair("--svg", options.svg), std::pair("--save", options.save), std::pair("--expiry", options.expiry)}) {
    if (!value.empty()) return wrong(flag, "a market file has no quotes", "give an option chain as --market");
  }
  TRY_VOID(deliver(common, common.json ? surface_json(market) : surface_report(market)));
  return options.arbitrage && has_arbitrage(market) ? Exit::no : Exit::ok;
}

}  // namespace

Result<Exit> run_surface(const CommonOptions& common, const SurfaceOptions& options) {
  if (options.all) return survey(common, options);
  QuotedMarket quoted = TRY(load_quoted_market(options.market));
  if (!quoted.fits) return show_market(common, options, quoted.market);
  return show_chain(common, options, {std::move(quoted.market), *std::move(quoted.fits)});
}

}  // namespace margrave
