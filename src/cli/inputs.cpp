#include "cli/inputs.h"

#include <algorithm>
#include <filesystem>

#include "dialect/deribit_chain.h"
#include "dialect/names.h"
#include "document/file.h"
#include "document/read.h"
#include "margin/book_reader.h"
#include "market/chain.h"
#include "market/market_reader.h"

namespace margrave {
namespace {

std::string without_gz(std::string path) {
  if (path.ends_with(".gz")) path.resize(path.size() - 3);
  return path;
}

Result<Chain> load_chain(const MarketOptions& options) {
  const auto choice = SnapshotChoice::parse(options.at.empty() ? "last" : options.at);
  if (!choice)
    return fail({.kind = ErrorKind::config,
                 .message = choice.error().message,
                 .field = "--at",
                 .remedy = choice.error().remedy});
  return read_deribit_csv(options.market, *choice);
}

bool is_csv(const MarketOptions& options) { return without_gz(options.market).ends_with(".csv"); }

/// A venue's answer is a list, or an envelope with a result; a market file is a mapping with other keys.
bool is_answer(const Document& document) {
  const Cursor root(document);
  return root.is_list() || root.find("result").has_value();
}

/// Only a recorded chain has several instants to choose from.
Result<void> check_one_instant(const MarketOptions& options) {
  if (options.at.empty()) return {};
  return fail({.kind = ErrorKind::config,
               .message = "the market file holds one instant",
               .field = "--at",
               .remedy = "leave --at out, or name a recorded chain (CSV)"});
}

/// What is wrong with a chain as a whole has no line, but it has a file.
Result<ChainMarket> fit(const MarketOptions& options, const Result<Chain>& chain) {
  if (!chain) return fail(chain.error());
  Result<ChainMarket> market = build_market(*chain);
  if (!market && market.error().place.file.empty()) market.error().place.file = options.market;
  return market;
}

bool is_folder(const std::string& path) {
  std::error_code code;
  return std::filesystem::is_directory(path, code);
}

/// The prices of a folder of bars at --at, or when the last of them closed.
Result<Market> market_of_bars(const MarketOptions& options) {
  const std::vector<Bars> bars = TRY(load_bars({options.market}));
  Timestamp at{};
  for (const Bars& series : bars) at = std::max(at, Timestamp::from_ms(series.t_ms.back() + series.step_ms));
  if (!options.at.empty() && options.at != "last") {
    const auto time = Timestamp::parse(options.at);
    if (!time) {
      return fail(
          {.kind = ErrorKind::config, .message = time.error().message, .field = "--at", .remedy = time.error().remedy});
    }
    at = *time;
  }
  return market_from_bars(bars, at);
}

}  // namespace

Result<void> check_standard_input(const std::string& book, const MarketOptions& market) {
  if (book != "-" || market.market != "-") return {};
  return fail({.kind = ErrorKind::config,
               .message = "book and market are both standard input",
               .field = "--market",
               .remedy = "give one of them as a file"});
}

Result<std::vector<Book>> load_books(const std::string& path, const Registry& registry, bool lenient) {
  const ContractIndex contracts(registry);
  const BookOptions options{.alias = [&](std::string_view name) { return contracts.find(name); },
                            .exclude_unknown = lenient};
  std::vector<Book> books = TRY(read_books(path, registry, options));
  if (!books.empty()) return books;
  return fail({.message = "the book has no account",
               .place = {.file = path == "-" ? "standard input" : path},
               .remedy = "give one account at least: `account: NAME` in YAML or JSON, a row under the header in CSV"});
}

// Standard input can be read once only, so what the file is and what it says come from one reading.
Result<QuotedMarket> load_quoted_market(const MarketOptions& options) {
  if (is_folder(options.market)) return QuotedMarket{TRY(market_of_bars(options)), std::nullopt};
  if (is_csv(options)) {
    ChainMarket chain = TRY(fit(options, load_chain(options)));
    return QuotedMarket{std::move(chain.market), std::move(chain.fits)};
  }
  TRY_VOID(check_one_instant(options));
  const Document document = TRY(read_document(options.market));
  if (is_answer(document)) {
    ChainMarket chain = TRY(fit(options, read_deribit_book(document)));
    return QuotedMarket{std::move(chain.market), std::move(chain.fits)};
  }
  return QuotedMarket{TRY(read_market(document, {.terms_of = parse_venue_name})), std::nullopt};
}

Result<Market> load_market(const MarketOptions& options) { return TRY(load_quoted_market(options)).market; }

Result<Document> load_recipe_document(const std::string& name_or_file, const std::string& field) {
  if (!is_preset_name(name_or_file)) {
    return extend_recipe(TRY(read_document(name_or_file, ErrorKind::config)), Parents::presets_and_files);
  }
  Result<Document> preset = read_preset(name_or_file);
  if (preset) return extend_recipe(*std::move(preset), Parents::presets);
  if (preset.error().place.file.empty()) preset.error().field = field;
  return preset;
}

Result<LoadedRecipe> load_recipe(const std::string& name_or_file) {
  const Document document = TRY(load_recipe_document(name_or_file));
  return load_recipe(document);
}

Result<std::vector<Bars>> load_bars(const std::vector<std::string>& folders, const std::string& flag) {
  if (folders.empty()) {
    return fail({.kind = ErrorKind::config,
                 .message = "the recipe has historical scenarios and no bars are given",
                 .field = "--bars",
                 .remedy = "name folders of bar files: --bars DIR"});
  }
  for (const std::string& folder : folders) {
    std::error_code code;
    if (std::filesystem::is_directory(folder, code)) continue;
    return fail({.message = std::filesystem::exists(folder, code) ? "this is no folder" : "there is no such folder",
                 .place = {.file = folder},
                 .field = flag,
                 .remedy = "name folders of bar files"});
  }
  std::vector<Bars> bars = TRY(read_bar_folders(folders));
  if (bars.empty()) {
    return fail({.message = "there is no bar file in it",
                 .place = {.file = folders.back()},
                 .field = flag,
                 .remedy = "name folders of SYMBOL*.csv[.gz] with the columns t_ms, open, high, low, close"});
  }
  return bars;
}

Result<std::unique_ptr<Revalued>> revalue_recipe(LoadedRecipe loaded, const Market& market,
                                                 const std::vector<Bars>& bars, const CommonOptions& common,
                                                 std::optional<AssetId> numeraire) {
  RevalueOptions options{.isa = common.isa.value_or(best_isa()), .threads = common.threads};
  options.numeraire = numeraire;
  return std::make_unique<Revalued>(TRY(revalue_recipe(std::move(loaded), market, bars, options)));
}

Result<std::int64_t> time_ms_of(const std::string& flag, const std::string& text) {
  const Result<Timestamp> time = Timestamp::parse(text.size() == 10 ? text + "T00:00:00Z" : text);
  if (time) return time->ns / 1'000'000;
  return fail({.kind = ErrorKind::config,
               .message = "'" + text + "' is not a time",
               .field = flag,
               .remedy = "write 2024-01-01 or 2024-01-01T08:00:00Z"});
}

}  // namespace margrave
