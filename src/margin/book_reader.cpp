#include "margin/book_reader.h"

#include <algorithm>
#include <map>

#include "base/limits.h"
#include "document/csv.h"
#include "document/cursor.h"
#include "document/file.h"
#include "document/read.h"
#include "product/cost_leg.h"

namespace margrave {
namespace {

constexpr i128 largest_units = i128{1} << 95;  ///< of an asset, in a balance or a cost leg

std::string names_of(const std::vector<Asset>& assets) {
  std::string names;
  for (const Asset& asset : assets) {
    if (names.size() > 200) return names + ", ...";
    names += (names.empty() ? "" : ", ") + asset.name;
  }
  return names;
}

/// What is wrong with a field, before its place is known.
tl::unexpected<Error> wrong(std::string message, std::string remedy) {
  return fail({.message = std::move(message), .remedy = std::move(remedy)});
}

Result<AssetId> find_asset(const Registry& registry, std::string_view name) {
  if (const auto id = registry.asset(name)) return *id;
  return wrong("asset '" + std::string(name.substr(0, 40)) + "' is not in the market",
               "the market has: " + names_of(registry.assets()));
}

Result<i128> read_units(const Registry& registry, AssetId asset, const Decimal& amount) {
  const i128 units = TRY(amount.scaled(registry[asset].decimals));
  if (abs128(units) >= largest_units) {
    return wrong("balance " + amount.to_string() + " is out of range", "list the asset with fewer decimals");
  }
  return units;
}

Result<InstrumentId> find_instrument(const Registry& registry, std::string_view name) {
  if (const auto id = registry.instrument(name)) return *id;
  const std::string nearest = registry.nearest_instrument(name);
  return wrong("instrument '" + std::string(name.substr(0, 80)) + "' is not in the market",
               nearest.empty() ? "list it in the market, or take it out of the book if it has expired"
                               : "did you mean " + nearest + "?");
}

/// The listed instrument that a name stands for. Nothing: the position is to be left out.
Result<std::optional<Alias>> resolve(const Registry& registry, const BookOptions& options, std::string_view name) {
  if (const auto id = registry.instrument(name)) return Alias{*id, Decimal{1, 0}};
  if (options.alias) {
    if (const auto alias = options.alias(name)) return alias;
  }
  if (options.exclude_unknown) return std::nullopt;
  return Alias{TRY(find_instrument(registry, name)), Decimal{1, 0}};  // its error says which name is near
}

/// size * contracts, exact.
Result<Decimal> convert_size(const Decimal& size, const Decimal& contracts) {
  i128 units = 0;
  const int decimals = size.decimals + contracts.decimals;
  if (!multiply(size.units, contracts.units, units) || decimals > 36) {
    return wrong("size " + size.to_string() + " is out of range", "check it, or split the position");
  }
  return Decimal{units, decimals};
}

Result<Lots> read_size(const Instrument& instrument, const Decimal& size, const Decimal& contracts) {
  const Decimal listed = TRY(convert_size(size, contracts));
  const Lots lots = TRY(to_lots(instrument, listed));
  if (lots.raw == 0) return wrong("size is zero", "leave the position out");
  return lots;
}

Result<Decimal> read_entry(const Registry& registry, const Position& position, const Decimal& entry) {
  const Instrument& instrument = registry[position.instrument];
  if (entry.units <= 0) return wrong("entry_price " + entry.to_string() + " is not positive", "give the price paid");
  if (!instrument.is_forward()) {
    return wrong("an option has no entry_price", "its premium is already in the balance; leave entry_price out");
  }
  const auto cost = cost_leg(registry, position.instrument, position.lots, entry);
  if (!cost || abs128(*cost) >= largest_units) {
    return fail({.kind = ErrorKind::overflow,
                 .message = "size times entry_price is out of range",
                 .remedy = "check both, or split the position"});
  }
  return entry;
}

Result<void> add_balance(const Registry& registry, Book& book, AssetId asset, i128 units) {
  for (const Balance& balance : book.balances) {
    if (balance.asset == asset) return wrong("balance of " + registry[asset].name + " is given twice", "add the two");
  }
  book.balances.push_back({asset, units});
  return {};
}

#define TRY_AT(cursor, expression)                                              \
  __extension__({                                                               \
    auto placed_result_ = (expression);                                         \
    if (!placed_result_) return fail((cursor).located(placed_result_.error())); \
    *std::move(placed_result_);                                                 \
  })

#define TRY_AT_CELL(column, expression)                                             \
  __extension__({                                                                   \
    auto placed_result_ = (expression);                                             \
    if (!placed_result_) return fail(csv_.located(column, placed_result_.error())); \
    *std::move(placed_result_);                                                     \
  })

Result<void> read_position(const Cursor& at, const Registry& registry, const BookOptions& options, Book& book) {
  TRY_VOID(at.only({"instrument", "size", "entry_price"}));
  const Cursor instrument = TRY(at.get("instrument"));
  const std::string_view name = TRY(instrument.text());
  const std::optional<Alias> alias = TRY_AT(instrument, resolve(registry, options, name));
  const Cursor size = TRY(at.get("size"));
  const Decimal contracts = TRY(size.decimal());
  if (!alias) return book.excluded.emplace_back(name), Result<void>{};
  Position position{.instrument = alias->instrument, .lots = {}, .entry_price = {}};
  position.lots = TRY_AT(size, read_size(registry[alias->instrument], contracts, alias->contracts));
  if (const auto entry = at.find("entry_price")) {
    const Decimal price = TRY(entry->decimal());
    position.entry_price = TRY_AT(*entry, read_entry(registry, position, price));
  }
  book.positions.push_back(std::move(position));
  return {};
}

Result<Book> read_book(const Cursor& at, const Registry& registry, const BookOptions& options) {
  TRY_VOID(at.only({"account", "balances", "positions"}));
  Book book;
  const Cursor account = TRY(at.get("account"));
  book.account = TRY(account.text());
  if (book.account.empty() || book.account.size() > limits::name_bytes) {
    return fail(account.error("the account's name is empty or longer than 128 bytes", "name the account"));
  }
  if (const auto balances = at.find("balances")) {
    const auto entries = TRY(balances->entries());
    for (const auto& [name, value] : entries) {
      const AssetId asset = TRY_AT(value, find_asset(registry, name));
      const Decimal amount = TRY(value.decimal());
      const i128 units = TRY_AT(value, read_units(registry, asset, amount));
      const auto added = add_balance(registry, book, asset, units);
      if (!added) return fail(value.located(added.error()));
    }
  }
  if (const auto positions = at.find("positions")) {
    const std::vector<Cursor> items = TRY(positions->list());
    if (items.size() > limits::positions_per_account)
      return fail(positions->error("too many positions", "split the account"));
    for (const Cursor& item : items) TRY_VOID(read_position(item, registry, options, book));
  }
  return book;
}

void sort_balances(Book& book) {
  std::sort(book.balances.begin(), book.balances.end(),
            [](const Balance& a, const Balance& b) { return a.asset < b.asset; });
}

/// Refuses two books of one account; the places of the books are those of `at`.
Result<void> check_unique(const std::vector<Book>& books, const std::vector<Cursor>& at) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < books.size(); ++i) {
    const auto [found, fresh] = first.emplace(books[i].account, i);
    if (!fresh) return fail(at[i].error("account '" + books[i].account + "' is given twice", "merge the two"));
  }
  return {};
}

