#include "document/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <new>
#include <system_error>

#include "base/limits.h"
#include "document/text.h"

namespace margrave {
namespace {

constexpr std::size_t chunk_bytes = std::size_t{1} << 18;

std::string system_reason(int code) { return std::generic_category().message(code); }

tl::unexpected<Error> broken(const std::string& path, std::string message, std::string remedy,
                             ErrorKind kind = ErrorKind::input) {
  return fail({.kind = kind, .message = std::move(message), .place = {.file = path}, .remedy = std::move(remedy)});
}

tl::unexpected<Error> too_large(const std::string& path, std::size_t most) {
  return broken(path, "the file is larger than " + std::to_string(most >> 20) + " MiB", "split it into smaller files");
}

/// A file descriptor that closes itself; standard input is left open.
struct Descriptor {
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd > STDERR_FILENO) ::close(fd);
  }
  int fd;
};

Result<void> check_opened(const std::string& path, const Descriptor& file) {
  if (file.fd < 0) {
    const int code = errno;
    if (code == ENOENT) return broken(path, "there is no such file", "check the path");
    if (code == EACCES) return broken(path, "the file may not be read", "check its permissions");
    return broken(path, "the file cannot be opened: " + system_reason(code), "check the path");
  }
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) return broken(path, system_reason(errno), "check the path", ErrorKind::io);
  if (S_ISDIR(status.st_mode)) return broken(path, "this is a directory", "name a file in it");
  return {};
}

Result<std::string> read_bytes(const std::string& path, const std::string& name, std::size_t most) {
  const Descriptor file(path == "-" ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  TRY_VOID(check_opened(name, file));
  std::string bytes;
  for (std::size_t size = 0;;) {
    bytes.resize(size + chunk_bytes + size / 2);
    const ssize_t got = ::read(file.fd, bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return broken(name, "reading failed: " + system_reason(errno), "try again", ErrorKind::io);
    size += static_cast<std::size_t>(got);
    if (size > most) return too_large(name, most);
    if (got == 0) return bytes.resize(size), bytes;
  }
}

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

/// zlib's inflater for gzip streams, released when it goes.
struct Inflater {
  Inflater() { ready = ::inflateInit2(&stream, 16 + MAX_WBITS) == Z_OK; }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready) ::inflateEnd(&stream);
  }
  z_stream stream{};
  bool ready{false};
};

/// The whole content of one or several gzip streams, one after another as gzip defines (RFC 1952, section 2.2).
Result<std::string> decompress(std::string_view packed, const std::string& name, std::size_t most) {
  Inflater inflater;
  if (!inflater.ready) return broken(name, "there is no memory to decompress it", "free some", ErrorKind::io);
  z_stream& stream = inflater.stream;
  std::string bytes;
  std::size_t taken = 0, size = 0;
  for (;;) {
    bytes.resize(std::max(bytes.size(), size + chunk_bytes + size / 2));
    const std::size_t offered = std::min(packed.size() - taken, std::size_t{1} << 30);
    const std::size_t room = std::min(bytes.size() - size, std::size_t{1} << 30);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data() + taken));  // zlib does not write to it
    stream.avail_in = static_cast<uInt>(offered);
    stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + size);
    stream.avail_out = static_cast<uInt>(room);
    const int code = ::inflate(&stream, Z_NO_FLUSH);
    taken += offered - stream.avail_in;
    size += room - stream.avail_out;
    if (size > most) return too_large(name, most);
    if (code == Z_STREAM_END) {
      if (taken == packed.size()) return bytes.resize(size), bytes;
      if (!is_gzip(packed.substr(taken))) return broken(name, "bytes follow the gzip stream", "compress it again");
      ::inflateReset(&stream);
    } else if (code == Z_BUF_ERROR || (code == Z_OK && taken == packed.size() && stream.avail_out > 0)) {
      return broken(name, "the gzip stream is cut short", "fetch or compress the file again");
    } else if (code != Z_OK) {
      return broken(name, "the gzip stream is damaged", "fetch or compress the file again");
    }
  }
}

