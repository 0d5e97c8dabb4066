#include "document/read.h"

#include <utility>

#include "document/file.h"
#include "document/json.h"
#include "document/yaml.h"

namespace margrave {
namespace {

bool is_named_yaml(std::string_view file) {
  if (file.ends_with(".gz")) file.remove_suffix(3);
  return file.ends_with(".yaml") || file.ends_with(".yml");
}

bool begins_as_json(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && (text[first] == '{' || text[first] == '[');
}

Result<Document> parse_checked(std::string_view text, const std::string& file, ErrorKind kind) {
  if (!is_named_yaml(file) && begins_as_json(text)) return parse_json(text, file, kind);
  return parse_yaml(text, file, kind);
}

/// A file that cannot be taken as text is wrong in the way its content would be.
tl::unexpected<Error> as_kind(Error error, ErrorKind kind) {
  if (error.kind == ErrorKind::input) error.kind = kind;
  return fail(std::move(error));
}

}  // namespace

Result<Document> read_document(const std::string& path, ErrorKind kind) {
  const Result<std::string> text = read_text(path);
  if (!text) return as_kind(text.error(), kind);
  return parse_checked(*text, path == "-" ? "standard input" : path, kind);
}

Result<Document> parse_document(std::string_view text, const std::string& file, ErrorKind kind) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const Result<void> checked = check_text(text, file);
  if (!checked) return as_kind(checked.error(), kind);
  return parse_checked(text, file, kind);
}

}  // namespace margrave
