#include "report/smile_svg.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "market/svi.h"
#include "report/markup.h"

namespace margrave {
namespace {

struct Box {
  double left, top, width, height;  ///< of the plotting area, in pixels
};

struct Range {
  double low, high;
  double share(double value) const { return (value - low) / (high - low); }
};

/// Steps of 1, 2 or 5 times a power of ten, about `count` of them over the range.
double nice_step(const Range& range, int count) {
  const double raw = (range.high - range.low) / count, power = std::pow(10.0, std::floor(std::log10(raw)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (raw <= step * power) return step * power;
  }
  return 10 * power;
}

std::string tick_text(double value, double step) {
  const int decimals = std::max(0, static_cast<int>(std::ceil(-std::log10(step) - 1e-9)));
  const double shown = std::abs(value) < 1e-9 ? 0.0 : value;
  return fmt::format("{:.{}f}", shown, decimals);
}

// Classes with plain colours, not CSS variables: programs other than browsers read it too.
constexpr const char* style = R"svg(<style>
text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: #1d2733; }
.paper { fill: #ffffff; } .tick { fill: #66727f; } .alarm { fill: #c0392b; } .title { font-weight: 600; }
.rule { stroke: #e3e7eb; stroke-width: 1; } .money { stroke: #66727f; stroke-width: 1; stroke-dasharray: 2 3; }
.quote { stroke: #9fb3c8; stroke-width: 4; stroke-linecap: butt; } .mark { fill: #d9772b; }
.fit { fill: none; stroke: #1f6fb2; stroke-width: 2; }
@media (prefers-color-scheme: dark) {
text { fill: #e6eaee; } .paper { fill: #14181d; } .tick { fill: #98a4b0; } .alarm { fill: #ff7b6b; }
.rule { stroke: #2a3138; } .money { stroke: #98a4b0; } .quote { stroke: #55697d; } .mark { fill: #f0a44b; }
.fit { stroke: #5fb0f0; }
}
</style>
)svg";

class Panel {
 public:
  Panel(const ExpiryFit& fit, std::string caption, const Box& box, bool large)
      : fit_(fit), caption_(std::move(caption)), box_(box), large_(large) {
    set_ranges();
  }

  std::string run() {
    heading();
    grid();
    quotes();
    curve();
    marks();
    return std::move(out_);
  }

 private:
  double fitted(double k) const { return 100 * std::sqrt(total_variance(fit_.smile->slice, k) / fit_.years); }

  void set_ranges() {
    const double width = std::sqrt(total_variance(fit_.smile->slice, 0));
    k_ = {.low = -2 * width, .high = 2 * width};
    bool any = false;
    for (const SmileQuote& quote : fit_.quotes) {
      if (!quote.quoted()) continue;
      k_.low = any ? std::min(k_.low, quote.k) : quote.k;
      k_.high = any ? std::max(k_.high, quote.k) : quote.k;
      any = true;
    }
    const double pad = std::max(0.06 * (k_.high - k_.low), 0.1 * width);
    k_ = {.low = k_.low - pad, .high = k_.high + pad};
    vol_ = {.low = fitted(k_.low), .high = fitted(k_.low)};
    for (int i = 0; i <= 40; ++i) include(fitted(k_.low + (k_.high - k_.low) * i / 40));
    for (const SmileQuote& quote : fit_.quotes) {
      if (quote.k < k_.low || quote.k > k_.high || !quote.quoted()) continue;
      // A bid or ask far from the mark would flatten everything else; its bar is cut at the frame instead.
      const double target = 100 * target_vol(quote), reach = 0.35 * target;
      include(std::max(100 * quote.bid_vol, target - reach));
      include(std::min(100 * quote.ask_vol, target + reach));
    }
    const double room = std::max(0.05 * (vol_.high - vol_.low), 0.5);
    vol_ = {.low = std::max(vol_.low - room, 0.0), .high = vol_.high + room};
  }
  void include(double vol) {
    vol_.low = std::min(vol_.low, vol);
    vol_.high = std::max(vol_.high, vol);
  }

  double x(double k) const { return box_.left + box_.width * k_.share(k); }
  double y(double vol) const { return box_.top + box_.height * (1 - std::clamp(vol_.share(vol), 0.0, 1.0)); }

  void text(double at_x, double at_y, int size, std::string_view anchor, std::string_view name,
            std::string_view content) {
    out_ += fmt::format(R"(<text class="{}" x="{:.1f}" y="{:.1f}" font-size="{}" text-anchor="{}">{}</text>)"
                        "\n",
                        name, at_x, at_y, size, anchor, escaped(content));
  }

  void heading() {
    const int size = large_ ? 15 : 12;
    text(box_.left, box_.top - (large_ ? 26 : 20), size, "start", "title", caption_);
    const SmileFit& smile = *fit_.smile;
    std::string facts = fmt::format("{:.1f} days · forward {:.6g} · at the money {:.1f} %", fit_.years * 365,
                                    fit_.forward.forward, fitted(0));
    if (smile.rms == smile.rms) facts += fmt::format(" · RMS {:.2f}", 100 * smile.rms);
    text(box_.left, box_.top - 7, size - 2, "start", "tick", facts);
    if (smile.last_resort)
      text(box_.left + box_.width, box_.top - (large_ ? 26 : 20), size, "end", "alarm", "last resort");
  }

  void grid() {
    const int size = large_ ? 12 : 10;
    const double k_step = nice_step(k_, large_ ? 8 : 5), vol_step = nice_step(vol_, large_ ? 7 : 5);
    for (double vol = std::ceil(vol_.low / vol_step) * vol_step; vol <= vol_.high; vol += vol_step) {
      out_ += fmt::format(R"(<line class="rule" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)"
                          "\n",
                          box_.left, box_.left + box_.width, y(vol), y(vol));
      text(box_.left - 6, y(vol) + 3.5, size, "end", "tick", tick_text(vol, vol_step));
    }
    for (double k = std::ceil(k_.low / k_step) * k_step; k <= k_.high; k += k_step) {
      text(x(k), box_.top + box_.height + 15, size, "middle", "tick", tick_text(k, k_step));
    }
    out_ += fmt::format(R"(<line class="rule" x1="{:.1f}" x2="{:.1f}" y1="{:.1f}" y2="{:.1f}"/>)"
                        "\n",
                        box_.left, box_.left + box_.width, box_.top + box_.height, box_.top + box_.height);
    if (k_.low < 0 && k_.high > 0) {
      out_ += fmt::format(R"(<line class="money" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)"
                          "\n",
                          x(0), box_.top, box_.top + box_.height);
    }
  }

  void quotes() {
    for (const SmileQuote& quote : fit_.quotes) {
      if (quote.k < k_.low || quote.k > k_.high || !quote.quoted()) continue;
      out_ += fmt::format(R"(<line class="quote" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)"
                          "\n",
                          x(quote.k), y(100 * quote.bid_vol), y(100 * quote.ask_vol));
    }
  }

  // Above the curve, which goes through most of them.
  void marks() {
    for (const SmileQuote& quote : fit_.quotes) {
      const double mark = 100 * quote.mark_vol;
      const bool inside = quote.k >= k_.low && quote.k <= k_.high && mark >= vol_.low && mark <= vol_.high;
      if (!inside) continue;  // nor where there is no mark
      out_ += fmt::format(R"(<circle class="mark" cx="{:.1f}" cy="{:.1f}" r="{}"/>)"
                          "\n",
                          x(quote.k), y(mark), large_ ? 3.2 : 2.4);
    }
  }

  void curve() {
    constexpr int points = 120;
    std::string path;
    for (int i = 0; i <= points; ++i) {
      const double k = k_.low + (k_.high - k_.low) * i / points;
      path += fmt::format("{}{:.1f} {:.1f}", i == 0 ? "M" : " L", x(k), y(fitted(k)));
    }
    out_ += fmt::format(R"(<path class="fit" d="{}"/>)"
                        "\n",
                        path);
  }

  const ExpiryFit& fit_;
  std::string caption_;
  Box box_;
  bool large_;
  Range k_{}, vol_{};
  std::string out_;
};

std::string legend(double right, double top) {
  std::string out = fmt::format(R"(<line class="quote" x1="{0:.1f}" x2="{0:.1f}" y1="{1:.1f}" y2="{2:.1f}"/>)"
                                "\n",
                                right - 300, top - 9, top + 1);
  out += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" font-size="12">bid to ask</text>)"
                     "\n",
                     right - 291, top);
  out += fmt::format(R"(<circle class="mark" cx="{:.1f}" cy="{:.1f}" r="3.2"/>)"
                     "\n",
                     right - 209, top - 4);
  out += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" font-size="12">mark vol</text>)"
                     "\n",
                     right - 200, top);
  out += fmt::format(R"(<path class="fit" d="M{:.1f} {:.1f} h22"/>)"
                     "\n",
                     right - 128, top - 4);
  out += fmt::format(R"(<text class="tick" x="{:.1f}" y="{:.1f}" font-size="12">fitted smile</text>)"
                     "\n",
                     right - 99, top);
  return out;
}

}  // namespace

std::vector<SmilePanel> smile_panels(const std::vector<ExpiryFit>& fits) {
  std::vector<SmilePanel> panels;
  for (const ExpiryFit& fit : fits) {
    if (fit.smile) panels.push_back({to_date(fit.expiry), &fit});
  }
  return panels;
}

Result<std::string> smile_svg(const SmilePlot& plot) {
  const std::vector<SmilePanel>& drawn = plot.panels;
  if (drawn.empty()) {
    return fail({.message = "there is no fitted smile to draw",
                 .field = "expiry",
                 .remedy = "name an expiry that has options"});
  }
  const bool large = drawn.size() == 1;
  const std::size_t columns = large ? 1 : 3, rows = (drawn.size() + columns - 1) / columns;
  const double panel_width = large ? 900 : 380, panel_height = large ? 520 : 250, head = 60, foot = 34;
  const double width = panel_width * static_cast<double>(columns) + 20,
               height = head + panel_height * static_cast<double>(rows) + foot;
  std::string out =
      fmt::format(R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0:.0f} {1:.0f}" width="{0:.0f}" )"
                  R"(height="{1:.0f}" role="img">)"
                  "\n",
                  width, height);
  out += "<title>" + escaped(plot.title) + "</title>\n" + style;
  out += "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n";
  out += fmt::format(R"(<text class="title" x="20" y="30" font-size="18">{}</text>)"
                     "\n",
                     escaped(plot.title));
  out += legend(width - 20, 30);
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const std::size_t row = i / columns, column = i % columns;
    const Box box{.left = 20 + panel_width * static_cast<double>(column) + 40,
                  .top = head + panel_height * static_cast<double>(row) + (large ? 46 : 42),
                  .width = panel_width - 64,
                  .height = panel_height - (large ? 84 : 76)};
    out += Panel(*drawn[i].fit, drawn[i].caption, box, large).run();
  }
  out += fmt::format(R"(<text class="tick" x="{:.0f}" y="{:.0f}" font-size="12" text-anchor="middle">)"
                     "log-moneyness ln(strike / forward) to the right, vol in percent upward</text>"
                     "\n",
                     width / 2, height - 12);
  return out + "</svg>\n";
}

}  // namespace margrave