/// Length of the UTF-8 sequence at the front, or 0 if there is none: RFC 3629, section 4.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  const auto follows = [&](std::size_t i, unsigned low = 0x80, unsigned high = 0xBF) {
    return byte(i) >= low && byte(i) <= high;
  };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first <= 0xDF) return follows(1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    const bool second = follows(1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF);
    return second && follows(2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool second = follows(1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF);
    return second && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

bool is_plain(char c) { return (c >= ' ' && c < '\x7f') || c == '\t' || c == '\r'; }

/// Checks one line; the place of its first fault is in the error.
Result<void> check_line(std::string_view line, const std::string& file, std::int64_t number) {
  if (line.size() > limits::line_bytes) {
    return fail({.message = "line " + std::to_string(number) + " is longer than " +
                            std::to_string(limits::line_bytes >> 20) + " MiB",
                 .place = {.file = file, .line = number},
                 .remedy = "break it into lines"});
  }
  for (std::size_t at = 0; at < line.size();) {
    if (is_plain(line[at])) {
      ++at;
      continue;
    }
    const std::size_t length = sequence_length(line.substr(at));
    const bool control = length == 1;
    if (length == 0 || control) {
      return fail({.message = (control ? "control character " : "not UTF-8: byte ") + hex_byte(line[at]),
                   .place = {.file = file, .line = number, .column = static_cast<std::int64_t>(at) + 1},
                   .remedy = control ? "remove it" : "save the file as UTF-8"});
    }
    at += length;
  }
  return {};
}

}  // namespace

Result<std::string> read_file(const std::string& path, std::size_t most) {
  const std::string name = path == "-" ? "standard input" : path;
  try {
    Result<std::string> bytes = read_bytes(path, name, most);
    if (!bytes || !is_gzip(*bytes)) return bytes;
    return decompress(*bytes, name, most);
  } catch (const std::bad_alloc&) {
    return broken(name, "there is not enough memory for it", "split it into smaller files", ErrorKind::io);
  }
}

Result<std::string> read_text(const std::string& path) {
  std::string text = TRY(read_file(path));
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  TRY_VOID(check_text(text, path == "-" ? "standard input" : path));
  return text;
}

Result<void> check_text(std::string_view text, const std::string& file) {
  std::int64_t number = 1;
  for (std::size_t at = 0; at < text.size(); ++number) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    TRY_VOID(check_line(text.substr(at, end - at), file, number));
    at = end + 1;
  }
  return {};
}

namespace {

Result<void> write_all(int fd, std::string_view text, const std::string& path) {
  while (!text.empty()) {
    const ssize_t put = ::write(fd, text.data(), text.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return broken(path, "writing failed: " + system_reason(errno), "check the disk", ErrorKind::io);
    text.remove_prefix(static_cast<std::size_t>(put));
  }
  return {};
}

tl::unexpected<Error> not_written(const std::string& path, int code) {
  return broken(path, "the file cannot be written: " + system_reason(code), "check the path and its permissions",
                ErrorKind::io);
}

Result<void> write_directly(const std::string& path, std::string_view text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.fd < 0) return not_written(path, errno);
  return write_all(file.fd, text, path);
}

/// What a symbolic link points to, so that the link stays one; any other name as it is.
std::string target_of(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return path;
  char* const resolved = ::realpath(path.c_str(), nullptr);
  std::string target = resolved == nullptr ? path : resolved;
  std::free(resolved);
  return target;
}

/// Opens a new file beside `path`; no other writer, in this process or another, has its name.
int open_beside(const std::string& path, std::string& part) {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    part = path + ".part-" + std::to_string(::getpid()) + "-" + std::to_string(attempt);
    const int fd = ::open(part.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST) return fd;
  }
  return -1;
}

}  // namespace

Result<void> write_file_atomically(const std::string& name, std::string_view text) {
  struct stat status {};
  const std::string path = target_of(name);
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (exists && !S_ISREG(status.st_mode)) return write_directly(path, text);

  std::string part;
  const Descriptor file(open_beside(path, part));
  if (file.fd < 0) return not_written(path, errno);
  if (exists) static_cast<void>(::fchmod(file.fd, status.st_mode & 07777));
  Result<void> written = write_all(file.fd, text, path);
  if (written && ::fsync(file.fd) != 0) written = not_written(path, errno);
  if (written && ::rename(part.c_str(), path.c_str()) != 0) written = not_written(path, errno);
  if (!written) ::unlink(part.c_str());
  return written;
}

}  // namespace margrave
