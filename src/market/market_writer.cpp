#include "market/market_writer.h"

#include <fmt/core.h>

#include <vector>

namespace margrave {
namespace {

/// One value in flow style on one line: YAML or JSON.
class Row {
 public:
  explicit Row(bool json) : json_(json) {}

  Row& raw(std::string_view key, const std::string& value) {
    text_ += text_.empty() ? "" : ", ";
    text_ += json_ ? fmt::format("\"{}\": {}", key, value) : fmt::format("{}: {}", key, value);
    return *this;
  }
  Row& text(std::string_view key, std::string_view value) { return raw(key, quoted(value)); }
  Row& number(std::string_view key, double value) {
    return value == value ? raw(key, fmt::format("{}", value)) : *this;
  }
  Row& confidence(double value) { return value == 1 ? *this : number("confidence", value); }
  /// Exact decimals are text in JSON: other programs would pass a number through a double.
  Row& decimal(std::string_view key, const Decimal& value) {
    const std::string plain = format_units(value.units, value.decimals);
    return raw(key, json_ ? "\"" + plain + "\"" : plain);
  }
  /// A list of exact amounts.
  template <class Amount>
  Row& decimals(std::string_view key, const std::vector<Amount>& amounts) {
    std::string list;
    for (const Amount amount : amounts) {
      const std::string plain = Decimal{amount.raw, Amount::decimals}.to_string();
      list += list.empty() ? "" : ", ";
      list += json_ ? "\"" + plain + "\"" : plain;
    }
    return raw(key, "[" + list + "]");
  }
  Row& time(std::string_view key, Timestamp at) {
    return raw(key, json_ ? "\"" + to_string(at) + "\"" : to_string(at));
  }
  std::string done() const { return "{" + text_ + "}"; }

  static std::string quoted(std::string_view value) {
    std::string out = "\"";
    for (const char c : value) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  }

 private:
  bool json_;
  std::string text_;
};

class Writer {
 public:
  Writer(const Market& market, bool json) : market_(market), json_(json) {}

  std::string run() {
    const MarketState& state = market_.state;
    if (json_) out_ += "{\n";
    field("version", std::to_string(state.version));
    field("as_of", json_ ? "\"" + to_string(state.as_of) + "\"" : to_string(state.as_of));
    const std::string prefer = state.prefer == VolSource::mark ? "mark" : "surface";
    field("volatility", json_ ? "\"" + prefer + "\"" : prefer);
    if (state.peg != 1) field("peg", fmt::format("{}", state.peg));
    assets();
    underlyings();
    instruments();
    findings();
    if (json_) out_ += "\n}";
    return out_ + "\n";
  }

 private:
  void field(std::string_view key, const std::string& value) {
    if (json_) {
      if (out_.size() > 2) out_ += ",\n";
      out_ += fmt::format("  \"{}\": {}", key, value);
    } else {
      out_ += fmt::format("{}: {}\n", key, value);
    }
  }
  /// A block of lines, `open` and `close` being its JSON brackets.
  void block(std::string_view key, const std::vector<std::string>& lines, std::string_view brackets) {
    if (json_) {
      std::string body;
      for (const std::string& line : lines) body += (body.empty() ? "\n    " : ",\n    ") + line;
      field(key,
            brackets.substr(0, 1).data()[0] + body + (lines.empty() ? "" : "\n  ") + std::string(brackets.substr(1)));
      return;
    }
    if (lines.empty()) {
      out_ += fmt::format("{}: {}\n", key, brackets);
      return;
    }
    out_ += fmt::format("{}:\n", key);
    for (const std::string& line : lines) out_ += (brackets == "[]" ? "  - " : "  ") + line + "\n";
  }
  std::string keyed(const std::string& key, const std::string& value) const { return Row::quoted(key) + ": " + value; }
  Row row() const { return Row(json_); }

