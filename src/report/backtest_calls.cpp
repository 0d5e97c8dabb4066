#include "report/backtest_calls.h"

#include <fmt/core.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/timestamp.h"
#include "report/amount.h"
#include "report/backtest_books.h"
#include "report/backtest_rows.h"
#include "report/markup.h"

namespace margrave {
namespace {

using Json = nlohmann::ordered_json;
using Instant = std::optional<std::int64_t>;
constexpr int schema_version = 1;

/// "03-12 10:30"
std::string short_time(const Instant& ms) {
  return ms ? to_string(Timestamp::from_ms(*ms)).substr(5, 11) : std::string("-");
}
Instant minutes_between(const Instant& first, const Instant& then) {
  if (!first || !then) return std::nullopt;
  return (*then - *first) / 60'000;
}
std::string minutes_text(const Instant& minutes) { return minutes ? std::to_string(*minutes) : "-"; }

struct Worst {
  double loss{0};
  std::int64_t at_ms{0};
};
Worst worst_of(const HeldPath& path) {
  const auto at = std::max_element(path.loss.begin(), path.loss.end());
  return {*at, path.at_ms[static_cast<std::size_t>(at - path.loss.begin())]};
}

std::string csv_text(const std::string& text) {
  return text.find(',') == std::string::npos ? text : "\"" + text + "\"";
}

constexpr double width = 880, height = 300, left = 54, right = 12, top = 26, bottom = 40;

/// Equity and maintenance of one book over time.
class CallsPlot {
 public:
  CallsPlot(const CallsReport& report, const CallsReport::Of& of) : of_(of) {
    for (const double margin : of.path.maintenance) most_ = std::max(most_, margin);
    for (const HeldAccount& account : of.accounts) {
      if (account.allowed) most_ = std::max(most_, 1 / account.leverage);
    }
    most_ = std::max(most_ * 1.15, 1e-6);
    least_ = -0.15 * most_;
    out_ = fmt::format("<svg viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">\n", width, height,
                       escaped(of.book));
    out_ += fmt::format("<text class=\"title\" x=\"{}\" y=\"15\">{}</text>\n", left,
                        escaped(report.recipe + ", " + of.book + ": equity and maintenance margin, % of the notional"));
  }

  std::string run() {
    grid();
    line(dashed, of_.path.maintenance, 0, 1);
    label(0, dashed, "maintenance");
    std::size_t drawn = 0;
    for (const HeldAccount& account : of_.accounts) {
      if (!account.allowed) continue;
      const std::size_t colour = drawn % 4;
      line(fmt::format("line{}", colour), of_.path.loss, 1 / account.leverage, -1);
      label(1 + drawn, fmt::format("line{}", colour), fmt::format("equity at {:g}x", account.leverage));
      if (account.called_ms) {
        out_ += fmt::format(
            "<circle class=\"breach\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"><title>called {}</title>"
            "</circle>\n",
            x(*account.called_ms), y(account.equity_at_call), to_string(Timestamp::from_ms(*account.called_ms)));
      }
      ++drawn;
    }
    return out_ + "</svg>\n";
  }

 private:
  static constexpr const char* dashed = "margin\" stroke-dasharray=\"6 4";

  double x(std::int64_t ms) const {
    const double span = static_cast<double>(std::max<std::int64_t>(1, of_.path.at_ms.back() - of_.path.at_ms.front()));
    return left + (width - left - right) * static_cast<double>(ms - of_.path.at_ms.front()) / span;
  }
  double y(double value) const {
    return top + (height - top - bottom) * (1 - (std::clamp(value, least_, most_) - least_) / (most_ - least_));
  }
  void grid() {
    for (int i = 0; i <= 4; ++i) {
      const double value = most_ * i / 4;
      out_ += fmt::format("<line class=\"rule\" x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\"/>\n", left,
                          width - right, y(value), y(value));
      out_ += fmt::format("<text class=\"tick\" x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.0f} %</text>\n", left - 6,
                          y(value) + 3.5, 100 * value);
    }
    for (const std::int64_t at : {of_.path.at_ms.front(), of_.path.at_ms.back()}) {
      out_ += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{}\" text-anchor=\"{}\">{}</text>\n", x(at),
                          height - bottom + 14, at == of_.path.at_ms.front() ? "start" : "end", short_time(at));
    }
  }
  /// base + sign * value over time.
  void line(const std::string& name, const std::vector<double>& values, double base, double sign) {
    std::string path;
    const std::size_t step = std::max<std::size_t>(1, values.size() / 800);
    for (std::size_t i = 0; i < values.size(); i += step) {
      path +=
          fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", x(of_.path.at_ms[i]), y(base + sign * values[i]));
    }
    out_ += "<path class=\"" + name + "\" d=\"" + path + "\"/>\n";
  }
  void label(std::size_t place, const std::string& name, const std::string& text) {
    const double at = left + 150.0 * static_cast<double>(place);
    out_ += fmt::format("<path class=\"{}\" d=\"M{:.1f} {:.1f}h18\"/>", name, at, height - 8);
    out_ += fmt::format("<text class=\"tick\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", at + 24, height - 4, text);
  }

