#pragma once

#include "report/margin_context.h"

namespace margrave {

/// One recipe with its accounts, as JSON text (schemas/report.schema.json, "recipe"). Amounts are decimal strings in
/// USD with nine decimals; the keys are a promise that schema_version numbers. Amounts of
/// another numeraire have keys in _settlement instead of _usd, and "numeraire" names it.
std::string recipe_json(const MarginContext& context, const std::vector<AccountReport>& accounts);

/// The same for many accounts: levels only, closest to maintenance first.
std::string recipe_json_brief(const MarginContext& context, const std::vector<Book>& books,
                              const std::vector<Result<MarginReport>>& reports);

/// The parts "market" and "diversification" of documents.
std::string market_json(const Market& market, const std::string& market_file);
std::string diversification_json(const Result<Diversification>& diversification);

/// The whole document of `margrave margin --json`.
std::string margin_document(const Market& market, const std::string& market_file,
                            const std::vector<std::string>& recipes);

/// An error as JSON: {"schema_version", "kind": "error", "error": {message, file, line, column, field, remedy}}.
std::string error_document(const Error& error);

}  // namespace margrave
