#include "document/csv.h"
#include "document/file.h"
#include "fuzz/fuzz.h"

namespace margrave {

void fuzz_one(std::string_view input) {
  if (!accepted(check_text(input, "input.csv"))) return;
  auto rows = CsvReader::open(input, "input.csv");
  if (!accepted(rows)) return;
  for (std::int64_t line = 0;;) {
    const auto more = rows->next();
    if (!accepted(more) || !*more) return;
    CHECK(rows->line() > line);
    line = rows->line();
    for (std::size_t i = 0; i < rows->width(); ++i) {
      accepted(rows->text(i));
      accepted(rows->decimal(i));
      accepted(rows->real(i));
      accepted(rows->integer(i));
      accepted(rows->timestamp(i));
    }
  }
}

}  // namespace margrave
