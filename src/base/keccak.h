#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <string>
#include <vector>

#include "base/check.h"
#include "base/digest.h"

namespace margrave {

/// A Keccak-256 hash, as contracts compute it: unlike Digest, nobody can find two inputs with the same one.
struct Hash256 {
  std::array<std::byte, 32> bytes{};
  auto operator<=>(const Hash256&) const = default;
};

/// Keccak-256 with the original padding 0x01 (Ethereum's keccak256; NIST's SHA3-256 pads with 0x06 and differs).
/// Source: Bertoni, Daemen, Peeters, Van Assche, "The Keccak reference" 3.0 (2011): Keccak[r = 1088, c = 512], 32
/// bytes.
Hash256 keccak256(Bytes bytes);
Hash256 keccak256(std::string_view text);
/// 64 lower-case hex digits.
std::string to_string(const Hash256& hash);

/// One leaf's way to the root of a Merkle tree.
struct MerkleProof {
  std::size_t index{0};             ///< of the leaf, from 0
  std::size_t count{0};             ///< leaves of the tree
  std::vector<Hash256> siblings{};  ///< from the leaf upwards; a level where the node has no sibling gives none
};

/// Hash of a leaf: keccak256(0x00, bytes). A leaf can never be taken for a node, whose bytes begin with 0x01.
Hash256 merkle_leaf(Bytes bytes);
/// Root over n >= 1 leaf hashes: keccak256(0x02, n as 8 little-endian bytes, top), so the number of leaves is committed
/// to. An inner node is keccak256(0x01, left, right). The last node of an odd level moves up unchanged: it is not
/// paired with itself, so no two lists of leaves have one root.
Hash256 merkle_root(std::vector<Hash256> leaves);
MerkleProof merkle_proof(std::vector<Hash256> leaves, std::size_t index);
/// True when `leaf` is the hash at proof.index of the tree with this root. Any proof is safe to check.
bool merkle_verify(const Hash256& root, const Hash256& leaf, const MerkleProof& proof);

}  // namespace margrave
