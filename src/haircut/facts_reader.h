#pragma once

#include <map>
#include <string>

#include "document/node.h"
#include "haircut/asset_facts.h"

namespace margrave {

/// What is known of assets, by name, from a document (schemas/haircut_facts.schema.json, docs/methods/haircuts.md).
/// Errors, of the document's kind, with file, line and field: an unknown key; a part without source or date; a rate or
/// confidence outside 0 to 1; a cap that is not above 0; a ratio that is not above 0.
struct HaircutFacts {
  std::string name;
  std::map<std::string, AssetFacts> assets;
};
Result<HaircutFacts> read_haircut_facts(const Document& document);

}  // namespace margrave
