#include <string>

#include "dialect/names.h"
#include "document/file.h"
#include "document/read.h"
#include "fuzz/fuzz.h"
#include "margin/book_reader.h"

namespace margrave {
namespace {

Registry venue() {
  Registry registry;
  const auto usdc = registry.list(Asset{"USDC", 6});
  const auto btc = registry.list(Asset{"BTC", 8});
  const auto on_btc = registry.list(Underlying{"BTC", *btc});
  CHECK(registry.list(Instrument{
      .name = "BTC-PERP", .kind = Kind::perpetual, .underlying = *on_btc, .settlement = *usdc, .lot = Decimal{1, 3}}));
  CHECK(registry.list(Instrument{.name = "BTC-27MAR26-60000-C",
                                 .kind = Kind::option,
                                 .underlying = *on_btc,
                                 .settlement = *usdc,
                                 .lot = Decimal{1, 1},
                                 .expiry = Timestamp::from_civil(2026, 3, 27, 8),
                                 .strike = Decimal{60000, 0},
                                 .is_call = true}));
  return registry;
}

}  // namespace

void fuzz_one(std::string_view input) {
  static const Registry registry = venue();
  static const ContractIndex contracts(registry);
  const BookOptions options{.alias = [](std::string_view name) { return contracts.find(name); },
                            .exclude_unknown = input.size() % 2 == 0};
  const auto document = parse_document(input, "book");
  if (accepted(document)) accepted(read_books(*document, registry, options));
  if (check_text(input, "book.csv")) accepted(read_books_csv("book.csv", std::string(input), registry, options));
}

}  // namespace margrave
