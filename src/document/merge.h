#pragma once

#include "document/node.h"

namespace margrave {

/// A document laid over another, as RFC 7396 (JSON merge patch) lays a patch over a document: maps merge key by key,
/// anything else replaces what is below, and null takes a key away. Keys keep the order they have below; new ones
/// follow. Every value remembers the file and line it was written in; a map in both files stands where `above` has it.
///
/// The result is `above` with the files of `below` among its others. Errors: a null for a key that is not there.
Result<Document> merge(Document below, Document above);

}  // namespace margrave
