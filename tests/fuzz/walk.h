#pragma once

#include "document/cursor.h"
#include "fuzz/fuzz.h"

namespace margrave {

/// Reads every value of a document in every way a reader may try.
inline void walk(const Cursor& at) {
  accepted(at.text());
  accepted(at.decimal());
  accepted(at.decimal(Cursor::BareNumber::allowed));
  accepted(at.real());
  accepted(at.integer());
  accepted(at.boolean());
  accepted(at.timestamp());
  accepted(at.only({"account", "positions"}));
  accepted(at.get("account"));
  CHECK(at.is_null() || at.node().line > 0);
  const auto items = at.list();
  if (accepted(items)) {
    for (const Cursor& item : *items) walk(item);
  }
  const auto entries = at.entries();
  if (accepted(entries)) {
    for (const CursorEntry& entry : *entries) walk(entry.value);
  }
}

}  // namespace margrave
