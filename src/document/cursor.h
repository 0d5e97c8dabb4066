#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/decimal.h"
#include "base/result.h"
#include "base/timestamp.h"
#include "document/node.h"

namespace margrave {

struct CursorEntry;

/// One place in a document and everything needed to read it or to say what is wrong with it. Cheap to copy; the
/// document must outlive it. Every error has file, line, column, the path of the field and a remedy.
///
///   const Cursor root(document);
///   TRY_VOID(root.only({"account", "positions"}));
///   const Cursor positions = TRY(root.get("positions"));
///   for (const Cursor& position : TRY(positions.list())) { ... TRY(position.get("size")) ... }
class Cursor {
 public:
  explicit Cursor(const Document& document) : Cursor(document, document.root) {}

  NodeKind kind() const { return node_->kind; }
  bool is_null() const { return kind() == NodeKind::null; }
  bool is_scalar() const { return kind() == NodeKind::scalar; }
  bool is_list() const { return kind() == NodeKind::list; }
  bool is_map() const { return kind() == NodeKind::map; }
  /// A scalar in quotes. In JSON: text, not a number or a truth value.
  bool is_quoted() const { return node_->quoted; }

  /// The value of a key. An error if this is not a map, if the key is not there, or if its value is null.
  Result<Cursor> get(std::string_view key) const;
  /// The value of a key; none if it is not there or null, or if this is not a map (only() checks that).
  std::optional<Cursor> find(std::string_view key) const;
  /// An error if this is not a map or has a key that is not named here; a key that is nearly right is suggested.
  Result<void> only(std::initializer_list<std::string_view> keys) const;

  /// The items of a list, in order.
  Result<std::vector<Cursor>> list() const;
  /// The keys and values of a map, in the order written. A value may be null.
  Result<std::vector<CursorEntry>> entries() const;

  /// Text; in JSON it must be in quotes. Not empty. The view lives as long as the document.
  Result<std::string_view> text() const;
  /// May a number be written without quotes in JSON? Other programs may have passed it through a double.
  enum class BareNumber : std::uint8_t { refused, allowed };
  /// An exact decimal, from text or from a YAML number.
  Result<Decimal> decimal(BareNumber bare = BareNumber::refused) const;
  /// The nearest double, always finite. Quotes make no difference.
  Result<double> real() const;
  /// A whole number within [low, high]. Quotes make no difference.
  Result<std::int64_t> integer(std::int64_t low = std::numeric_limits<std::int64_t>::min(),
                               std::int64_t high = std::numeric_limits<std::int64_t>::max()) const;
  /// true or false, without quotes.
  Result<bool> boolean() const;
  /// An instant as Timestamp::parse() reads it.
  Result<Timestamp> timestamp() const;

  /// An error at this place, of the document's kind.
  Error error(std::string message, std::string remedy) const;
  /// `found` with this place, path and the document's kind filled in: for errors of code that knows no place. A field
  /// that it names is one of this map: then the place is that field's, if it is there; a scalar has no fields, its own
  /// path says enough. An overflow stays one.
  Error located(Error found) const;
  /// "positions[2].size"; empty at the root. Searches the document: for messages, not for loops.
  std::string path() const;
  const Document& document() const { return *document_; }
  const Node& node() const { return *node_; }

 private:
  Cursor(const Document& document, const Node& node) : document_(&document), node_(&node) {}
  Result<std::string_view> scalar(std::string_view wanted, std::string_view remedy) const;

  const Document* document_;
  const Node* node_;
};

struct CursorEntry {
  std::string_view key;
  Cursor value;
};

}  // namespace margrave
