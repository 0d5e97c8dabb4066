#include "document/csv.h"

#include <algorithm>
#include <utility>

#include "base/check.h"
#include "document/text.h"

namespace margrave {
namespace {

char likeliest_delimiter(std::string_view line) {
  char best = ',';
  std::ptrdiff_t most = 0;
  for (const char candidate : {',', ';', '\t'}) {
    const std::ptrdiff_t count = std::count(line.begin(), line.end(), candidate);
    if (count > most) {
      most = count;
      best = candidate;
    }
  }
  return best;
}

}  // namespace

Result<CsvReader> CsvReader::open(std::string_view text, std::string file) {
  CsvReader reader(text, std::move(file));
  if (!reader.skip_empty_lines()) {
    reader.row_line_ = 1;
    return fail(reader.row_error("the file is empty", "begin with a line of column names"));
  }
  const std::size_t end = std::min(text.find('\n', reader.at_), text.size());
  reader.delimiter_ = likeliest_delimiter(text.substr(reader.at_, end - reader.at_));
  TRY_VOID(reader.read_row());
  std::vector<std::string> names;
  for (std::size_t i = 0; i < reader.cells_.size(); ++i) {
    std::string name(reader.cell(i));
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return fail(
          reader.row_error(name.empty() ? "two columns have no name" : "two columns are named " + in_quotes(name),
                           "give every column a name of its own"));
    }
    names.push_back(std::move(name));
  }
  reader.names_ = std::move(names);
  return reader;
}

std::size_t CsvReader::find(std::string_view name) const {
  const auto at = std::find(names_.begin(), names_.end(), name);
  return at == names_.end() ? none : static_cast<std::size_t>(at - names_.begin());
}

Result<std::size_t> CsvReader::column(std::string_view name) const {
  const std::size_t at = find(name);
  if (at != none) return at;
  std::string known;
  for (const std::string& other : names_) known += (known.empty() ? "" : ", ") + other;
  return fail({.message = "column " + in_quotes(name) + " is missing",
               .place = {.file = file_, .line = 1},
               .field = std::string(name),
               .remedy = "add it; there are: " + known.substr(0, 200)});
}

bool CsvReader::skip_empty_lines() {
  while (at_ < text_.size()) {
    if (text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n') {
      ++at_;
    } else if (text_[at_] != '\n') {
      return true;
    }
    ++at_;
    ++line_;
  }
  return false;
}

Result<bool> CsvReader::next() {
  if (!skip_empty_lines()) return false;
  TRY_VOID(read_row());
  if (cells_.size() == names_.size()) return true;
  return fail(row_error(
      "the row has " + std::to_string(cells_.size()) + " cells and the header has " + std::to_string(names_.size()),
      "give every row one cell for each column"));
}

Result<void> CsvReader::read_row() {
  cells_.clear();
  unescaped_.clear();
  row_line_ = line_;
  row_done_ = false;
  while (!row_done_) {
    if (at_ < text_.size() && text_[at_] == '"') {
      TRY_VOID(read_quoted_cell());
    } else {
      TRY_VOID(read_cell());
    }
  }
  return {};
}

/// Steps over a line end or the end of the text.
void CsvReader::end_line() {
  row_done_ = true;
  if (at_ < text_.size()) ++line_;
  ++at_;
}

Result<void> CsvReader::read_cell() {
  const std::size_t start = at_;
  while (at_ < text_.size() && text_[at_] != delimiter_ && text_[at_] != '\n') ++at_;
  std::string_view cell = text_.substr(start, at_ - start);
  if (at_ < text_.size() && text_[at_] == delimiter_) {
    ++at_;
  } else {
    if (cell.ends_with('\r')) cell.remove_suffix(1);
    end_line();
  }
  cells_.push_back({.text = cell});
  return {};
}

Result<void> CsvReader::read_quoted_cell() {
  const std::size_t start = ++at_;
  bool doubled = false;
  for (;; ++at_) {
    if (at_ >= text_.size()) {
      return fail(row_error("a quote is opened and never closed", "close it, or double a quote that is meant"));
    }
    if (text_[at_] == '\n') ++line_;
    if (text_[at_] != '"') continue;
    if (at_ + 1 >= text_.size() || text_[at_ + 1] != '"') break;
    doubled = true;
    ++at_;
  }
  Cell cell{.text = text_.substr(start, at_ - start)};
  if (doubled) {
    std::string& plain = unescaped_.emplace_back();
    for (std::size_t i = 0; i < cell.text.size(); ++i) {
      plain += cell.text[i];
      if (cell.text[i] == '"') ++i;
    }
    cell.unescaped = unescaped_.size() - 1;
  }
  cells_.push_back(cell);
  ++at_;
  if (at_ < text_.size() && text_[at_] == delimiter_) return ++at_, Result<void>{};
  if (at_ < text_.size() && text_[at_] == '\r') ++at_;
  if (at_ < text_.size() && text_[at_] != '\n') {
    return fail(row_error("text follows a closing quote", "double a quote that is meant"));
  }
  end_line();
  return {};
}

std::string_view CsvReader::cell(std::size_t column) const {
  CHECK(column < cells_.size());
  const Cell& cell = cells_[column];
  return cell.unescaped == none ? cell.text : std::string_view(unescaped_[cell.unescaped]);
}

Error CsvReader::row_error(std::string message, std::string remedy) const {
  return {.message = std::move(message), .place = {.file = file_, .line = row_line_}, .remedy = std::move(remedy)};
}

Error CsvReader::error(std::size_t column, std::string message, std::string remedy) const {
  Error error = row_error(std::move(message), std::move(remedy));
  if (column < names_.size()) error.field = names_[column];
  return error;
}

Error CsvReader::located(std::size_t column, Error found) const {
  Error error = this->error(column, std::move(found.message), std::move(found.remedy));
  error.kind = found.kind;
  return error;
}

Result<std::string_view> CsvReader::text(std::size_t column) const {
  const std::string_view text = cell(column);
  if (text.empty()) return fail(error(column, "the cell is empty", "write a value"));
  return text;
}

Result<Decimal> CsvReader::decimal(std::size_t column) const {
  const std::string_view text = TRY(this->text(column));
  Result<Decimal> value = Decimal::parse(text);
  if (!value) return fail(located(column, std::move(value).error()));
  return value;
}

Result<double> CsvReader::real(std::size_t column) const {
  const std::string_view text = TRY(this->text(column));
  Result<double> value = parse_real(text);
  if (!value) return fail(located(column, std::move(value).error()));
  return value;
}

Result<std::int64_t> CsvReader::integer(std::size_t column, std::int64_t low, std::int64_t high) const {
  const std::string_view text = TRY(this->text(column));
  Result<std::int64_t> value = parse_integer(text, low, high);
  if (!value) return fail(located(column, std::move(value).error()));
  return value;
}

Result<Timestamp> CsvReader::timestamp(std::size_t column) const {
  const std::string_view text = TRY(this->text(column));
  Result<Timestamp> value = Timestamp::parse(text);
  if (!value) return fail(located(column, std::move(value).error()));
  return value;
}

}  // namespace margrave
