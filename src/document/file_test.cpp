#include "document/file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/limits.h"

namespace margrave {
namespace {

namespace fs = std::filesystem;

/// A folder of its own for each test, removed afterwards.
class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "margrave-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string put(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  static std::string slurp(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  fs::path folder_;
};

std::string gzip(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string packed(deflateBound(&stream, bytes.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  stream.next_out = reinterpret_cast<Bytef*>(packed.data());
  stream.avail_out = static_cast<uInt>(packed.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  packed.resize(stream.total_out);
  deflateEnd(&stream);
  return packed;
}

std::string noise(std::size_t bytes) {
  std::string text;
  for (std::size_t i = 0; text.size() < bytes; ++i) text += std::to_string(i * 2654435761u % 1000003) + "\n";
  return text;
}

std::string problem(const Result<std::string>& result) { return result ? "no error" : to_string(result.error()); }
std::string problem(const Result<void>& result) { return result ? "no error" : to_string(result.error()); }

TEST_F(File, PlainBytesComeBackUnchanged) {
  const std::string bytes = noise(1 << 20);
  EXPECT_EQ(read_file(put("a", bytes)).value(), bytes);
  EXPECT_EQ(read_file(put("empty", "")).value(), "");
}

TEST_F(File, GzipIsKnownByItsFirstBytesWhateverTheName) {
  const std::string bytes = noise(3 << 20);
  EXPECT_EQ(read_file(put("a.csv", gzip(bytes))).value(), bytes);
  EXPECT_EQ(read_file(put("two.gz", gzip("one\n") + gzip("two\n"))).value(), "one\ntwo\n");
  EXPECT_EQ(read_file(put("none.gz", gzip(""))).value(), "");
}

TEST_F(File, TruncatedGzipIsNamedAtEveryLength) {
  const std::string packed = gzip(noise(2000));
  for (std::size_t n = 2; n < packed.size(); ++n) {
    const std::string file = put("cut.gz", packed.substr(0, n));
    EXPECT_EQ(problem(read_file(file)), file + ": the gzip stream is cut short (fetch or compress the file again)")
        << n;
  }
}

TEST_F(File, DamagedGzipIsNamed) {
  std::string packed = gzip(noise(20000));
  packed[packed.size() - 6] = static_cast<char>(packed[packed.size() - 6] ^ 1);  // the checksum
  EXPECT_NE(problem(read_file(put("bad.gz", packed))).find("damaged"), std::string::npos);
  EXPECT_NE(problem(read_file(put("tail.gz", gzip("a\n") + "x"))).find("bytes follow"), std::string::npos);
}

TEST_F(File, MissingFileAndDirectoryAreInputErrorsWithARemedy) {
  const auto missing = read_file(path("none.yaml"));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, ErrorKind::input);
  EXPECT_EQ(problem(missing), path("none.yaml") + ": there is no such file (check the path)");
  EXPECT_EQ(problem(read_file(folder_.string())), folder_.string() + ": this is a directory (name a file in it)");
}

// A stream of zeros shrinks a thousandfold: a small file that would become a large one.
TEST_F(File, BombIsRefusedAtTheLimit) {
  const std::size_t most = std::size_t{4} << 20;
  const std::string file = put("bomb.gz", gzip(std::string(16 * most, '\0')));
  EXPECT_LT(fs::file_size(file), std::size_t{1} << 17);
  EXPECT_EQ(problem(read_file(file, most)), file + ": the file is larger than 4 MiB (split it into smaller files)");
  EXPECT_EQ(read_file(put("fits.gz", gzip(std::string(most, '\0'))), most)->size(), most);
  EXPECT_EQ(read_file(put("fits", std::string(most, '\0')), most)->size(), most);
  EXPECT_FALSE(read_file(put("over", std::string(most + 1, '\0')), most));
}

TEST_F(File, ByteOrderMarkIsTakenOff) { EXPECT_EQ(read_text(put("a", "\xEF\xBB\xBFkey: 1\n")).value(), "key: 1\n"); }

TEST_F(File, NotUtf8IsNamedWithLineAndColumn) {
  const std::string file = put("latin1.csv", "name\ncaf\xE9;\n");
  EXPECT_EQ(problem(read_text(file)), file + ":2:4: not UTF-8: byte 0xe9 (save the file as UTF-8)");
}

// The byte sequences of Kuhn's "UTF-8 decoder capability and stress test" that must be refused, sections 3 and 4.
TEST(Text, OverlongSurrogateAndCutSequencesAreNotUtf8) {
  for (const char* bytes : {"\x80", "\xBF", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\xAF", "\xE0\x9F\xBF", "\xED\xA0\x80",
                            "\xED\xBF\xBF", "\xF0\x80\x80\xAF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80", "\xFE", "\xFF", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\xE2\x28\xA1"}) {
    EXPECT_NE(problem(check_text(bytes, "f")).find("not UTF-8"), std::string::npos) << bytes;
  }
  for (const char* bytes : {"\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF0\x90\x80\x80",
                            "\xF4\x8F\xBF\xBF", "\xE2\x82\xAC"}) {
    EXPECT_EQ(problem(check_text(bytes, "f")), "no error") << bytes;
  }
}

TEST(Text, ControlCharactersAreRefusedButTabAndLineEnds) {
  EXPECT_EQ(problem(check_text("a\tb\r\nc\n", "f")), "no error");
  EXPECT_EQ(problem(check_text(std::string_view("a\n\0", 3), "f")), "f:2:1: control character 0x00 (remove it)");
  EXPECT_EQ(problem(check_text("ab\x04", "f")), "f:1:3: control character 0x04 (remove it)");
  EXPECT_EQ(problem(check_text("\x7f", "f")), "f:1:1: control character 0x7f (remove it)");
}

TEST(Text, LineOfTenMegabytesIsNamed) {
  const std::string text = "a\n" + std::string(10'000'000, 'x') + "\n";
  EXPECT_EQ(problem(check_text(text, "f")), "f:2: line 2 is longer than 4 MiB (break it into lines)");
  EXPECT_EQ(problem(check_text(std::string(limits::line_bytes, 'x') + "\n", "f")), "no error");
}

TEST_F(File, WritingReplacesTheWholeFileAndLeavesNothingBeside) {
  const std::string file = put("out.json", "old");
  ASSERT_EQ(::chmod(file.c_str(), 0640), 0);
  ASSERT_TRUE(write_file_atomically(file, "new content\n"));
  EXPECT_EQ(slurp(file), "new content\n");
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 07777, 0640u);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(File, WritingThroughASymbolicLinkKeepsTheLink) {
  const std::string file = put("target.txt", "old"), link = path("link.txt");
  fs::create_symlink("target.txt", link);
  ASSERT_TRUE(write_file_atomically(link, "new"));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(slurp(file), "new");
}

TEST_F(File, WritingThatFailsLeavesTheOldFile) {
  const std::string file = path("no/such/folder/out.json");
  const auto written = write_file_atomically(file, "text");
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind, ErrorKind::io);
  EXPECT_EQ(written.error().place.file, file);
  // A folder under the target's name cannot be replaced by a file: it stays and no part is left.
  fs::create_directory(folder_ / "taken");
  put("taken/inside", "kept");
  EXPECT_FALSE(write_file_atomically(path("taken"), "text"));
  EXPECT_EQ(slurp(path("taken/inside")), "kept");
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_), {}), 1);
}

TEST_F(File, DevicesAreWrittenToAndNotReplaced) {
  ASSERT_TRUE(write_file_atomically("/dev/null", "text"));
  struct stat status {};
  ASSERT_EQ(::stat("/dev/null", &status), 0);
  EXPECT_TRUE(S_ISCHR(status.st_mode));
}

}  // namespace
}  // namespace margrave