  const CallsReport::Of& of_;
  double most_{0}, least_{0};
  std::string out_;
};

}  // namespace

std::string calls_text(const CallsReport& report, const Paint& paint) {
  TextTable table(std::vector<Align>{Align::left, Align::right, Align::right, Align::right, Align::right, Align::right,
                                     Align::right, Align::right, Align::right, Align::right, Align::right});
  std::vector<Cell> names;
  for (const char* name : {"", "leverage", "initial", "warned", "called", "handed over", "equity < 0",
                           "minutes to call", "call to 0", "worst loss", "at"}) {
    names.push_back({name, Ink::dim});
  }
  table.row(names);
  for (const CallsReport::Of& of : report.accounts) {
    const Worst worst = worst_of(of.path);
    for (const HeldAccount& one : of.accounts) {
      table.row({{of.book},
                 {fmt::format("{:g}", one.leverage)},
                 {percent_text(of.path.initial.front(), 1), one.allowed ? Ink::plain : Ink::yellow},
                 {one.allowed ? short_time(one.warned_ms) : "not opened"},
                 {short_time(one.called_ms), one.called_ms ? Ink::yellow : Ink::plain},
                 {short_time(one.handed_over_ms)},
                 {short_time(one.broke_ms), one.broke_ms ? Ink::red : Ink::plain},
                 {minutes_text(minutes_between(one.warned_ms, one.called_ms))},
                 {minutes_text(minutes_between(one.called_ms, one.broke_ms))},
                 {percent_text(worst.loss, 1)},
                 {short_time(worst.at_ms)}});
    }
  }
  return paint(Ink::bold, report.recipe + " " + report.recipe_version) +
         fmt::format(", accounts opened {} and held until {}; margins every {}, delay {}\n\n",
                     to_string(Timestamp::from_ms(report.from_ms)), to_string(Timestamp::from_ms(report.to_ms)),
                     length_text(report.every_ms), length_text(report.delay_ms)) +
         table.text(paint) +
         paint(Ink::dim,
               "\n  Not opened: equity below the initial margin. Called: below maintenance. Times are UTC. "
               "docs/methods/backtest.md\n");
}

std::string calls_json(const CallsReport& report) {
  const auto time = [](const Instant& ms) { return ms ? Json(to_string(Timestamp::from_ms(*ms))) : Json(nullptr); };
  Json accounts = Json::array();
  for (const CallsReport::Of& of : report.accounts) {
    const Worst worst = worst_of(of.path);
    for (const HeldAccount& one : of.accounts) {
      accounts.push_back({{"book", of.book},
                          {"leverage", one.leverage},
                          {"initial", of.path.initial.front()},
                          {"opened", one.allowed},
                          {"warned", time(one.warned_ms)},
                          {"called", time(one.called_ms)},
                          {"handed_over", time(one.handed_over_ms)},
                          {"below_zero", time(one.broke_ms)},
                          {"equity_at_call", one.called_ms ? Json(one.equity_at_call) : Json(nullptr)},
                          {"worst_loss", worst.loss},
                          {"worst_at", time(worst.at_ms)}});
    }
  }
  const Json json{{"schema_version", schema_version},
                  {"kind", "backtest_calls"},
                  {"recipe", {{"name", report.recipe}, {"version", report.recipe_version}}},
                  {"from", time(report.from_ms)},
                  {"to", time(report.to_ms)},
                  {"every_seconds", report.every_ms / 1000},
                  {"delay_seconds", report.delay_ms / 1000},
                  {"accounts", std::move(accounts)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string calls_csv(const CallsReport& report) {
  std::string text =
      "book,leverage,initial,opened,warned,called,handed_over,below_zero,equity_at_call,worst_loss,worst_at\n";
  const auto time = [](const Instant& ms) { return ms ? to_string(Timestamp::from_ms(*ms)) : std::string(); };
  for (const CallsReport::Of& of : report.accounts) {
    const Worst worst = worst_of(of.path);
    for (const HeldAccount& one : of.accounts) {
      text += fmt::format("{},{:g},{:.6f},{},{},{},{},{},{},{:.6f},{}\n", csv_text(of.book), one.leverage,
                          of.path.initial.front(), one.allowed ? "yes" : "no", time(one.warned_ms), time(one.called_ms),
                          time(one.handed_over_ms), time(one.broke_ms),
                          one.called_ms ? fmt::format("{:.6f}", one.equity_at_call) : std::string(), worst.loss,
                          time(worst.at_ms));
    }
  }
  return text;
}

std::string calls_svg(const CallsReport& report, std::size_t book) {
  return CallsPlot(report, report.accounts[book]).run();
}

}  // namespace margrave
