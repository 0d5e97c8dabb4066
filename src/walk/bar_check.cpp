#include "walk/bar_check.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "scenario/price_windows.h"

namespace margrave {
namespace {

constexpr std::int64_t first_ms = 1'230'768'000'000;  ///< 2009-01-01: nothing here was traded before
constexpr double apart = 1.05;                        ///< of two files of one coin

double off(double ratio) { return std::max(ratio, 1 / ratio); }

BarFinding finding_of(BarFinding::Kind kind, const Bars& bars, std::int64_t at_ms) {
  return {.kind = kind, .coin = bars.coin, .file = bars.file, .at_ms = at_ms};
}

void add_gaps(const Bars& bars, std::vector<BarFinding>& all) {
  std::optional<BarFinding> small;
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < bars.t_ms.size(); ++i) {
    const std::int64_t distance = bars.t_ms[i] - bars.t_ms[i - 1];
    if (distance < 2 * bars.step_ms) continue;
    BarFinding gap = finding_of(BarFinding::Kind::gap, bars, bars.t_ms[i]);
    gap.count = static_cast<std::size_t>(distance / bars.step_ms) - 1;
    gap.ratio = bars.open[i] / bars.close[i - 1];
    if (distance > other_asset_gap_ms) {
      if (off(gap.ratio) > other_asset_ratio) gap.kind = BarFinding::Kind::jump;
      all.push_back(gap);
    } else if (!small) {
      small = gap;
      longest = distance;
    } else {
      small->count += gap.count;
      if (distance > longest) {
        small->at_ms = gap.at_ms;
        longest = distance;
      }
    }
  }
  if (small) all.push_back(*small);
}

void add_spikes(const Bars& bars, std::vector<BarFinding>& all) {
  std::optional<BarFinding> spike;
  std::size_t count = 0;
  for (std::size_t i = 1; i + 1 < bars.t_ms.size(); ++i) {
    const double before = bars.close[i] / bars.close[i - 1], after = bars.close[i] / bars.close[i + 1];
    const bool same_side = (before > 1) == (after > 1);
    if (!same_side || off(before) <= other_asset_ratio || off(after) <= other_asset_ratio) continue;
    if (off(bars.close[i + 1] / bars.close[i - 1]) > 1.5) continue;
    ++count;
    if (spike && off(before) <= off(spike->ratio)) continue;
    spike = finding_of(BarFinding::Kind::spike, bars, bars.t_ms[i]);
    spike->ratio = before;
  }
  if (!spike) return;
  spike->count = count;
  all.push_back(*spike);
}

void add_off_grid(const Bars& bars, std::vector<BarFinding>& all) {
  if (bars.step_ms <= 0) return;
  std::optional<BarFinding> found;
  for (const std::int64_t at : bars.t_ms) {
    if ((at - bars.t_ms.front()) % bars.step_ms == 0) continue;
    if (!found)
      found = BarFinding{finding_of(BarFinding::Kind::off_grid, bars, at)};
    else
      ++found->count;
  }
  if (found) all.push_back(*found);
}

void add_disagreement(const Bars& one, const Bars& other, std::vector<BarFinding>& all) {
  std::optional<BarFinding> found;
  std::size_t count = 0;
  for (std::size_t i = 0; i < other.t_ms.size(); ++i) {
    const std::int64_t end = other.t_ms[i] + other.step_ms;
    const double close = close_at(one, end);
    if (std::isnan(close) || off(other.close[i] / close) <= apart) continue;
    ++count;
    if (found && off(other.close[i] / close) <= off(found->ratio)) continue;
    found = finding_of(BarFinding::Kind::disagreement, other, other.t_ms[i]);
    found->ratio = other.close[i] / close;
  }
  if (!found) return;
  found->count = count;
  all.push_back(*found);
}

std::string name_of(const std::string& path) { return path.substr(path.find_last_of('/') + 1); }

}  // namespace

std::string_view to_string(BarFinding::Kind kind) {
  switch (kind) {
    case BarFinding::Kind::gap:
      return "gap";
    case BarFinding::Kind::jump:
      return "jump";
    case BarFinding::Kind::spike:
      return "spike";
    case BarFinding::Kind::off_grid:
      return "off_grid";
    case BarFinding::Kind::disagreement:
      break;
  }
  return "disagreement";
}

std::string to_string(const BarFinding& finding) {
  const std::string at = to_string(Timestamp::from_ms(finding.at_ms));
  const std::string file = name_of(finding.file) + ": ";
  switch (finding.kind) {
    case BarFinding::Kind::gap:
      return file + fmt::format("{} bars missing, the last of the longest gap before {}", finding.count, at);
    case BarFinding::Kind::jump:
      return file + fmt::format(
                        "{} bars missing before {}, and the price is {:.4g} times that before: taken for "
                        "another asset from then on",
                        finding.count, at, finding.ratio);
    case BarFinding::Kind::spike:
      return file + fmt::format(
                        "{} closes far off both neighbours, the worst {:.4g} times that before, at {}: kept as "
                        "they are",
                        finding.count, finding.ratio, at);
    case BarFinding::Kind::off_grid:
      return file + fmt::format("{} bars off the file's step, the first at {}", finding.count, at);
    case BarFinding::Kind::disagreement:
      break;
  }
  return file + fmt::format("{} closes apart from an earlier file of {}, the worst {:.4g} times it, at {}",
                            finding.count, finding.coin, finding.ratio, at);
}

Result<std::vector<BarFinding>> check_bars(const std::vector<Bars>& bars) {
  std::vector<BarFinding> all;
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bars& file = bars[i];
    if (file.t_ms.empty()) continue;
    if (file.t_ms.front() < first_ms) {
      return fail({.message = "its first bar is of " + to_date(Timestamp::from_ms(file.t_ms.front())) +
                              ": are its times in seconds",
                   .place = {.file = file.file},
                   .field = "t_ms",
                   .remedy = "give milliseconds since 1970"});
    }
    add_gaps(file, all);
    add_spikes(file, all);
    add_off_grid(file, all);
    for (std::size_t j = 0; j < i; ++j) {
      if (bars[j].coin == file.coin) add_disagreement(bars[j], file, all);
    }
  }
  return all;
}

}  // namespace margrave