/// The rows of a CSV of books, gathered by account.
class CsvBooks {
 public:
  static Result<CsvBooks> open(CsvReader& csv, const Registry& registry, const BookOptions& options) {
    CsvBooks books(csv, registry, options);
    for (const std::string& name : csv.columns()) {
      if (std::find(std::begin(columns), std::end(columns), name) != std::end(columns)) continue;
      return fail(csv.error(csv.find(name), "column '" + name + "' is not known",
                            "use account, asset, balance, instrument, size, entry_price"));
    }
    books.account_ = TRY(csv.column("account"));
    return books;
  }

  Result<void> add_row() {
    const std::string account(TRY(csv_.text(account_)));
    if (account.size() > limits::name_bytes) {
      return fail(csv_.error(account_, "the account's name is longer than 128 bytes", "shorten it"));
    }
    const auto [found, fresh] = index_.emplace(account, books_.size());
    if (fresh) books_.push_back({.account = account, .balances = {}, .positions = {}, .excluded = {}});
    Book& book = books_[found->second];
    const bool is_balance = filled(asset_), is_position = filled(instrument_);
    if (is_balance == is_position) {
      return fail(
          csv_.row_error("a row is either a balance or a position", "fill asset and balance, or instrument and size"));
    }
    return is_balance ? add_balance_row(book) : add_position_row(book);
  }

