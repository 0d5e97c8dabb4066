#include "dialect/conform.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "dialect/auction_vectors.h"
#include "dialect/derive_vectors.h"
#include "dialect/distribution_tables.h"
#include "dialect/function_vectors.h"
#include "dialect/golden_numbers.h"
#include "dialect/liquidation_vectors.h"
#include "dialect/published_estimates.h"
#include "document/csv.h"
#include "document/file.h"
#include "document/read.h"

namespace margrave {
namespace {

std::string ending(const std::string& path) {
  const std::string plain = path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
  return plain.substr(std::min(plain.size(), plain.rfind('.')));
}

Result<Conformance> conform_csv(std::string_view text, const std::string& file, Isa isa) {
  TRY_VOID(check_text(text, file));
  CsvReader csv = TRY(CsvReader::open(text, file));
  Tally tally(file);
  if (is_black76_table(csv)) {
    TRY_VOID(check_black76_table(csv, isa, tally));
  } else if (is_normalised_table(csv)) {
    TRY_VOID(check_normalised_table(csv, isa, tally));
  } else if (is_tail_table(csv)) {
    TRY_VOID(check_tail_table(csv, tally));
  } else if (is_bivariate_table(csv)) {
    TRY_VOID(check_bivariate_table(csv, tally));
  } else if (is_coverage_table(csv)) {
    TRY_VOID(check_coverage_table(csv, tally));
  } else if (is_published_series(csv)) {
    TRY_VOID(check_published_series(csv, tally));
  } else {
    while (TRY(csv.next())) tally.skip();
  }
  return tally.result();
}

Result<Conformance> conform_json(std::string_view text, const std::string& file, Isa isa) {
  const Document document = TRY(parse_document(text, file));
  const Cursor root(document);
  Tally tally(file);
  if (is_svi_example(root)) {
    TRY_VOID(check_svi_example(root, tally));
    return tally.result();
  }
  const auto vectors = root.find("vectors");
  if (!vectors) {
    tally.skip();
    return tally.result();
  }
  std::string model;
  if (const auto name = root.find("model")) model = TRY(name->text());
  tally.name_model(model);
  const std::vector<Cursor> items = TRY(vectors->list());
  if (is_black76_vectors(model)) {
    TRY_VOID(check_black76_vectors(root, items, isa, tally));
  } else if (is_derive_vectors(model)) {
    TRY_VOID(check_derive_vectors(model, items, isa, tally));
  } else if (is_function_vectors(model)) {
    TRY_VOID(check_function_vectors(root, model, items, isa, tally));
  } else if (is_liquidation_vectors(model)) {
    TRY_VOID(check_liquidation_vectors(root, model, items, isa, tally));
  } else if (is_auction_vectors(model)) {
    TRY_VOID(check_auction_vectors(root, items, tally));
  } else {
    for (std::size_t i = 0; i < items.size(); ++i) tally.skip();
  }
  return tally.result();
}

}  // namespace

Result<Conformance> conform(const std::string& path, Isa isa) {
  const std::string text = TRY(read_text(path));
  return conform_text(text, path == "-" ? "standard input" : path, isa);
}

Result<Conformance> conform_text(std::string_view text, const std::string& file, Isa isa) {
  return ending(file) == ".csv" ? conform_csv(text, file, isa) : conform_json(text, file, isa);
}

Result<std::vector<std::string>> golden_files(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::is_directory(path, code)) return std::vector<std::string>{path};
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(path, code)) {
    const std::string file = entry.path().string();
    if (ending(file) == ".csv" || ending(file) == ".json") files.push_back(file);
  }
  if (code) {
    return fail({.kind = ErrorKind::io,
                 .message = "the folder cannot be read: " + code.message(),
                 .place = {.file = path},
                 .remedy = "check its permissions"});
  }
  std::sort(files.begin(), files.end());
  if (files.empty()) {
    return fail({.message = "the folder has no .json or .csv file",
                 .place = {.file = path},
                 .remedy = "name a folder of vector files"});
  }
  return files;
}

}  // namespace margrave
