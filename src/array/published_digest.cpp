#include "array/published_digest.h"

#include "base/parallel.h"

namespace margrave {

PublishedDigest publish(const RiskArray& array, unsigned threads) {
  PublishedDigest digest;
  digest.leaves.resize(array.rows() + 1);
  parallel_for(array.rows(), threads, [&](std::size_t row) {
    digest.leaves[row] = merkle_leaf(Bytes(array.row_bytes(static_cast<std::uint32_t>(row))));
  });
  digest.leaves.back() = merkle_leaf(Bytes(array.plan_bytes()));
  digest.root = merkle_root(digest.leaves);
  return digest;
}

MerkleProof prove_row(const PublishedDigest& digest, std::uint32_t row) { return merkle_proof(digest.leaves, row); }

bool verify_row(const Hash256& root, Bytes row_bytes, const MerkleProof& proof) {
  return merkle_verify(root, merkle_leaf(row_bytes), proof);
}

}  // namespace margrave