  std::vector<Book> take() { return std::move(books_); }

 private:
  static constexpr std::string_view columns[] = {"account", "asset", "balance", "instrument", "size", "entry_price"};

  CsvBooks(CsvReader& csv, const Registry& registry, const BookOptions& options)
      : csv_(csv),
        registry_(registry),
        options_(options),
        asset_(csv.find("asset")),
        balance_(csv.find("balance")),
        instrument_(csv.find("instrument")),
        size_(csv.find("size")),
        entry_(csv.find("entry_price")) {}

  bool filled(std::size_t column) const { return column != CsvReader::none && !csv_.is_empty(column); }
  Result<Decimal> amount(std::size_t column, const char* name) const {
    if (!filled(column)) return fail(csv_.row_error(std::string(name) + " is empty", std::string("fill ") + name));
    return csv_.decimal(column);
  }

  Result<void> add_balance_row(Book& book) {
    const AssetId asset = TRY_AT_CELL(asset_, find_asset(registry_, csv_.cell(asset_)));
    const Decimal value = TRY(amount(balance_, "balance"));
    const i128 units = TRY_AT_CELL(balance_, read_units(registry_, asset, value));
    const auto added = add_balance(registry_, book, asset, units);
    if (!added) return fail(csv_.located(asset_, added.error()));
    return {};
  }

  Result<void> add_position_row(Book& book) {
    const std::optional<Alias> alias = TRY_AT_CELL(instrument_, resolve(registry_, options_, csv_.cell(instrument_)));
    const Decimal size = TRY(amount(size_, "size"));
    if (!alias) return book.excluded.emplace_back(csv_.cell(instrument_)), Result<void>{};
    Position position{.instrument = alias->instrument, .lots = {}, .entry_price = {}};
    position.lots = TRY_AT_CELL(size_, read_size(registry_[alias->instrument], size, alias->contracts));
    if (filled(entry_)) {
      const Decimal price = TRY(csv_.decimal(entry_));
      position.entry_price = TRY_AT_CELL(entry_, read_entry(registry_, position, price));
    }
    if (book.positions.size() >= limits::positions_per_account) {
      return fail(csv_.row_error("account '" + book.account + "' has too many positions", "split the account"));
    }
    book.positions.push_back(std::move(position));
    return {};
  }

  CsvReader& csv_;
  const Registry& registry_;
  const BookOptions& options_;
  std::size_t account_{0}, asset_, balance_, instrument_, size_, entry_;
  std::vector<Book> books_;
  std::map<std::string, std::size_t> index_;
};

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
  std::vector<Book> books;
  for (const Cursor& item : items) {
    books.push_back(TRY(read_book(item, registry, options)));
    sort_balances(books.back());
  }
  TRY_VOID(check_unique(books, items));
  return books;
}

Result<std::vector<Book>> read_books_csv(const std::string& file, const std::string& text, const Registry& registry,
                                         const BookOptions& options) {
  CsvReader csv = TRY(CsvReader::open(text, file));
  CsvBooks books = TRY(CsvBooks::open(csv, registry, options));
  while (TRY(csv.next())) TRY_VOID(books.add_row());
  std::vector<Book> all = books.take();
  for (Book& book : all) sort_balances(book);
  return all;
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
