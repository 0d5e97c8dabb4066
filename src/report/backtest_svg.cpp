#include "report/backtest_svg.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/timestamp.h"
#include "report/backtest_books.h"
#include "report/markup.h"

namespace margrave {
namespace {

constexpr double width = 880, height = 190, left = 54, right = 12, top = 26, bottom = 22;
constexpr std::size_t stretches = 400;

constexpr std::string_view style =
    R"css(:root { color-scheme: light dark; --ink: #1d2733; --paper: #ffffff; --quiet: #5b6773; --rule: #e3e7eb;
  --margin: #1f6fb2; --loss: #9fb3c8; --breach: #c0392b; --l1: #d9772b; --l2: #2f8f5b; --l3: #8053a8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaee; --paper: #14181d; --quiet: #98a4b0; --rule: #2a3138;
  --margin: #5fb0f0; --loss: #55697d; --breach: #ff7b6b; --l1: #f0a44b; --l2: #62c48f; --l3: #b58cdd; } }
svg text { fill: var(--ink); } svg .tick { fill: var(--quiet); } svg .title { font-weight: 600; font-size: 13px; }
.rule { stroke: var(--rule); } .loss { stroke: var(--loss); stroke-width: 1.6; fill: none; }
.margin { stroke: var(--margin); stroke-width: 1.6; fill: none; } .breach { fill: var(--breach); }
.line0, .line1, .line2, .line3 { fill: none; stroke-width: 2; }
.line0 { stroke: var(--margin); } .dot0 { fill: var(--margin); }
.line1 { stroke: var(--l1); } .dot1 { fill: var(--l1); } .line2 { stroke: var(--l2); } .dot2 { fill: var(--l2); }
.line3 { stroke: var(--l3); } .dot3 { fill: var(--l3); }
)css";

double nice_step(double range, int count) {
  const double raw = range / count, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (raw <= step * power) return step * power;
  }
  return 10 * power;
}

std::string opening(double high, const std::string& label) {
  return fmt::format(R"(<svg viewBox="0 0 {:.0f} {:.0f}" role="img" aria-label="{}">)"
                     "\n",
                     width, high, escaped(label));
}
std::string text_at(double x, double y, const char* anchor, const char* name, const std::string& text) {
  return fmt::format(R"(<text class="{}" x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)"
                     "\n",
                     name, x, y, anchor, escaped(text));
}

/// One book's plot.
class BookPlot {
 public:
  explicit BookPlot(const BookSeries& series) : series_(series) {
    for (const double margin : series.margin) most_ = std::max(most_, margin);
    double loss = 0;
    for (const double one : series.loss) loss = std::max(loss, one);
    most_ = std::max(1e-6, std::min(std::max(most_, loss) * 1.08, std::max(most_ * 1.75, 1e-6)));
    if (most_ <= 1e-6) most_ = std::max(loss, 1e-6);
  }

  std::string run(const std::string& caption) {
    out_ = opening(height, caption);
    grid();
    out_ += text_at(left, 15, "start", "title", caption);
    bars();
    margins();
    breaches();
    return out_ + "</svg>\n";
  }

 private:
  double x(std::int64_t ms) const {
    const auto begin = static_cast<double>(series_.end_ms.front());
    const double span = std::max(1.0, static_cast<double>(series_.end_ms.back()) - begin);
    return left + (width - left - right) * (static_cast<double>(ms) - begin) / span;
  }
  double y(double share) const { return top + (height - top - bottom) * (1 - std::clamp(share / most_, 0.0, 1.0)); }
  std::size_t per_stretch() const { return (series_.loss.size() + stretches - 1) / stretches; }

  void grid() {
    const double step = nice_step(100 * most_, 4);
    for (double value = 0; value <= 100 * most_; value += step) {
      out_ += fmt::format(R"(<line class="rule" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)"
                          "\n",
                          left, width - right, y(value / 100), y(value / 100));
      out_ += text_at(left - 6, y(value / 100) + 3.5, "end", "tick", fmt::format("{:g} %", value));
    }
    const int first = civil_date(Timestamp::from_ms(series_.end_ms.front())).year;
    const int last = civil_date(Timestamp::from_ms(series_.end_ms.back())).year;
    out_ += text_at(left, height - 6, "start", "tick", to_date(Timestamp::from_ms(series_.end_ms.front())));
    out_ += text_at(width - right, height - 6, "end", "tick", to_date(Timestamp::from_ms(series_.end_ms.back())));
    for (int year = first + 1; year <= last; ++year) {
      const double at = x(Timestamp::from_civil(year, 1, 1).ns / 1'000'000);
      if (at > left + 80 && at < width - right - 80)
        out_ += text_at(at, height - 6, "middle", "tick", std::to_string(year));
    }
  }

