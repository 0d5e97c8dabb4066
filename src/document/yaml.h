#pragma once

#include <string>
#include <string_view>

#include "document/node.h"

namespace margrave {

/// Reads one YAML document of maps, lists and scalars. `text` has passed check_text(). Plain "~", "null" and nothing
/// are null; every other scalar stays text.
///
/// Errors: a syntax error, an anchor, alias or tag, a second document, a duplicate key, too deep, too many values,
/// nothing at all. Never throws and never recurses deeper than limits::document_depth.
Result<Document> parse_yaml(std::string_view text, std::string file, ErrorKind kind = ErrorKind::input);

}  // namespace margrave
