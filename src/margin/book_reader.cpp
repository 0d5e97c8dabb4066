#include "margin/book_reader.h"

#include <map>

#include "base/limits.h"
#include "document/cursor.h"
#include "document/file.h"
#include "document/read.h"
#include "margin/book_fields.h"

namespace margrave {
namespace {

#define TRY_AT(cursor, expression)                                              \
  __extension__({                                                               \
    auto placed_result_ = (expression);                                         \
    if (!placed_result_) return fail((cursor).located(placed_result_.error())); \
    *std::move(placed_result_);                                                 \
  })

/// A book and where it stands, for errors that only show when all are read.
struct PlacedBook {
  Book book;
  Cursor at;
};

/// `part` of each asset that a mapping names.
Result<void> read_amounts(const Cursor& account, const char* key, BalancePart::Of of, const Registry& registry,
                          Book& book) {
  const auto at = account.find(key);
  if (!at) return {};
  const auto entries = TRY(at->entries());
  std::map<AssetId, bool> given;
  for (const auto& [name, value] : entries) {
    const AssetId asset = TRY_AT(value, find_asset(registry, name));
    const Decimal amount = TRY(value.decimal());
    const i128 units = TRY_AT(value, read_units(registry, asset, amount));
    if (!given.emplace(asset, true).second) {
      return fail(value.error("balance of " + registry[asset].name + " is given twice", "add the two"));
    }
    const auto added = add_part(registry, book, {of, asset, units});
    if (!added) return fail(value.located(added.error()));
  }
  return {};
}

Result<void> read_balances(const Cursor& at, const Registry& registry, Book& book) {
  TRY_VOID(read_amounts(at, "balances", BalancePart::Of::balance, registry, book));
  TRY_VOID(read_amounts(at, "unsettled", BalancePart::Of::unsettled, registry, book));
  TRY_VOID(read_amounts(at, "borrowed", BalancePart::Of::borrowed, registry, book));
  sort_balances(book);
  return {};
}

/// What a position or an order is in, and how much of it; nothing where it is left out by name.
struct Held {
  InstrumentId instrument{};
  Lots lots{};
};
Result<std::optional<Held>> read_held(const Cursor& at, const Registry& registry, const BookOptions& options,
                                      Book& book) {
  const Cursor instrument = TRY(at.get("instrument"));
  const std::string_view name = TRY(instrument.text());
  const std::optional<Alias> alias = TRY_AT(instrument, resolve(registry, options, name));
  const Cursor size = TRY(at.get("size"));
  const Decimal contracts = TRY(size.decimal());
  if (!alias) return book.excluded.emplace_back(name), std::optional<Held>{};
  const Lots lots = TRY_AT(size, read_size(registry[alias->instrument], contracts, alias->contracts));
  return Held{alias->instrument, lots};
}

/// A position of the account, or of an account of its own if it has its own collateral.
Result<void> read_position(const Cursor& at, const Registry& registry, const BookOptions& options, Book& book,
                           std::vector<PlacedBook>& isolated) {
  TRY_VOID(at.only({"instrument", "size", "entry_price", "accrued_funding", "collateral"}));
  const auto held = TRY(read_held(at, registry, options, book));
  if (!held) return {};
  Position position{.instrument = held->instrument, .lots = held->lots, .entry_price = {}};
  if (const auto entry = at.find("entry_price")) {
    const Decimal price = TRY(entry->decimal());
    position.entry_price = TRY_AT(*entry, read_entry(registry, position, price));
  }
  if (const auto accrued = at.find("accrued_funding")) {
    const Decimal amount = TRY(accrued->decimal());
    position.accrued = TRY_AT(*accrued, read_accrued(registry, position, amount));
  }
  if (!at.find("collateral")) return book.positions.push_back(std::move(position)), Result<void>{};
  Book own{.account = book.account + "/" + registry[position.instrument].name, .balances = {}, .positions = {}};
  own.owner = book.account;
  TRY_VOID(read_amounts(at, "collateral", BalancePart::Of::balance, registry, own));
  sort_balances(own);
  own.positions.push_back(std::move(position));
  isolated.push_back({std::move(own), at});
  return {};
}

Result<void> read_order(const Cursor& at, const Registry& registry, const BookOptions& options, Book& book) {
  TRY_VOID(at.only({"instrument", "size", "limit_price", "fee", "reduce_only"}));
  const auto held = TRY(read_held(at, registry, options, book));
  if (!held) return {};
  Order order{.instrument = held->instrument, .lots = held->lots, .limit_price = {}};
  const Cursor limit = TRY(at.get("limit_price"));
  const Decimal price = TRY(limit.decimal());
  order.limit_price = TRY_AT(limit, read_limit(registry, order, price));
  if (const auto fee = at.find("fee")) {
    const Decimal amount = TRY(fee->decimal());
    order.fee = TRY_AT(*fee, read_fee(registry, order, amount));
  }
  if (const auto reduce_only = at.find("reduce_only")) order.reduce_only = TRY(reduce_only->boolean());
  book.orders.push_back(std::move(order));
  return {};
}

Result<std::string> read_name(const Cursor& at) {
  const std::string name(TRY(at.text()));
  if (name.size() <= limits::name_bytes) return name;
  return fail(at.error("the name is longer than 128 bytes", "shorten it"));
}

/// An account, then its isolated positions, then its sub-accounts. `owner` has a name only for a sub-account.
Result<void> read_account(const Cursor& at, const Registry& registry, const BookOptions& options, const Book& owner,
                          std::vector<PlacedBook>& all) {
  TRY_VOID(at.only({"account", "balances", "unsettled", "borrowed", "positions", "orders", "linked", "subaccounts"}));
  Book book;
  const Cursor account = TRY(at.get("account"));
  const std::string own_name = TRY(read_name(account));
  book.account = owner.account.empty() ? own_name : owner.account + "/" + own_name;
  book.owner = owner.account;
  book.linked = owner.linked;
  if (const auto linked = at.find("linked")) book.linked = TRY(read_name(*linked));
  TRY_VOID(read_balances(at, registry, book));
  std::vector<PlacedBook> parts;
  if (const auto positions = at.find("positions")) {
    const std::vector<Cursor> items = TRY(positions->list());
    if (items.size() > limits::positions_per_account)
      return fail(positions->error("too many positions", "split the account"));
    for (const Cursor& item : items) TRY_VOID(read_position(item, registry, options, book, parts));
  }
  if (const auto orders = at.find("orders")) {
    const std::vector<Cursor> items = TRY(orders->list());
    if (items.size() > limits::orders_per_account) return fail(orders->error("too many orders", "split the account"));
    for (const Cursor& item : items) TRY_VOID(read_order(item, registry, options, book));
  }
  Book head{.account = book.account, .balances = {}, .positions = {}};
  head.linked = book.linked;
  all.push_back({std::move(book), at});
  for (PlacedBook& part : parts) {
    part.book.linked = head.linked;
    all.push_back(std::move(part));
  }
  const auto subaccounts = at.find("subaccounts");
  if (!subaccounts) return {};
  const std::vector<Cursor> items = TRY(subaccounts->list());
  for (const Cursor& item : items) TRY_VOID(read_account(item, registry, options, head, all));
  return {};
}

/// Refuses two books of one account.
Result<std::vector<Book>> unique(std::vector<PlacedBook> placed) {
  std::map<std::string, std::size_t> first;
  std::vector<Book> books;
  for (std::size_t i = 0; i < placed.size(); ++i) {
    Book& book = placed[i].book;
    if (!first.emplace(book.account, i).second) {
      return fail(placed[i].at.error("account '" + book.account + "' is given twice", "merge the two"));
    }
    books.push_back(std::move(book));
  }
  return books;
}

}  // namespace

Result<std::vector<Book>> read_books(const Document& document, const Registry& registry, const BookOptions& options) {
  const Cursor root(document);
  std::vector<Cursor> items;
  if (root.is_list()) {
    items = TRY(root.list());
  } else if (const auto accounts = root.find("accounts")) {
    TRY_VOID(root.only({"accounts"}));
    items = TRY(accounts->list());
  } else {
    items.push_back(root);
  }
  if (items.size() > limits::accounts) return fail(root.error("too many accounts", "split the file"));
  std::vector<PlacedBook> books;
  for (const Cursor& item : items) TRY_VOID(read_account(item, registry, options, Book{}, books));
  return unique(std::move(books));
}

Result<std::vector<Book>> read_books(const std::string& path, const Registry& registry, const BookOptions& options) {
  const std::string text = TRY(read_text(path));
  std::string name = path;
  if (name.ends_with(".gz")) name.resize(name.size() - 3);
  const std::size_t line_end = text.find('\n');
  const std::string_view head = std::string_view(text).substr(0, line_end);
  const bool csv = name.ends_with(".csv") || (path == "-" && head.starts_with("account,"));
  const std::string shown = path == "-" ? "standard input" : path;
  if (csv) return read_books_csv(shown, text, registry, options);
  const Document document = TRY(parse_document(text, shown));
  return read_books(document, registry, options);
}

}  // namespace margrave