  void bars() {
    std::string path;
    for (std::size_t i = 0; i < series_.loss.size(); i += per_stretch()) {
      const std::size_t end = std::min(series_.loss.size(), i + per_stretch());
      const auto worst = std::max_element(series_.loss.begin() + static_cast<std::ptrdiff_t>(i),
                                          series_.loss.begin() + static_cast<std::ptrdiff_t>(end));
      if (!(*worst > 0)) continue;
      const auto at = static_cast<std::size_t>(worst - series_.loss.begin());
      path += fmt::format("M{:.1f} {:.1f}V{:.1f}", x(series_.end_ms[at]), y(0), y(*worst));
    }
    out_ += R"(<path class="loss" d=")" + path + "\"/>\n";
  }

  /// Every stretch's least and largest margin, so that no rise is smoothed away.
  void margins() {
    std::string path;
    for (std::size_t i = 0; i < series_.margin.size(); i += per_stretch()) {
      const std::size_t end = std::min(series_.margin.size(), i + per_stretch());
      const auto [low, high] = std::minmax_element(series_.margin.begin() + static_cast<std::ptrdiff_t>(i),
                                                   series_.margin.begin() + static_cast<std::ptrdiff_t>(end));
      for (const auto at : {std::min(low, high), std::max(low, high)}) {
        const auto index = static_cast<std::size_t>(at - series_.margin.begin());
        path += fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x(series_.end_ms[index]), y(*at));
      }
    }
    out_ += R"(<path class="margin" d=")" + path + "\"/>\n";
  }

  void breaches() {
    for (std::size_t i = 0; i < series_.loss.size(); ++i) {
      if (!(series_.loss[i] > series_.margin[i])) continue;
      out_ += fmt::format(R"(<circle class="breach" cx="{:.1f}" cy="{:.1f}" r="3"><title>{}: loss {:.2f} %, margin )"
                          R"({:.2f} %</title></circle>)"
                          "\n",
                          x(series_.end_ms[i]), y(series_.loss[i]), to_string(Timestamp::from_ms(series_.end_ms[i])),
                          100 * series_.loss[i], 100 * series_.margin[i]);
    }
  }

  const BookSeries& series_;
  double most_{0};
  std::string out_;
};

}  // namespace

std::string_view chart_style() { return style; }

std::string standalone_svg(const std::string& chart) {
  const std::size_t open = chart.find('>');
  if (open == std::string::npos) return chart;
  std::string out = chart.substr(0, open) + " xmlns=\"http://www.w3.org/2000/svg\" font-size=\"11\" font-family=\"" +
                    "system-ui, 'DejaVu Sans', sans-serif\">\n<style>\n";
  return out + std::string(style) + "svg { background: var(--paper); }\n</style>" + chart.substr(open + 1);
}

std::string backtest_svg(const BookSeries& series, const std::string& caption) {
  return series.loss.empty() ? std::string() : BookPlot(series).run(caption);
}

std::string cadence_svg(const std::vector<CadenceRow>& rows) {
  if (rows.empty()) return {};
  std::map<std::int64_t, std::vector<const CadenceRow*>> by_delay;
  std::vector<std::int64_t> intervals;
  double most = 1e-12;
  for (const CadenceRow& row : rows) {
    by_delay[row.cadence.delay_ms].push_back(&row);
    intervals.push_back(row.cadence.every_ms);
    most = std::max(most, 1.1e6 * row.uncovered);
  }
  std::sort(intervals.begin(), intervals.end());
  intervals.erase(std::unique(intervals.begin(), intervals.end()), intervals.end());
  const double high = 260, gap = (width - left - right) / static_cast<double>(intervals.size());
  const auto x = [&](std::int64_t every) {
    const auto at = std::lower_bound(intervals.begin(), intervals.end(), every) - intervals.begin();
    return left + gap * (static_cast<double>(at) + 0.5);
  };
  const auto y = [&](double value) { return top + (high - top - 2 * bottom) * (1 - value / most); };
  std::string out = opening(high, "uncovered loss by update interval and delay");
  const double step = nice_step(most, 5);
  for (double value = 0; value <= most; value += step) {
    out += fmt::format(R"(<line class="rule" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)"
                       "\n",
                       left, width - right, y(value), y(value));
    out += text_at(left - 6, y(value) + 3.5, "end", "tick", fmt::format("{:g}", value));
  }
  for (const std::int64_t every : intervals)
    out += text_at(x(every), high - bottom - 6, "middle", "tick", length_text(every));
  out += text_at(left, 15, "start", "title", "Uncovered loss, millionths of the notional, by update interval");
  std::size_t line = 0;
  for (const auto& [delay, points] : by_delay) {
    std::string path;
    for (const CadenceRow* row : points) {
      path +=
          fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x(row->cadence.every_ms), y(1e6 * row->uncovered));
    }
    out += fmt::format(R"(<path class="line{}" d="{}"/>)"
                       "\n",
                       line % 4, path);
    for (const CadenceRow* row : points) {
      out += fmt::format(R"(<circle class="dot{}" cx="{:.1f}" cy="{:.1f}" r="3"><title>{}, delay {}: {:.1f}</title>)"
                         "</circle>\n",
                         line % 4, x(row->cadence.every_ms), y(1e6 * row->uncovered),
                         length_text(row->cadence.every_ms), length_text(delay), 1e6 * row->uncovered);
    }
    const double at = left + 130.0 * static_cast<double>(line);
    out += fmt::format(R"(<path class="line{}" d="M{:.1f} {:.1f}h18"/>)", line % 4, at, high - 8);
    out += text_at(at + 24, high - 4, "start", "tick", "delay " + length_text(delay));
    ++line;
  }
  return out + "</svg>\n";
}

}  // namespace margrave
