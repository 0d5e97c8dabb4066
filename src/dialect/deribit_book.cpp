#include <algorithm>
#include <map>

#include "dialect/deribit.h"
#include "dialect/deribit_chain.h"
#include "document/cursor.h"

namespace margrave {
namespace {

/// The array of an answer, with or without its JSON-RPC envelope.
Result<std::vector<Cursor>> result_array(const Document& document) {
  const Cursor root(document);
  if (root.is_list()) return root.list();
  if (const auto error = root.find("error")) {
    return fail(root.error("the file holds an error answer of the venue, not a result", "record the answer again"));
  }
  const Cursor result = TRY(root.get("result"));
  return result.list();
}

/// The number at a key, absent where it is not there or null.
Result<double> number(const Cursor& row, std::string_view key) {
  const auto cell = row.find(key);
  if (!cell) return absent;
  return cell->real();
}

Result<double> price(const Cursor& row, std::string_view key) {
  const double value = TRY(number(row, key));
  if (value < 0)
    return fail(row.find(key)->error("a price, vol or size is negative", "leave it out where there is none"));
  return value;
}

/// The decimal at a key as the venue printed it: its JSON has bare numbers.
Result<Decimal> decimal(const Cursor& row, std::string_view key) {
  const Cursor cell = TRY(row.get(key));
  return cell.decimal(Cursor::BareNumber::allowed);
}

Result<Listing> terms_of(const Cursor& row) {
  const Cursor name = TRY(row.get("instrument_name"));
  Result<Listing> listing = parse_deribit_name(TRY(name.text()));
  if (!listing) return fail(name.located(std::move(listing).error()));
  Instrument& terms = listing->terms;
  terms.tick = TRY(decimal(row, "tick_size"));
  terms.lot = TRY(decimal(row, "min_trade_amount"));
  // The venue states sizes in USD or coins, never in contracts; ours are of 1 USD or 1 coin, so contract_size is the
  // smallest multiple and not a content.
  if (const auto expiry = row.find("expiration_timestamp"); expiry && terms.expires()) {
    terms.expiry = Timestamp::from_ms(TRY(expiry->integer(1, 4'102'444'800'000)));
  }
  return listing;
}

using Terms = std::map<std::string, Listing, std::less<>>;

bool is_combo(const Cursor& row) {
  const auto kind = row.find("kind");
  if (!kind) return false;
  const auto text = kind->text();
  return text && text->ends_with("combo");
}

/// Names of combos have strategies in them, BTC-FS-27MAR26_PERP: they are no instruments of their own.
bool is_combo_name(std::string_view name) {
  return std::count(name.begin(), name.end(), '_') > 0 && name.find('-') < name.find('_');
}

Result<Terms> read_terms(const Document* document) {
  Terms terms;
  if (!document) return terms;
  for (const Cursor& row : TRY(result_array(*document))) {
    if (is_combo(row)) continue;
    Listing listing = TRY(terms_of(row));
    std::string name = listing.terms.name;
    terms.emplace(std::move(name), std::move(listing));
  }
  return terms;
}

Result<Listing> listing_of(const Cursor& name, const Terms& terms) {
  const std::string_view text = TRY(name.text());
  if (const auto known = terms.find(text); known != terms.end()) return known->second;
  Result<Listing> listing = parse_deribit_name(text);
  if (!listing) return fail(name.located(std::move(listing).error()));
  return listing;
}

Result<ChainQuote> read_row(const Cursor& row, const Cursor& name, const Terms& terms) {
  ChainQuote quote;
  quote.instrument = TRY(listing_of(name, terms));
  quote.bid = TRY(price(row, "bid_price"));
  quote.ask = TRY(price(row, "ask_price"));
  // The venue writes 0 where a side of the book is empty.
  if (quote.bid == 0) quote.bid = absent;
  if (quote.ask == 0) quote.ask = absent;
  quote.mark = TRY(price(row, "mark_price"));
  quote.mark_vol = TRY(price(row, "mark_iv")) / 100;
  quote.underlying_price = TRY(price(row, "underlying_price"));
  // Before its last half hour the estimated delivery price of an instrument is the index.
  quote.index = TRY(price(row, "estimated_delivery_price"));
  quote.rate = TRY(number(row, "interest_rate"));
  quote.funding_rate = TRY(number(row, "funding_8h"));
  quote.open_interest = TRY(price(row, "open_interest"));
  if (const auto time = row.find("creation_timestamp")) {
    quote.time = Timestamp::from_ms(TRY(time->integer(0, 4'102'444'800'000)));
  }
  return quote;
}

}  // namespace

Result<Chain> read_deribit_book(const Document& book, const Document* terms_document) {
  const Terms terms = TRY(read_terms(terms_document));
  Chain chain{.source = book.file, .time = {}, .quotes = {}};
  for (const Cursor& row : TRY(result_array(book))) {
    const Cursor name = TRY(row.get("instrument_name"));
    if (is_combo(row) || is_combo_name(TRY(name.text()))) continue;
    chain.quotes.push_back(TRY(read_row(row, name, terms)));
    chain.time = std::max(chain.time, chain.quotes.back().time);
  }
  if (chain.quotes.empty()) return fail(Cursor(book).error("the answer lists no instrument", "record it again"));
  TRY_VOID(name_perpetuals(chain));
  return chain;
}

}  // namespace margrave
