#include "study/frontier_svg.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace margrave {
namespace {

constexpr const char* style = R"svg(<style>
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1d2733; }
.paper { fill: #ffffff; } .tick { fill: #66727f; } .title { font-weight: 600; }
.rule { stroke: #e3e7eb; stroke-width: 1; } .limit { stroke: #c0392b; stroke-width: 1; stroke-dasharray: 4 3; }
.dot { fill: none; stroke-linecap: round; stroke-width: 3; } .line { fill: none; stroke-width: 2; }
.ring { fill: none; stroke-width: 2; } .first { stroke: #1f6fb2; } .second { stroke: #d9772b; }
@media (prefers-color-scheme: dark) {
text { fill: #e6eaee; } .paper { fill: #14181d; } .tick { fill: #98a4b0; }
.rule { stroke: #2a3138; } .limit { stroke: #ff7b6b; } .first { stroke: #5fb0f0; } .second { stroke: #f0a44b; }
}
</style>
)svg";

struct Box {
  double left, top, width, height;  ///< of the plotting area, in pixels
};

/// One panel: what is to the right, and its limits.
class Panel {
 public:
  Panel(const FrontierPlot& plot, const Box& box, double FrontierPoint::*rise, double limit, double most)
      : plot_(plot), box_(box), rise_(rise), limit_(limit), most_(most) {
    low_ = 1e300;
    for (const FrontierFamily& family : plot.families) {
      for (const FrontierPoint& point : family.points) {
        low_ = std::min(low_, point.uncovered);
        high_ = std::max(high_, point.uncovered);
      }
    }
    low_ = 2e-5 * std::floor(low_ / 2e-5);
    high_ = 2e-5 * std::ceil(high_ / 2e-5);
  }

  std::string run(const std::string& caption) {
    text(box_.left, box_.top - 8, "start", "title", caption);
    grid();
    for (std::size_t i = 0; i < plot_.families.size(); ++i) {
      draw(plot_.families[i], i == 0 ? "first" : "second");
    }
    return std::move(out_);
  }

 private:
  double x(double rise) const { return box_.left + box_.width * rise / most_; }
  double y(double loss) const { return box_.top + box_.height * (high_ - loss) / (high_ - low_); }
  void text(double at_x, double at_y, const char* anchor, const char* name, const std::string& content) {
    out_ += fmt::format("<text class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" font-size=\"12\" text-anchor=\"{}\">{}</text>\n",
                        name, at_x, at_y, anchor, content);
  }
  void rule(const char* name, double x1, double y1, double x2, double y2) {
    out_ += fmt::format("<line class=\"{}\" x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\"/>\n", name, x1, y1,
                        x2, y2);
  }
  void grid() {
    const double bottom = box_.top + box_.height, right = box_.left + box_.width;
    const auto lines = static_cast<int>(std::lround((high_ - low_) / 2e-5));
    for (int i = 0; i <= lines; ++i) {
      const double loss = low_ + 2e-5 * i;
      rule("rule", box_.left, y(loss), right, y(loss));
      text(box_.left - 6, y(loss) + 4, "end", "tick", fmt::format("{:.0f}", 1e6 * loss));
    }
    for (int i = 0; i <= 4; ++i) {
      const double rise = most_ * i / 4;
      text(x(rise), bottom + 16, "middle", "tick", fmt::format("{:.0f} %", 100 * rise));
    }
    rule("limit", x(limit_), box_.top, x(limit_), bottom);
  }
  bool inside(const FrontierPoint& point) const { return point.*rise_ <= most_; }
  void draw(const FrontierFamily& family, const char* name) {
    std::string dots, line;
    for (const FrontierPoint& point : family.points) {
      if (inside(point)) dots += fmt::format("M{:.1f} {:.1f}h0", x(point.*rise_), y(point.uncovered));
    }
    for (const std::size_t i : unbeaten(family.points, rise_)) {
      const FrontierPoint& point = family.points[i];
      if (!inside(point)) break;
      line += fmt::format("{}{:.1f} {:.1f}", line.empty() ? "M" : "L", x(point.*rise_), y(point.uncovered));
    }
    out_ +=
        fmt::format("<path class=\"dot {}\" d=\"{}\"/>\n<path class=\"line {}\" d=\"{}\"/>\n", name, dots, name, line);
    if (!inside(family.chosen)) return;
    out_ += fmt::format("<circle class=\"ring {}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"7\"/>\n", name,
                        x(family.chosen.*rise_), y(family.chosen.uncovered));
  }

  const FrontierPlot& plot_;
  Box box_;
  double FrontierPoint::*rise_;
  double limit_, most_, low_{0}, high_{0};
  std::string out_;
};

}  // namespace

std::string frontier_svg(const FrontierPlot& plot) {
  std::string out =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 940 460\" width=\"940\" height=\"460\" role=\"img\">\n";
  out += "<title>" + plot.title + "</title>\n" + style + "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";
  out += fmt::format("<text class=\"title\" x=\"20\" y=\"28\" font-size=\"16\">{}</text>\n", plot.title);
  for (std::size_t i = 0; i < plot.families.size(); ++i) {
    const char* name = i == 0 ? "first" : "second";
    const double left = 60 + 220 * static_cast<double>(i);
    out += fmt::format(
        "<path class=\"line {}\" d=\"M{:.0f} 50h24\"/>\n<text x=\"{:.0f}\" y=\"54\" font-size=\"12\">{}"
        "</text>\n",
        name, left, left + 30, plot.families[i].name);
  }
  out +=
      "<text class=\"tick\" x=\"920\" y=\"54\" font-size=\"12\" text-anchor=\"end\">uncovered loss upward, millionths "
      "of "
      "the notional; ring: in use; dashed: limit</text>\n";
  const Box left{.left = 60, .top = 90, .width = 390, .height = 330},
      right{.left = 530, .top = 90, .width = 390, .height = 330};
  out += Panel(plot, left, &FrontierPoint::rise_p99, plot.limit_p99, plot.most_p99)
             .run("99 % point of rises in five days");
  out += Panel(plot, right, &FrontierPoint::rise_max, plot.limit_max, plot.most_max).run("largest rise in five days");
  return out + "</svg>\n";
}

}  // namespace margrave
