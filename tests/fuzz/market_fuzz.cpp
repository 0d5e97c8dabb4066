#include "dialect/deribit.h"
#include "document/read.h"
#include "fuzz/fuzz.h"
#include "market/market_reader.h"
#include "market/market_writer.h"

namespace margrave {

/// A market that was read is written so that it reads back to the same digest.
void fuzz_one(std::string_view input) {
  const auto document = parse_document(input, "market");
  if (!accepted(document)) return;
  accepted(read_market(*document));
  const auto market = read_market(*document, {.terms_of = parse_deribit_name});
  if (!accepted(market)) return;
  const auto written = parse_document(write_market(*market), "written.yaml");
  CHECK(written.has_value());
  const auto again = read_market(*written);
  CHECK(again.has_value());
  CHECK(digest_of(*again) == digest_of(*market));
}

}  // namespace margrave
