#include "margin/extends.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include "base/embedded.h"
#include "base/limits.h"
#include "document/cursor.h"
#include "document/merge.h"
#include "document/read.h"
#include "document/text.h"

namespace margrave {
namespace {

constexpr std::string_view key = "extends";

std::string presets() {
  std::string names;
  for (const std::string& name : embedded_names("recipes/", ".yaml")) names += (names.empty() ? "" : ", ") + name;
  return names;
}

/// What a recipe says of itself alone: a changed one has to earn it anew.
bool is_said_of_itself(std::string_view name) { return name == "claims" || name == "date" || name == "vectors"; }

bool extends_another(const Document& recipe) {
  const auto& entries = recipe.root.entries;
  return std::any_of(entries.begin(), entries.end(), [](const Entry& entry) { return entry.key == key; });
}

/// A part that a child changes is no longer what its source said it was, unless the child says so itself.
void assume_changed_parts(Document& child) {
  for (Entry& section : child.root.entries) {
    if (section.key != "components" && section.key != "scenarios" && section.key != "levels") continue;
    for (Entry& part : section.value.entries) {
      auto& entries = part.value.entries;
      const auto is_source = [](const Entry& entry) { return entry.key == "source"; };
      if (part.value.kind != NodeKind::map || std::any_of(entries.begin(), entries.end(), is_source)) continue;
      Node source = part.value;
      source.kind = NodeKind::scalar;
      source.entries.clear();
      source.quoted = true;
      source.text = "assumed";
      entries.push_back({.key = "source", .value = std::move(source)});
    }
  }
}

/// What tells whether two names lead to one recipe.
std::string identity_of_file(const std::string& path) {
  std::error_code code;
  const std::filesystem::path whole = std::filesystem::weakly_canonical(path, code);
  return code ? path : whole.string();
}

struct Parent {
  Document document;
  std::string identity;
};

/// What is wrong with a file as a whole is said where the file is named.
Result<Parent> read_file_at(const Cursor& at, const std::string& path) {
  Result<Document> document = read_document(path, ErrorKind::config);
  if (document) return Parent{std::move(*document), identity_of_file(path)};
  if (document.error().place.line > 0) return fail(std::move(document).error());
  Error error = at.error(path + ": " + document.error().message, document.error().remedy);
  error.kind = document.error().kind;
  return fail(std::move(error));
}

Result<Parent> read_parent(const Document& child, Parents parents) {
  const Cursor at = TRY(Cursor(child).get(key));
  const std::string name(TRY(at.text()));
  if (is_preset_name(name)) {
    Result<Document> preset = read_preset(name);
    if (!preset) return fail(at.located(std::move(preset).error()));
    return Parent{std::move(*preset), name};
  }
  if (parents == Parents::presets) {
    return fail(at.error("a recipe in memory cannot extend the file " + in_quotes(name),
                         "extend a preset: " + presets() + "; or merge the file in first"));
  }
  if (name == "-") return fail(at.error("standard input cannot be extended", "name a preset or a file"));
  const std::filesystem::path folder = std::filesystem::path(child.file).parent_path();
  return read_file_at(at, (folder / name).string());
}

Result<void> has_a_name_of_its_own(const Document& recipe) {
  const Cursor root(recipe);
  for (const char* needed : {"recipe", "version"}) {
    const Cursor at = TRY(root.get(needed));
    TRY_VOID(at.text());
  }
  return {};
}

/// The recipe, what it extends, what that extends and so on.
class Line {
 public:
  explicit Line(Document recipe) {
    identities_.push_back(identity_of_file(recipe.file));
    documents_.push_back(std::move(recipe));
  }

  Result<void> read(Parents parents) {
    while (extends_another(documents_.back())) {
      TRY_VOID(has_a_name_of_its_own(documents_.back()));
      Parent parent = TRY(read_parent(documents_.back(), parents));
      TRY_VOID(check_place_for(parent));
      documents_.push_back(std::move(parent.document));
      identities_.push_back(std::move(parent.identity));
    }
    return has_a_name_of_its_own(documents_.back());
  }

  Result<Document> merged() {
    for (Document& document : documents_) {
      std::erase_if(document.root.entries, [](const Entry& entry) { return entry.key == key; });
    }
    Document all = std::move(documents_.back());
    for (documents_.pop_back(); !documents_.empty(); documents_.pop_back()) {
      std::erase_if(all.root.entries, [](const Entry& entry) { return is_said_of_itself(entry.key); });
      assume_changed_parts(documents_.back());
      all = TRY(merge(std::move(all), std::move(documents_.back())));
    }
    return all;
  }

 private:
  Result<void> check_place_for(const Parent& parent) const {
    const Cursor at = TRY(Cursor(documents_.back()).get(key));
    const auto again = std::find(identities_.begin(), identities_.end(), parent.identity);
    if (again != identities_.end()) {
      std::string circle;
      for (auto i = static_cast<std::size_t>(again - identities_.begin()); i < documents_.size(); ++i) {
        circle += documents_[i].file + " -> ";
      }
      return fail(at.error("recipes extend each other in a circle: " + circle + parent.document.file,
                           "extend a recipe that does not come back to this one"));
    }
    if (documents_.size() > limits::extended_recipes) {
      return fail(at.error("more than " + std::to_string(limits::extended_recipes) + " recipes extend one another",
                           "extend what `margrave recipe show` prints of one of them"));
    }
    return {};
  }

  std::vector<Document> documents_;
  std::vector<std::string> identities_;
};

}  // namespace

bool is_preset_name(std::string_view name_or_file) {
  return name_or_file.find_first_of("/.") == std::string_view::npos && name_or_file != "-";
}

Result<Document> read_preset(std::string_view name) {
  const std::string path = "recipes/" + std::string(name) + ".yaml";
  const auto text = embedded_file(path);
  if (text) return parse_document(*text, path, ErrorKind::config);
  return fail({.kind = ErrorKind::config,
               .message = "there is no recipe " + in_quotes(name),
               .remedy = "presets: " + presets() + "; or give a file"});
}

Result<Document> extend_recipe(Document recipe, Parents parents) {
  if (!extends_another(recipe)) return recipe;
  Line line(std::move(recipe));
  TRY_VOID(line.read(parents));
  return line.merged();
}

}  // namespace margrave
