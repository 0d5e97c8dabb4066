#include "document/cursor.h"

#include <algorithm>
#include <utility>

#include "base/edit_distance.h"
#include "document/text.h"

namespace margrave {
namespace {

std::string_view name_of(NodeKind kind) {
  switch (kind) {
    case NodeKind::null:
      return "nothing";
    case NodeKind::scalar:
      return "a single value";
    case NodeKind::list:
      return "a list";
    case NodeKind::map:
      return "a map";
  }
  return "something else";
}

/// Appends the steps from `from` down to `to`; the depth is bounded by the reader of the document.
bool append_path(const Node& from, const Node& to, std::string& path) {
  if (&from == &to) return true;
  const std::size_t length = path.size();
  for (std::size_t i = 0; i < from.items.size(); ++i) {
    path += "[" + std::to_string(i) + "]";
    if (append_path(from.items[i], to, path)) return true;
    path.resize(length);
  }
  for (const Entry& entry : from.entries) {
    append_key(path, entry.key);
    if (append_path(entry.value, to, path)) return true;
    path.resize(length);
  }
  return false;
}

/// Where a key stands.
Place place_of(const Document& document, const Entry& entry) {
  return {.file = document.file_of(entry.value), .line = entry.line, .column = entry.column};
}

const Entry* entry_of(const Node& map, std::string_view key) {
  for (const Entry& entry : map.entries) {
    if (entry.key == key) return &entry;
  }
  return nullptr;
}

/// "did you mean 'size'?" when one name is near, otherwise the list of names.
std::string suggestion(std::string_view key, std::initializer_list<std::string_view> names) {
  std::string_view nearest;
  std::size_t distance = std::max<std::size_t>(2, key.size() / 3) + 1;
  std::string all;
  for (const std::string_view name : names) {
    all += (all.empty() ? "" : ", ") + std::string(name);
    if (key.size() > 100) continue;
    const std::size_t d = edit_distance(key, name);
    if (d < distance && d < name.size()) {
      distance = d;
      nearest = name;
    }
  }
  if (!nearest.empty()) return "did you mean " + in_quotes(nearest) + "?";
  return names.size() == 0 ? "remove it" : "known here: " + all;
}

}  // namespace

std::string Cursor::path() const {
  std::string path;
  append_path(document_->root, *node_, path);
  return path;
}

Error Cursor::error(std::string message, std::string remedy) const {
  return {.kind = document_->kind,
          .message = std::move(message),
          .place = {.file = document_->file_of(*node_), .line = node_->line, .column = node_->column},
          .field = path(),
          .remedy = std::move(remedy)};
}

Error Cursor::located(Error found) const {
  if (const auto child = find(found.field)) {
    found.field.clear();
    return child->located(std::move(found));
  }
  Error error = this->error(std::move(found.message), std::move(found.remedy));
  if (!found.field.empty() && is_map()) append_key(error.field, found.field);
  if (found.kind == ErrorKind::overflow && error.kind == ErrorKind::input) error.kind = ErrorKind::overflow;
  return error;
}

Result<Cursor> Cursor::get(std::string_view key) const {
  if (!is_map()) {
    return fail(error("expected a map with key " + in_quotes(key) + ", found " + std::string(name_of(kind())),
                      "write 'key: value' entries"));
  }
  const Entry* entry = entry_of(*node_, key);
  if (entry != nullptr && entry->value.kind != NodeKind::null) return Cursor(*document_, entry->value);
  Error missing = error("key " + in_quotes(key) + (entry == nullptr ? " is missing" : " has no value"), "add it");
  append_key(missing.field, key);
  if (entry != nullptr) {
    missing.place = place_of(*document_, *entry);
    missing.remedy = "give it a value";
  }
  return fail(std::move(missing));
}

std::optional<Cursor> Cursor::find(std::string_view key) const {
  const Entry* entry = entry_of(*node_, key);
  if (entry == nullptr || entry->value.kind == NodeKind::null) return std::nullopt;
  return Cursor(*document_, entry->value);
}

Result<void> Cursor::only(std::initializer_list<std::string_view> keys) const {
  if (!is_map()) {
    return fail(error("expected a map, found " + std::string(name_of(kind())), "write 'key: value' entries"));
  }
  for (const Entry& entry : node_->entries) {
    if (std::find(keys.begin(), keys.end(), entry.key) != keys.end()) continue;
    Error unknown = error("unknown key " + in_quotes(entry.key), suggestion(entry.key, keys));
    unknown.place = place_of(*document_, entry);
    append_key(unknown.field, entry.key);
    return fail(std::move(unknown));
  }
  return {};
}

Result<std::vector<Cursor>> Cursor::list() const {
  if (!is_list()) return fail(error("expected a list, found " + std::string(name_of(kind())), "write '- item' lines"));
  std::vector<Cursor> items;
  items.reserve(node_->items.size());
  for (const Node& item : node_->items) items.push_back(Cursor(*document_, item));
  return items;
}

Result<std::vector<CursorEntry>> Cursor::entries() const {
  if (!is_map()) {
    return fail(error("expected a map, found " + std::string(name_of(kind())), "write 'key: value' entries"));
  }
  std::vector<CursorEntry> entries;
  entries.reserve(node_->entries.size());
  for (const Entry& entry : node_->entries) entries.push_back({entry.key, Cursor(*document_, entry.value)});
  return entries;
}

Result<std::string_view> Cursor::scalar(std::string_view wanted, std::string_view remedy) const {
  if (is_scalar()) return std::string_view(node_->text);
  return fail(
      error("expected " + std::string(wanted) + ", found " + std::string(name_of(kind())), std::string(remedy)));
}

Result<std::string_view> Cursor::text() const {
  const std::string_view text = TRY(scalar("text", "write text"));
  if (document_->format_of(*node_) == DocumentFormat::json && !is_quoted()) {
    return fail(error("expected text, found " + in_quotes(text), "put it in quotes"));
  }
  if (text.empty()) return fail(error("the text is empty", "write something"));
  return text;
}

Result<Decimal> Cursor::decimal(BareNumber bare) const {
  const std::string_view text = TRY(scalar("a decimal number", "write a number such as '1234.5'"));
  if (bare == BareNumber::refused && document_->format_of(*node_) == DocumentFormat::json && !is_quoted()) {
    return fail(
        error("the number " + in_quotes(text) + " is not in quotes",
              "write it as text, \"" + std::string(text.substr(0, 40)) + "\": a bare JSON number is not exact"));
  }
  Result<Decimal> value = Decimal::parse(text);
  if (value) return value;
  const Result<double> finite = parse_real(text);
  // Decimal::parse knows only "not a number"; for nan and infinity the other parser says it better.
  if (!finite && finite.error().message.ends_with("finite number")) return fail(located(finite.error()));
  return fail(located(value.error()));
}

Result<double> Cursor::real() const {
  const std::string_view text = TRY(scalar("a number", "write a number such as 0.65"));
  Result<double> value = parse_real(text);
  if (!value) return fail(located(std::move(value).error()));
  return value;
}

Result<std::int64_t> Cursor::integer(std::int64_t low, std::int64_t high) const {
  const std::string_view text = TRY(scalar("a whole number", "write a number such as 42"));
  Result<std::int64_t> value = parse_integer(text, low, high);
  if (!value) return fail(located(std::move(value).error()));
  return value;
}

Result<bool> Cursor::boolean() const {
  const std::string_view text = TRY(scalar("true or false", "write true or false"));
  if (!is_quoted() && text == "true") return true;
  if (!is_quoted() && text == "false") return false;
  return fail(error(in_quotes(text) + " is neither true nor false", "write true or false, without quotes"));
}

Result<Timestamp> Cursor::timestamp() const {
  const std::string_view text = TRY(this->text());
  Result<Timestamp> value = Timestamp::parse(text);
  if (!value) return fail(located(std::move(value).error()));
  return value;
}

}  // namespace margrave
