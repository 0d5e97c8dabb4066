#include "dialect/deribit_chain.h"
#include "document/file.h"
#include "document/read.h"
#include "fuzz/fuzz.h"
#include "fuzz/memory_file.h"
#include "market/bars.h"
#include "market/svi.h"

namespace margrave {
namespace {

/// Whatever a chain says, its surface has no arbitrage on the grid.
void check_market(const Chain& chain) {
  if (chain.quotes.size() > 200) return;  // time, not danger
  const auto market = build_market(chain);
  if (!accepted(market)) return;
  for (const ExpiryFit& fit : market->fits) {
    if (fit.smile) CHECK(min_butterfly(fit.smile->slice) >= 0 && !(fit.smile->calendar < 0));
  }
}

}  // namespace

/// Recorded chains, an exchange's answers and bar files: what a market is made from.
void fuzz_one(std::string_view input) {
  const auto document = parse_document(input, "book.json");
  if (document) {
    const auto book = read_deribit_book(*document);
    if (accepted(book)) check_market(*book);
    accepted(read_deribit_book(*document, &*document));
    return;
  }
  if (check_text(input, "chain.csv")) {
    const auto rows = parse_deribit_csv(input, "chain.csv", {.which = SnapshotChoice::Which::whole});
    if (accepted(rows)) check_market(*rows);
  }
  const MemoryFile file(input);
  accepted(read_deribit_csv(file.path()));
  accepted(read_bars(file.path()));
}

}  // namespace margrave
