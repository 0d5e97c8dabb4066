#include "dialect/binance.h"
#include "dialect/ccxt.h"
#include "dialect/deribit.h"
#include "dialect/hyperliquid.h"
#include "dialect/names.h"
#include "dialect/okx.h"
#include "fuzz/fuzz.h"

namespace margrave {
namespace {

/// What a venue's parser takes, its printer gives back to the letter.
template <class Parse, class Print>
void check_spelling(std::string_view input, Parse&& parse, Print&& print) {
  const Result<Listing> listing = parse(input);
  if (!accepted(listing)) return;
  const Result<std::string> name = print(*listing);
  CHECK(name.has_value() && *name == input);
}

}  // namespace

void fuzz_one(std::string_view input) {
  check_spelling(input, parse_deribit_name, print_deribit_name);
  check_spelling(input, parse_okx_name, print_okx_name);
  check_spelling(input, parse_binance_name, print_binance_name);
  check_spelling(input, parse_ccxt_name, print_ccxt_name);
  check_spelling(input, parse_hyperliquid_name, print_hyperliquid_name);
  accepted(parse_venue_name(input));
}

}  // namespace margrave
