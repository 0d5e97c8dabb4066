#include "document/json.h"

#include <exception>
#include <iterator>
#include <nlohmann/json.hpp>
#include <utility>

#include "document/tree.h"

namespace margrave {
namespace {

using Json = nlohmann::json;

/// Input iterator that leaves behind how far the parser has read: its callbacks do not say where they are.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, const char*& reached) : at_(at), reached_(&reached) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    *reached_ = ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const CountingIterator& other) const { return at_ == other.at_; }
  bool operator!=(const CountingIterator& other) const { return at_ != other.at_; }

 private:
  const char* at_;
  const char** reached_;
};

bool in_number(char c) { return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E'; }

/// Hands the parser's events to the tree, finding the beginning of each token behind where the parser has read.
class TreeEvents : public nlohmann::json_sax<Json> {
 public:
  TreeEvents(TreeBuilder& tree, std::string_view text, const char* const& reached)
      : tree_(tree), text_(text), reached_(reached), line_end_(text.find('\n')) {}

  bool null() override { return tree_.null(mark(end() - 4)); }
  bool boolean(bool value) override {
    return tree_.scalar(mark(end() - (value ? 4u : 5u)), value ? "true" : "false", false);
  }
  bool number_integer(number_integer_t) override { return number(); }
  bool number_unsigned(number_unsigned_t) override { return number(); }
  bool number_float(number_float_t, const string_t&) override { return number(); }
  bool string(string_t& value) override { return tree_.scalar(mark(opening_quote()), std::move(value), true); }
  bool binary(binary_t&) override { return tree_.refuse(mark(end()), "binary data is not JSON", "use text"); }
  bool start_object(std::size_t) override { return tree_.open_map(mark(end() - 1)); }
  bool key(string_t& value) override { return tree_.scalar(mark(opening_quote()), std::move(value), true); }
  bool end_object() override { return tree_.close(); }
  bool start_array(std::size_t) override { return tree_.open_list(mark(end() - 1)); }
  bool end_array() override { return tree_.close(); }
  bool parse_error(std::size_t, const std::string&, const Json::exception& error) override {
    std::string reason = error.what();
    const std::size_t colon = reason.find(": ");
    if (colon != std::string::npos) reason.erase(0, colon + 2);
    if (reason.size() > 200) reason.resize(200);
    return tree_.refuse(mark(end() == 0 ? 0 : end() - 1), "this is not JSON: " + reason, "correct the syntax");
  }

 private:
  std::size_t end() const { return static_cast<std::size_t>(reached_ - text_.data()); }

  /// A number's end is known only by the character after it, which has been read already unless the text ended.
  bool number() {
    std::size_t stop = end();
    if (stop > 0 && !in_number(text_[stop - 1])) --stop;
    std::size_t start = stop;
    while (start > 0 && in_number(text_[start - 1])) --start;
    return tree_.scalar(mark(start), std::string(text_.substr(start, stop - start)), false);
  }

  /// Back from the closing quote to the quote that no backslash escapes.
  std::size_t opening_quote() const {
    std::size_t at = end() - 1;
    for (;;) {
      at = text_.rfind('"', at - 1);
      std::size_t slashes = 0;
      while (slashes < at && text_[at - 1 - slashes] == '\\') ++slashes;
      if (slashes % 2 == 0) return at;
    }
  }

  /// Marks come in rising order (but for a parse error, which ends everything), so lines are counted once.
  TreeBuilder::Mark mark(std::size_t at) {
    for (; line_end_ < at; line_end_ = text_.find('\n', line_start_)) {
      ++line_;
      line_start_ = line_end_ + 1;
    }
    return {.line = line_, .column = static_cast<std::uint32_t>(at < line_start_ ? 1 : at - line_start_ + 1)};
  }

  TreeBuilder& tree_;
  std::string_view text_;
  const char* const& reached_;
  std::uint32_t line_{1};
  std::size_t line_start_{0};
  std::size_t line_end_;
};

}  // namespace

Result<Document> parse_json(std::string_view text, std::string file, ErrorKind kind) {
  Document document{.file = std::move(file), .format = DocumentFormat::json, .kind = kind};
  TreeBuilder tree(document);
  const char* reached = text.data();
  TreeEvents events(tree, text, reached);
  const char* end = text.data() + text.size();
  bool read = false;
  try {
    read = Json::sax_parse(CountingIterator(text.data(), reached), CountingIterator(end, reached), &events);
  } catch (
      const std::exception& error) {  // the parser itself reports through parse_error(); this is memory running out
    tree.refuse({}, std::string("this cannot be read as JSON: ") + error.what(), "split it into smaller files");
  }
  if (tree.error()) return fail(*tree.error());
  if (!read || !tree.complete()) {
    return fail(
        {.kind = kind, .message = "this is not JSON", .place = {.file = document.file}, .remedy = "correct it"});
  }
  return document;
}

}  // namespace margrave
