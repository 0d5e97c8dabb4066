#pragma once

#include <string>
#include <string_view>

#include "document/node.h"

namespace margrave {

/// Reads a YAML or JSON document; the file may be compressed with gzip, and "-" is standard input. A name that ends in
/// .yaml or .yml (before .gz) is YAML; any other is JSON when its first character is { or [, otherwise YAML.
/// `kind` becomes the kind of every error in it.
Result<Document> read_document(const std::string& path, ErrorKind kind = ErrorKind::input);

/// The same for text that is in memory already; `file` names it in errors and decides as above.
Result<Document> parse_document(std::string_view text, const std::string& file, ErrorKind kind = ErrorKind::input);

}  // namespace margrave
