#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>

#include "study/linear_study.h"

// Lines of the tables under docs/evidence, as the tests print them and hold the pages to.
namespace margrave {

/// The worst of BTC and ETH, long and short.
inline double worst_of_majors(const ModelJudgement& model, double SeriesJudgement::*value) {
  double worst = 0;
  for (const SeriesJudgement& one : model.series) {
    if (one.asset == "BTC" || one.asset == "ETH") worst = std::max(worst, one.*value);
  }
  return worst;
}
inline double breach_share(const SeriesJudgement& one) {
  return static_cast<double>(one.breaches) / static_cast<double>(one.windows);
}
/// Of the series with at least so many windows.
inline double worst_rate(const ModelJudgement& model, std::size_t least_windows = 1) {
  double worst = 0;
  for (const SeriesJudgement& one : model.series) {
    if (one.windows >= least_windows) worst = std::max(worst, breach_share(one));
  }
  return worst;
}
inline double median_rise(const ModelJudgement& model) {
  std::vector<double> rises;
  for (const SeriesJudgement& one : model.series) rises.push_back(one.rise_p99);
  std::sort(rises.begin(), rises.end());
  return rises[rises.size() / 2];
}

inline std::string coverage_line(const ModelJudgement& of, const std::string& span) {
  return fmt::format("| {} | {} | {:.0f} % | {:.0f} % | {:.0f} % | {:.2f} % | {:.3f} % | {:.3f} % | {:.1f} |",
                     to_string(of.model), span, 100 * of.rate_holds, 100 * of.order_holds, 100 * of.not_too_many,
                     100 * worst_rate(of), 100 * of.pooled_rate, 100 * of.pooled_error, 1e6 * of.uncovered);
}
inline std::string cost_line(const ModelJudgement& of, const std::string& span) {
  return fmt::format("| {} | {} | {:.2f} | {:.2f} | {:.2f} | {:.0f} % | {:.0f} % | {:.1f} | {:.0f} % |",
                     to_string(of.model), span, of.cost, of.tail, of.tail / of.tail_of_raw,
                     100 * worst_of_majors(of, &SeriesJudgement::rise_p99),
                     100 * worst_of_majors(of, &SeriesJudgement::rise_max),
                     worst_of_majors(of, &SeriesJudgement::peak_to_trough), 100 * median_rise(of));
}

/// A page of docs/evidence. `holds` prints a line and says whether the page has it.
class EvidencePage {
 public:
  explicit EvidencePage(const std::string& name) {
    std::ifstream in(MARGRAVE_SOURCE_DIR "/docs/evidence/" + name);
    std::stringstream text;
    text << in.rdbuf();
    text_ = text.str();
  }
  bool holds(const std::string& line) const {
    std::printf("%s\n", line.c_str());
    return text_.find(line) != std::string::npos;
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace margrave
