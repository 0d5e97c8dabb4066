#include "chains/moves_study.h"

#include <algorithm>

#include "study/quantile.h"

namespace margrave {
namespace {

constexpr double well_under_share = 0.05;

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return sorted_quantile(values, 0.5);
}

double largest(const std::vector<double>& values) {
  return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

MovesLine line_of(const std::string& kind, const std::vector<const MovesCase*>& cases) {
  MovesLine line;
  line.kind = kind;
  line.cases = cases.size();
  std::vector<double> ratios, shortfalls, missing;
  for (const MovesCase* one : cases) {
    if (one->loss > 0) ratios.push_back(one->requirement / one->loss);
    if (!(one->loss > one->requirement) || !(one->gross > 0)) continue;
    const double shortfall = (one->loss - one->requirement) / one->gross;
    if (shortfall > line.worst_shortfall) {
      line.worst_shortfall = shortfall;
      line.worst = *one;
    }
    shortfalls.push_back(shortfall);
    missing.push_back((one->loss - one->requirement) / one->loss);
  }
  line.under = shortfalls.size();
  line.well_under = static_cast<std::size_t>(
      std::count_if(missing.begin(), missing.end(), [](double share) { return share > well_under_share; }));
  if (!ratios.empty()) line.least_ratio = *std::min_element(ratios.begin(), ratios.end());
  line.median_ratio = median(ratios);
  line.worst_missing = largest(missing);
  line.median_shortfall = median(std::move(shortfalls));
  line.median_missing = median(std::move(missing));
  return line;
}

}  // namespace

MovesStudy study_moves(const std::vector<MovesCase>& cases) {
  MovesStudy study;
  std::vector<std::string> kinds;
  std::vector<const MovesCase*> all;
  for (const MovesCase& one : cases) {
    all.push_back(&one);
    if (std::find(kinds.begin(), kinds.end(), one.kind) == kinds.end()) kinds.push_back(one.kind);
  }
  for (const std::string& kind : kinds) {
    std::vector<const MovesCase*> of;
    std::copy_if(all.begin(), all.end(), std::back_inserter(of), [&](const auto* one) { return one->kind == kind; });
    study.lines.push_back(line_of(kind, of));
  }
  study.all = line_of("all", all);
  return study;
}

}  // namespace margrave
