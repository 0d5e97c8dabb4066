#include <algorithm>
#include <map>

#include "base/limits.h"
#include "document/csv.h"
#include "margin/book_fields.h"

namespace margrave {
namespace {

#define TRY_AT_CELL(column, expression)                                             \
  __extension__({                                                                   \
    auto placed_result_ = (expression);                                             \
    if (!placed_result_) return fail(csv_.located(column, placed_result_.error())); \
    *std::move(placed_result_);                                                     \
  })

/// The rows of a CSV of books, gathered by account.
class CsvBooks {
 public:
  static Result<CsvBooks> open(CsvReader& csv, const Registry& registry, const BookOptions& options) {
    CsvBooks books(csv, registry, options);
    for (const std::string& name : csv.columns()) {
      if (std::find(std::begin(columns), std::end(columns), name) != std::end(columns)) continue;
      return fail(csv.error(csv.find(name), "column '" + name + "' is not known", "use " + names_of_columns()));
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
    if (fresh) books_.push_back({.account = account, .balances = {}, .positions = {}});
    Book& book = books_[found->second];
    const bool is_balance = filled(asset_), is_position = filled(instrument_);
    if (is_balance == is_position) {
      return fail(
          csv_.row_error("a row is either a balance or a position", "fill asset and balance, or instrument and size"));
    }
    return is_balance ? add_balance_row(book) : add_instrument_row(book);
  }

  std::vector<Book> take() { return std::move(books_); }

 private:
  static constexpr std::string_view columns[] = {"account",         "asset",       "balance", "unsettled",
                                                 "borrowed",        "instrument",  "size",    "entry_price",
                                                 "accrued_funding", "limit_price", "fee",     "reduce_only"};
  static std::string names_of_columns() {
    std::string names;
    for (const std::string_view name : columns) names += (names.empty() ? "" : ", ") + std::string(name);
    return names;
  }

  CsvBooks(CsvReader& csv, const Registry& registry, const BookOptions& options)
      : csv_(csv),
        registry_(registry),
        options_(options),
        asset_(csv.find("asset")),
        balance_(csv.find("balance")),
        unsettled_(csv.find("unsettled")),
        borrowed_(csv.find("borrowed")),
        instrument_(csv.find("instrument")),
        size_(csv.find("size")),
        entry_(csv.find("entry_price")),
        accrued_(csv.find("accrued_funding")),
        limit_(csv.find("limit_price")),
        fee_(csv.find("fee")),
        reduce_only_(csv.find("reduce_only")) {}

  bool filled(std::size_t column) const { return column != CsvReader::none && !csv_.is_empty(column); }
  Result<Decimal> amount(std::size_t column, const char* name) const {
    if (!filled(column)) return fail(csv_.row_error(std::string(name) + " is empty", std::string("fill ") + name));
    return csv_.decimal(column);
  }

  Result<void> add_balance_row(Book& book) {
    const AssetId asset = TRY_AT_CELL(asset_, find_asset(registry_, csv_.cell(asset_)));
    for (const Balance& balance : book.balances) {
      if (balance.asset != asset) continue;
      return fail(csv_.error(asset_, "balance of " + registry_[asset].name + " is given twice", "add the two"));
    }
    if (!filled(unsettled_) && !filled(borrowed_)) TRY(amount(balance_, "balance"));
    TRY_VOID(add_amount(book, asset, balance_, BalancePart::Of::balance));
    TRY_VOID(add_amount(book, asset, unsettled_, BalancePart::Of::unsettled));
    return add_amount(book, asset, borrowed_, BalancePart::Of::borrowed);
  }

  Result<void> add_amount(Book& book, AssetId asset, std::size_t column, BalancePart::Of of) {
    if (!filled(column)) return {};
    const Decimal value = TRY(csv_.decimal(column));
    const i128 units = TRY_AT_CELL(column, read_units(registry_, asset, value));
    const auto added = add_part(registry_, book, {of, asset, units});
    if (!added) return fail(csv_.located(column, added.error()));
    return {};
  }

  /// A position, or an order where there is a limit.
  Result<void> add_instrument_row(Book& book) {
    const std::optional<Alias> alias = TRY_AT_CELL(instrument_, resolve(registry_, options_, csv_.cell(instrument_)));
    const Decimal size = TRY(amount(size_, "size"));
    if (!alias) return book.excluded.emplace_back(csv_.cell(instrument_)), Result<void>{};
    const Lots lots = TRY_AT_CELL(size_, read_size(registry_[alias->instrument], size, alias->contracts));
    if (filled(limit_)) return add_order(book, alias->instrument, lots);
    for (const std::size_t column : {fee_, reduce_only_}) {
      if (!filled(column)) continue;
      return fail(csv_.error(column, "a position has no " + csv_.columns()[column], "give an order its limit_price"));
    }
    return add_position(book, alias->instrument, lots);
  }

  Result<void> add_position(Book& book, InstrumentId instrument, Lots lots) {
    Position position{.instrument = instrument, .lots = lots, .entry_price = {}};
    if (filled(entry_)) {
      const Decimal price = TRY(csv_.decimal(entry_));
      position.entry_price = TRY_AT_CELL(entry_, read_entry(registry_, position, price));
    }
    if (filled(accrued_)) {
      const Decimal value = TRY(csv_.decimal(accrued_));
      position.accrued = TRY_AT_CELL(accrued_, read_accrued(registry_, position, value));
    }
    if (book.positions.size() >= limits::positions_per_account) {
      return fail(csv_.row_error("account '" + book.account + "' has too many positions", "split the account"));
    }
    book.positions.push_back(std::move(position));
    return {};
  }

  Result<void> add_order(Book& book, InstrumentId instrument, Lots lots) {
    Order order{.instrument = instrument, .lots = lots, .limit_price = {}};
    const Decimal price = TRY(csv_.decimal(limit_));
    order.limit_price = TRY_AT_CELL(limit_, read_limit(registry_, order, price));
    if (filled(fee_)) {
      const Decimal value = TRY(csv_.decimal(fee_));
      order.fee = TRY_AT_CELL(fee_, read_fee(registry_, order, value));
    }
    for (const std::size_t column : {entry_, accrued_}) {
      if (!filled(column)) continue;
      return fail(
          csv_.error(column, "an order has no " + csv_.columns()[column], "leave it empty, or the limit_price"));
    }
    if (filled(reduce_only_)) {
      const std::string_view word = csv_.cell(reduce_only_);
      if (word != "true" && word != "false") {
        return fail(csv_.error(reduce_only_, "reduce_only '" + std::string(word.substr(0, 40)) + "' is not understood",
                               "use true or false"));
      }
      order.reduce_only = word == "true";
    }
    if (book.orders.size() >= limits::orders_per_account) {
      return fail(csv_.row_error("account '" + book.account + "' has too many orders", "split the account"));
    }
    book.orders.push_back(std::move(order));
    return {};
  }

  CsvReader& csv_;
  const Registry& registry_;
  const BookOptions& options_;
  std::size_t account_{0}, asset_, balance_, unsettled_, borrowed_, instrument_, size_, entry_, accrued_, limit_, fee_,
      reduce_only_;
  std::vector<Book> books_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

Result<std::vector<Book>> read_books_csv(const std::string& file, const std::string& text, const Registry& registry,
                                         const BookOptions& options) {
  CsvReader csv = TRY(CsvReader::open(text, file));
  CsvBooks books = TRY(CsvBooks::open(csv, registry, options));
  while (TRY(csv.next())) TRY_VOID(books.add_row());
  std::vector<Book> all = books.take();
  for (Book& book : all) sort_balances(book);
  return all;
}

}  // namespace margrave
