#pragma once

#include <cstdio>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "walk/book_walk.h"

namespace margrave {

/// The chunks of a walk in a file, so that an interrupted one goes on where it was. Every record carries its length
/// and its digest: what a crash left half written is cut off, and everything before it stays. A file of other inputs,
/// or that is no journal of this version, begins anew.
class WalkJournal {
 public:
  /// Opens or begins it. Errors: the file cannot be read or written.
  static Result<std::unique_ptr<WalkJournal>> open(const std::string& path, const Digest& inputs);
  ~WalkJournal();
  WalkJournal(const WalkJournal&) = delete;
  WalkJournal& operator=(const WalkJournal&) = delete;

  std::size_t size() const { return chunks_.size(); }  ///< chunks that were there when it was opened
  const WalkChunk* find(std::size_t chunk) const;
  /// From any thread.
  void add(std::size_t chunk, const WalkChunk& value);
  /// Whether everything was written. Error: the device is full, say.
  Result<void> close();

 private:
  WalkJournal(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  std::string path_;
  std::FILE* file_;
  std::mutex writing_;
  bool failed_{false};
  std::map<std::size_t, WalkChunk> chunks_;
};

}  // namespace margrave
