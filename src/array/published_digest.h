#pragma once

#include "array/risk_array.h"
#include "base/keccak.h"

namespace margrave {

/// The root that is published for an array: a Keccak-256 Merkle tree (base/keccak.h) whose leaf i is the canonical
/// bytes of row i and whose last leaf is the canonical bytes of scenarios, weights and scalars. Against a forger,
/// unlike digest(). It costs a Keccak pass over all entries; the rows are hashed on up to `threads` threads.
struct PublishedDigest {
  Hash256 root;
  std::vector<Hash256> leaves;  ///< rows() + 1
};
PublishedDigest publish(const RiskArray& array, unsigned threads);

/// The branch of one row, or of the scenarios and scalars for row == rows().
MerkleProof prove_row(const PublishedDigest& digest, std::uint32_t row);

/// True when `row_bytes` are the canonical bytes of the row at proof.index of the array published as `root`.
bool verify_row(const Hash256& root, Bytes row_bytes, const MerkleProof& proof);

}  // namespace margrave
