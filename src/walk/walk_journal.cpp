#include "walk/walk_journal.h"

#include <filesystem>
#include <optional>
#include <string_view>

#include "document/file.h"

namespace margrave {
namespace {

constexpr std::string_view heading = "margrave walk journal 1\n";
constexpr std::size_t number_bytes = 8, digest_bytes = 16;
constexpr std::size_t most_bytes = std::size_t{4} << 30;

std::string text_of(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
Bytes bytes_of(std::string_view text) { return {reinterpret_cast<const std::byte*>(text.data()), text.size()}; }

std::string digest_text(const Digest& digest) {
  Encoder encoder;
  encoder.put(digest.high);
  encoder.put(digest.low);
  return text_of(encoder.bytes());
}

std::string record_of(std::size_t chunk, const WalkChunk& value) {
  const std::string content = text_of(encode(value));
  Encoder head;
  head.put(static_cast<std::uint64_t>(chunk));
  head.put(static_cast<std::uint64_t>(content.size()));
  const std::string whole = text_of(head.bytes()) + content;
  return whole + digest_text(digest(whole));
}

std::uint64_t number_at(std::string_view text) {
  std::uint64_t value = 0;
  for (std::size_t i = number_bytes; i-- > 0;) value = value << 8 | static_cast<unsigned char>(text[i]);
  return value;
}

struct Record {
  std::size_t chunk{0};
  WalkChunk value;
  std::size_t bytes{0};
};

/// The record that begins a text; nothing where it is not whole.
std::optional<Record> read_record(std::string_view text) {
  constexpr std::size_t head = 2 * number_bytes;
  if (text.size() < head + digest_bytes) return std::nullopt;
  const std::uint64_t length = number_at(text.substr(number_bytes));
  if (length > text.size() - head - digest_bytes) return std::nullopt;
  const std::string_view whole = text.substr(0, head + length);
  if (text.substr(whole.size(), digest_bytes) != digest_text(digest(whole))) return std::nullopt;
  Result<WalkChunk> value = decode<WalkChunk>(bytes_of(whole.substr(head)));
  if (!value) return std::nullopt;
  return Record{static_cast<std::size_t>(number_at(text)), *std::move(value), whole.size() + digest_bytes};
}

Error device(const std::string& path) {
  return {.kind = ErrorKind::io,
          .message = "the journal of the walk cannot be written",
          .place = {.file = path},
          .remedy = "check the folder and the room on its device"};
}

}  // namespace

Result<std::unique_ptr<WalkJournal>> WalkJournal::open(const std::string& path, const Digest& inputs) {
  const std::string begin = std::string(heading) + digest_text(inputs);
  std::map<std::size_t, WalkChunk> chunks;
  std::size_t good = 0;
  std::error_code code;
  if (std::filesystem::exists(path, code)) {
    const std::string text = TRY(read_file(path, most_bytes));
    if (text.starts_with(begin)) {
      good = begin.size();
      while (auto record = read_record(std::string_view(text).substr(good))) {
        good += record->bytes;
        chunks.insert_or_assign(record->chunk, std::move(record->value));
      }
    }
  }
  if (good == 0) {
    TRY_VOID(write_file_atomically(path, begin));
  } else {
    std::filesystem::resize_file(path, good, code);
    if (code) return fail(device(path));
  }
  std::FILE* file = std::fopen(path.c_str(), "ab");
  if (file == nullptr) return fail(device(path));
  std::unique_ptr<WalkJournal> journal(new WalkJournal(path, file));
  journal->chunks_ = std::move(chunks);
  return journal;
}

WalkJournal::~WalkJournal() {
  if (file_ != nullptr) std::fclose(file_);
}

const WalkChunk* WalkJournal::find(std::size_t chunk) const {
  const auto found = chunks_.find(chunk);
  return found == chunks_.end() ? nullptr : &found->second;
}

void WalkJournal::add(std::size_t chunk, const WalkChunk& value) {
  const std::string record = record_of(chunk, value);
  const std::lock_guard<std::mutex> lock(writing_);
  if (std::fwrite(record.data(), 1, record.size(), file_) != record.size() || std::fflush(file_) != 0) failed_ = true;
}

Result<void> WalkJournal::close() {
  const bool closed = file_ == nullptr || std::fclose(file_) == 0;
  file_ = nullptr;
  if (failed_ || !closed) return fail(device(path_));
  return {};
}

}  // namespace margrave
