#include "haircut/facts_reader.h"

#include "document/cursor.h"

namespace margrave {
namespace {

Result<double> share_or(const Cursor& at, std::string_view key, double otherwise) {
  const auto cell = at.find(key);
  if (!cell) return otherwise;
  const double value = TRY(cell->real());
  if (value >= 0 && value <= 1) return value;
  return fail(cell->error(std::string(key) + " lies outside 0 to 1", "give a share: 0.02 is 2 %"));
}

Result<double> dollars_or(const Cursor& at, std::string_view key, double otherwise) {
  const auto cell = at.find(key);
  if (!cell) return otherwise;
  const double value = TRY(cell->real());
  if (value >= 0) return value;
  return fail(cell->error(std::string(key) + " is negative", "give an amount in USD"));
}

Result<SoftCap> read_cap(const Cursor& at) {
  SoftCap cap;
  cap.cap_usd = TRY(dollars_or(at, "cap_usd", cap.cap_usd));
  cap.held_usd = TRY(dollars_or(at, "held_usd", 0));
  cap.from = TRY(share_or(at, "from", cap.from));
  if (cap.valid()) return cap;
  return fail(at.error("the cap is none", "give cap_usd above 0 and from below 1, or leave them out"));
}

Result<std::string> text_of(const Cursor& at, std::string_view key) {
  const Cursor cell = TRY(at.get(key));
  return std::string(TRY(cell.text()));
}

/// A date as people write it.
Result<std::string> date_of(const Cursor& at) {
  const Cursor cell = TRY(at.get("date"));
  std::string date(TRY(cell.text()));
  if (date.size() == 10 && Timestamp::parse(date + "T00:00:00Z")) return date;
  return fail(cell.error("'" + date + "' is not a date", "write 2024-12-31"));
}

Result<GivenPart> read_given(const Cursor& at, std::string_view key) {
  const auto found = at.find(key);
  if (!found) return GivenPart{};
  TRY_VOID(found->only({"name", "rate", "source", "date", "cap_usd", "held_usd", "from"}));
  GivenPart part;
  part.name = TRY(text_of(*found, "name"));
  TRY_VOID(found->get("rate"));
  part.rate = TRY(share_or(*found, "rate", 0));
  part.source = TRY(text_of(*found, "source"));
  part.date = TRY(date_of(*found));
  part.cap = TRY(read_cap(*found));
  return part;
}

Result<std::optional<Peg>> read_peg(const Cursor& at) {
  const auto follows = at.find("follows"), ratio = at.find("ratio");
  if (!follows) {
    if (!ratio) return std::nullopt;
    return fail(ratio->error("a ratio without what it is a ratio to", "name it: follows: USD, or an asset with bars"));
  }
  Peg peg;
  peg.follows = std::string(TRY(follows->text()));
  if (!ratio) return peg;
  const double value = TRY(ratio->real());
  if (!(value > 0)) return fail(ratio->error("ratio is not positive", "give coins of it that one coin is worth"));
  peg.ratio = value;
  return peg;
}

Result<AssetFacts> read_asset(const Cursor& at) {
  TRY_VOID(at.only(
      {"follows", "ratio", "confidence", "concentration", "linked_usd", "custody", "chain", "bridge", "issuer"}));
  AssetFacts facts;
  facts.peg = TRY(read_peg(at));
  facts.confidence = TRY(share_or(at, "confidence", 1));
  facts.sold_first_usd = TRY(dollars_or(at, "linked_usd", 0));
  if (const auto concentration = at.find("concentration")) {
    TRY_VOID(concentration->only({"cap_usd", "held_usd", "from"}));
    TRY_VOID(concentration->get("cap_usd"));
    facts.concentration = TRY(read_cap(*concentration));
  }
  facts.custody = TRY(read_given(at, "custody"));
  facts.chain = TRY(read_given(at, "chain"));
  facts.bridge = TRY(read_given(at, "bridge"));
  facts.issuer = TRY(read_given(at, "issuer"));
  return facts;
}

}  // namespace

Result<HaircutFacts> read_haircut_facts(const Document& document) {
  const Cursor root(document);
  TRY_VOID(root.only({"haircut_facts", "assets"}));
  HaircutFacts facts;
  facts.name = TRY(text_of(root, "haircut_facts"));
  const Cursor assets = TRY(root.get("assets"));
  for (const CursorEntry& entry : TRY(assets.entries())) {
    facts.assets[std::string(entry.key)] = TRY(read_asset(entry.value));
  }
  return facts;
}

}  // namespace margrave
