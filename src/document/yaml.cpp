#include "document/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <streambuf>
#include <utility>

#include "document/text.h"
#include "document/tree.h"

namespace margrave {
namespace {

/// Stops the parser at the first refusal; caught in parse_yaml(), so it leaves no other trace.
struct Refused {};

TreeBuilder::Mark mark_of(const YAML::Mark& at) {
  const auto count = [](int n) { return n < 0 ? 0u : static_cast<std::uint32_t>(n) + 1u; };
  return {.line = count(at.line), .column = count(at.column)};
}

/// False if the source begins with a quote that has no end.
bool is_closed(std::string_view source) {
  const char quote = source.front();
  if (quote != '"' && quote != '\'') return true;
  for (std::size_t i = 1; i < source.size(); ++i) {
    const bool pair = i + 1 < source.size() && (quote == '"' ? source[i] == '\\' : source.substr(i, 2) == "''");
    if (pair) {
      ++i;
    } else if (source[i] == quote) {
      return true;
    }
  }
  return false;
}

/// Hands the parser's events to the tree. The parser calls open before it goes down a level, so that refusing depth
/// here bounds its recursion.
class TreeEvents : public YAML::EventHandler {
 public:
  TreeEvents(TreeBuilder& tree, std::string_view source) : tree_(tree), source_(source) {}

  void OnDocumentStart(const YAML::Mark& at) override {
    require(!tree_.complete() ||
            tree_.refuse(mark_of(at), "a second document begins", "put it into a file of its own"));
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& at, YAML::anchor_t anchor) override {
    require(plain(at, "", anchor) && tree_.null(mark_of(at)));
  }
  void OnAlias(const YAML::Mark& at, YAML::anchor_t) override {
    require(tree_.refuse(mark_of(at), "aliases are not supported", "write the value out"));
  }
  void OnScalar(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor, const std::string& text) override {
    require(plain(at, tag, anchor) && closed(at) && tree_.scalar(mark_of(at), text, tag == "!"));
  }
  void OnSequenceStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    require(plain(at, tag, anchor) && tree_.open_list(mark_of(at)));
  }
  void OnSequenceEnd() override { require(tree_.close()); }
  void OnMapStart(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    require(plain(at, tag, anchor) && tree_.open_map(mark_of(at)));
  }
  void OnMapEnd() override { require(tree_.close()); }

 private:
  static void require(bool accepted) {
    if (!accepted) throw Refused{};
  }
  /// yaml-cpp reports "?" for a plain scalar and "!" for one in quotes; any other tag was written by somebody.
  bool plain(const YAML::Mark& at, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      return tree_.refuse(mark_of(at), "anchors are not supported", "write the value where it is needed");
    }
    const bool written = !source_from(at).empty() && source_from(at).front() == '!';
    if (!written && (tag.empty() || tag == "?" || tag == "!")) return true;
    return tree_.refuse(mark_of(at), "tags such as " + in_quotes(tag) + " are not supported", "remove the tag");
  }

  /// yaml-cpp takes the end of the file for the closing quote if a line end comes before it, and so would swallow all
  /// that follows an open quote.
  bool closed(const YAML::Mark& at) {
    const std::string_view source = source_from(at);
    if (source.empty() || is_closed(source)) return true;
    return tree_.refuse(mark_of(at), "a quote is opened and never closed", "close it");
  }
  std::string_view source_from(const YAML::Mark& at) const {
    const auto start = static_cast<std::size_t>(at.pos);
    return at.pos < 0 || start >= source_.size() ? std::string_view() : source_.substr(start);
  }

  TreeBuilder& tree_;
  std::string_view source_;
};

/// Reads the characters of a view in place.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // the interface wants it so; only the get area is set
    setg(begin, begin, begin + text.size());
  }
};

void parse(std::string_view text, TreeBuilder& tree) {
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  TreeEvents events(tree, text);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(events)) {
    }
  } catch (const Refused&) {
  } catch (const YAML::Exception& error) {
    tree.refuse(mark_of(error.mark), "this is not YAML: " + error.msg, "correct the syntax");
  } catch (const std::exception& error) {
    tree.refuse({}, std::string("this cannot be read as YAML: ") + error.what(), "correct the syntax");
  }
}

}  // namespace

Result<Document> parse_yaml(std::string_view text, std::string file, ErrorKind kind) {
  Document document{.file = std::move(file), .format = DocumentFormat::yaml, .kind = kind};
  TreeBuilder tree(document);
  parse(text, tree);
  if (!tree.error() && !tree.complete()) tree.refuse({.line = 1}, "the file is empty", "give it content");
  if (tree.error()) return fail(*tree.error());
  return document;
}

}  // namespace margrave