  void assets() {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < market_.registry.assets().size(); ++i) {
      const Asset& asset = market_.registry.assets()[i];
      Row r = row();
      r.raw("decimals", std::to_string(asset.decimals)).number("usd", market_.state.asset_usd[i]);
      r.confidence(confidence_of(market_.state, AssetId{static_cast<std::uint32_t>(i)}));
      if (asset.follows) r.text("follows", market_.registry[*asset.follows].name);
      lines.push_back(keyed(asset.name, r.done()));
    }
    block("assets", lines, "{}");
  }

  std::string expiry(const ExpiryState& e) const {
    Row r = row();
    r.time("expiry", e.expiry).number("forward", e.forward).number("rate", e.rate);
    if (e.fixed != 0) r.number("fixed", e.fixed);
    r.confidence(e.confidence);
    if (e.smile) {
      const SviSlice& s = *e.smile;
      r.raw("svi", row()
                       .number("a", s.a)
                       .number("b", s.b)
                       .number("rho", s.rho)
                       .number("m", s.m)
                       .number("sigma", s.sigma)
                       .done());
    }
    r.number("fit_error", e.fit_error);
    if (e.last_resort) r.raw("last_resort", "true");
    return r.done();
  }

  void underlyings() {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < market_.registry.underlyings().size(); ++i) {
      const Underlying& underlying = market_.registry.underlyings()[i];
      const UnderlyingState& state = market_.state.underlyings[i];
      std::string expiries;
      for (const ExpiryState& e : state.expiries) expiries += (expiries.empty() ? "\n      " : ",\n      ") + expiry(e);
      lines.push_back(keyed(underlying.name, row()
                                                 .text("coin", market_.registry[underlying.coin].name)
                                                 .number("index", state.index)
                                                 .confidence(state.confidence)
                                                 .raw("expiries", "[" + expiries + "]")
                                                 .done()));
    }
    block("underlyings", lines, "{}");
  }

  std::string depth(const DepthCurve& curve) const {
    return row().decimals("distances", curve.distances).decimals("bid", curve.bid).decimals("ask", curve.ask).done();
  }

  std::string instrument(const Instrument& terms, const InstrumentState& state) const {
    Row r = row();
    r.text("name", terms.name).text("kind", to_string(terms.kind)).text("style", to_string(terms.style));
    r.text("underlying", market_.registry[terms.underlying].name)
        .text("settlement", market_.registry[terms.settlement].name);
    r.decimal("contract_size", terms.contract_size).decimal("tick", terms.tick).decimal("lot", terms.lot);
    if (terms.expires()) r.time("expiry", terms.expiry);
    if (terms.kind == Kind::option) r.decimal("strike", terms.strike).text("type", terms.is_call ? "call" : "put");
    r.number("mark", state.mark).number("vol", state.vol);
    if (state.funding_rate != 0) r.number("funding_rate", state.funding_rate);
    r.number("open_interest", state.open_interest);
    r.number("volume", state.volume);
    r.number("bid", state.depth.bid).number("bid_size", state.depth.bid_size);
    r.number("ask", state.depth.ask).number("ask_size", state.depth.ask_size);
    if (!state.depth.curve.is_empty()) r.raw("depth", depth(state.depth.curve));
    r.confidence(state.confidence);
    return r.done();
  }

  void instruments() {
    std::vector<std::string> lines;
    for (std::size_t i = 0; i < market_.registry.instruments().size(); ++i) {
      lines.push_back(instrument(market_.registry.instruments()[i], market_.state.instruments[i]));
    }
    block("instruments", lines, "[]");
  }

  void findings() {
    if (market_.state.findings.empty()) return;
    std::vector<std::string> lines;
    for (const Finding& f : market_.state.findings) {
      lines.push_back(row().text("kind", to_string(f.kind)).text("subject", f.subject).text("text", f.text).done());
    }
    block("findings", lines, "[]");
  }

  const Market& market_;
  bool json_;
  std::string out_;
};

}  // namespace

std::string write_market(const Market& market, DocumentFormat format) {
  return Writer(market, format == DocumentFormat::json).run();
}

}  // namespace margrave
