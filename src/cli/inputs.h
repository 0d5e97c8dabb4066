#pragma once

#include <memory>
#include <optional>

#include "cli/options.h"
#include "margin/assess.h"
#include "market/bars.h"
#include "market/chain.h"
#include "report/revalued.h"

namespace margrave {

/// Standard input can be read once: not as a book and as a market.
Result<void> check_standard_input(const std::string& book, const MarketOptions& market);

/// The books of a file, one account at least. Instruments may have other venues' names. Lenient: positions in
/// instruments that are not understood are left out by name.
Result<std::vector<Book>> load_books(const std::string& path, const Registry& registry, bool lenient = false);

/// A recipe from a file, or a preset by its name, with what it extends merged in. `field` is where the command line
/// names it.
Result<Document> load_recipe_document(const std::string& name_or_file, const std::string& field = "--recipe");
Result<LoadedRecipe> load_recipe(const std::string& name_or_file);

/// Milliseconds since 1970 of a flag's time: 2024-01-01 or 2024-01-01T08:00:00Z.
Result<std::int64_t> time_ms_of(const std::string& flag, const std::string& text);

/// A market from a market file or from one snapshot of a recorded option chain.
Result<Market> load_market(const MarketOptions& options);
/// The same, with how each expiry was fitted when it was built from a chain: a recorded one (CSV), or the JSON of a
/// venue's answer. A market file has no quotes to fit.
struct QuotedMarket {
  Market market;
  std::optional<std::vector<ExpiryFit>> fits;
};
Result<QuotedMarket> load_quoted_market(const MarketOptions& options);

/// The bar files of --bars; an error that says what to do when there are none.
Result<std::vector<Bars>> load_bars(const std::vector<std::string>& folders, const std::string& flag = "--bars");

/// As revalue_recipe() of report/, on the threads and instruction set of the options.
Result<std::unique_ptr<Revalued>> revalue_recipe(LoadedRecipe loaded, const Market& market,
                                                 const std::vector<Bars>& bars, const CommonOptions& common,
                                                 std::optional<AssetId> numeraire = std::nullopt);

}  // namespace margrave
