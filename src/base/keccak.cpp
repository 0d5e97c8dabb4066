#include "base/keccak.h"

#include <bit>
#include <cstdint>
#include <cstring>

namespace margrave {
namespace {

constexpr std::size_t rate = 136;  // bytes absorbed per permutation
using Lanes = std::array<std::uint64_t, 25>;

// iota: round constants of the reference, section 1.2.
constexpr std::array<std::uint64_t, 24> round_constants = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B,
    0x0000000080000001, 0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088,
    0x0000000080008009, 0x000000008000000A, 0x000000008000808B, 0x800000000000008B, 0x8000000000008089,
    0x8000000000008003, 0x8000000000008002, 0x8000000000000080, 0x000000000000800A, 0x800000008000000A,
    0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// rho and pi walk the lanes along one cycle: lane (x, y) goes to (y, 2x + 3y), turned by the t-th triangular number.
struct Step {
  std::size_t to;
  int turn;
};
constexpr std::array<Step, 24> rho_pi = [] {
  std::array<Step, 24> steps{};
  std::size_t x = 1, y = 0;
  for (std::size_t t = 0; t < 24; ++t) {
    const std::size_t next = (2 * x + 3 * y) % 5;
    x = y;
    y = next;
    steps[t] = {x + 5 * y, static_cast<int>((t + 1) * (t + 2) / 2 % 64)};
  }
  return steps;
}();

void permute(Lanes& a) {
  for (const std::uint64_t constant : round_constants) {
    std::array<std::uint64_t, 5> parity{};
    for (std::size_t i = 0; i < 25; ++i) parity[i % 5] ^= a[i];
    for (std::size_t i = 0; i < 25; ++i) a[i] ^= parity[(i + 4) % 5] ^ std::rotl(parity[(i + 1) % 5], 1);
    std::uint64_t moving = a[1];
    for (const Step& step : rho_pi) {
      const std::uint64_t displaced = a[step.to];
      a[step.to] = std::rotl(moving, step.turn);
      moving = displaced;
    }
    for (std::size_t y = 0; y < 25; y += 5) {
      const std::array<std::uint64_t, 5> row = {a[y], a[y + 1], a[y + 2], a[y + 3], a[y + 4]};
      for (std::size_t x = 0; x < 5; ++x) a[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    a[0] ^= constant;
  }
}

void absorb(Lanes& a, const std::byte* block) {
  static_assert(std::endian::native == std::endian::little);
  for (std::size_t i = 0; i < rate / 8; ++i) {
    std::uint64_t lane = 0;
    std::memcpy(&lane, block + 8 * i, 8);
    a[i] ^= lane;
  }
  permute(a);
}

Hash256 tagged(unsigned char tag, Bytes first, Bytes second) {
  std::vector<std::byte> bytes{std::byte{tag}};
  bytes.insert(bytes.end(), first.begin(), first.end());
  bytes.insert(bytes.end(), second.begin(), second.end());
  return keccak256(Bytes(bytes));
}

Hash256 node(const Hash256& left, const Hash256& right) { return tagged(1, left.bytes, right.bytes); }

Hash256 sealed(std::size_t count, const Hash256& top) {
  std::array<std::byte, 8> size{};
  for (std::size_t i = 0; i < 8; ++i) size[i] = static_cast<std::byte>(static_cast<unsigned char>(count >> (8 * i)));
  return tagged(2, size, top.bytes);
}

void raise_one_level(std::vector<Hash256>& level) {
  const std::size_t pairs = level.size() / 2;
  for (std::size_t i = 0; i < pairs; ++i) level[i] = node(level[2 * i], level[2 * i + 1]);
  if (level.size() % 2 == 1) level[pairs] = level.back();
  level.resize((level.size() + 1) / 2);
}

}  // namespace

Hash256 keccak256(Bytes bytes) {
  Lanes state{};
  std::size_t done = 0;
  for (; bytes.size() - done >= rate; done += rate) absorb(state, bytes.data() + done);
  std::array<std::byte, rate> last{};
  if (done < bytes.size()) std::memcpy(last.data(), bytes.data() + done, bytes.size() - done);
  last[bytes.size() - done] |= std::byte{0x01};
  last[rate - 1] |= std::byte{0x80};
  absorb(state, last.data());
  Hash256 hash;
  std::memcpy(hash.bytes.data(), state.data(), hash.bytes.size());
  return hash;
}

Hash256 keccak256(std::string_view text) { return keccak256(std::as_bytes(std::span(text.data(), text.size()))); }

std::string to_string(const Hash256& hash) {
  std::string text;
  for (const std::byte b : hash.bytes) {
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) >> 4];
    text += "0123456789abcdef"[std::to_integer<unsigned>(b) & 15];
  }
  return text;
}

Hash256 merkle_leaf(Bytes bytes) { return tagged(0, bytes, {}); }

Hash256 merkle_root(std::vector<Hash256> leaves) {
  CHECK(!leaves.empty());
  const std::size_t count = leaves.size();
  while (leaves.size() > 1) raise_one_level(leaves);
  return sealed(count, leaves[0]);
}

MerkleProof merkle_proof(std::vector<Hash256> leaves, std::size_t index) {
  CHECK(index < leaves.size());
  MerkleProof proof{.index = index, .count = leaves.size()};
  for (; leaves.size() > 1; index /= 2) {
    const std::size_t sibling = index ^ 1;
    if (sibling < leaves.size()) proof.siblings.push_back(leaves[sibling]);
    raise_one_level(leaves);
  }
  return proof;
}

bool merkle_verify(const Hash256& root, const Hash256& leaf, const MerkleProof& proof) {
  if (proof.index >= proof.count) return false;
  Hash256 top = leaf;
  std::size_t used = 0, index = proof.index;
  for (std::size_t width = proof.count; width > 1; width = width / 2 + width % 2, index /= 2) {
    if ((index ^ 1) >= width) continue;  // the last node of an odd level moves up unchanged
    if (used == proof.siblings.size()) return false;
    const Hash256& sibling = proof.siblings[used++];
    top = index % 2 == 0 ? node(top, sibling) : node(sibling, top);
  }
  return used == proof.siblings.size() && sealed(proof.count, top) == root;
}

}  // namespace margrave
