#include "base/keccak.h"

#include <gtest/gtest.h>

#include "base/random.h"

namespace margrave {
namespace {

// The empty string and "abc": the Ethereum yellow paper and the Keccak team's known answers. The long ones: a separate
// implementation in another language, itself checked against SHA3-256, which differs in the padding byte only.
TEST(Keccak256, MatchesPublishedVectors) {
  EXPECT_EQ(to_string(keccak256("")), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  EXPECT_EQ(to_string(keccak256("abc")), "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45");
}

TEST(Keccak256, CrossesTheRateOf136Bytes) {
  const auto of_a = [](std::size_t n) { return to_string(keccak256(std::string(n, 'a'))); };
  EXPECT_EQ(of_a(135), "34367dc248bbd832f4e3e69dfaac2f92638bd0bbd18f2912ba4ef454919cf446");
  EXPECT_EQ(of_a(136), "a6c4d403279fe3e0af03729caada8374b5ca54d8065329a3ebcaeb4b60aa386e");
  EXPECT_EQ(of_a(137), "d869f639c7046b4929fc92a4d988a8b22c55fbadb802c0c66ebcd484f1915f39");
  EXPECT_EQ(of_a(300), "5b7e0e47a96f32a88b4f14ca177982790807c40e1a105742ba0fc1babe1ef826");
  std::string every_byte;
  for (int i = 0; i < 1280; ++i) every_byte += static_cast<char>(i);
  EXPECT_EQ(to_string(keccak256(every_byte)), "9d1ff092a1e205a727a9d8ff51db9d07399185e733560cf9107ae14b77d3a080");
}

std::vector<Hash256> some_leaves(std::size_t count) {
  std::vector<Hash256> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(merkle_leaf(Bytes(keccak256(std::to_string(i)).bytes)));
  return leaves;
}

TEST(MerkleTree, EveryLeafOfEverySizeIsProven) {
  for (std::size_t count = 1; count <= 33; ++count) {
    const auto leaves = some_leaves(count);
    const Hash256 root = merkle_root(leaves);
    for (std::size_t i = 0; i < count; ++i) EXPECT_TRUE(merkle_verify(root, leaves[i], merkle_proof(leaves, i)));
  }
}

TEST(MerkleTree, WrongLeafPlaceSizeOrSiblingIsRejected) {
  const auto leaves = some_leaves(13);
  const Hash256 root = merkle_root(leaves);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    const MerkleProof good = merkle_proof(leaves, i);
    EXPECT_FALSE(merkle_verify(root, leaves[(i + 1) % 13], good));
    MerkleProof bad = good;
    bad.index = (i + 1) % 13;
    EXPECT_FALSE(merkle_verify(root, leaves[i], bad));
    bad = good;
    bad.count = 14;
    EXPECT_FALSE(merkle_verify(root, leaves[i], bad));
    bad = good;
    bad.siblings.push_back(root);
    EXPECT_FALSE(merkle_verify(root, leaves[i], bad));
    bad = good;
    bad.siblings.pop_back();
    EXPECT_FALSE(merkle_verify(root, leaves[i], bad));
    for (std::size_t s = 0; s < good.siblings.size(); ++s) {
      bad = good;
      bad.siblings[s].bytes[5] ^= std::byte{1};
      EXPECT_FALSE(merkle_verify(root, leaves[i], bad));
    }
  }
}

TEST(MerkleTree, RepeatingTheLastLeafChangesTheRoot) {
  auto leaves = some_leaves(3);
  const Hash256 root = merkle_root(leaves);
  leaves.push_back(leaves.back());
  EXPECT_NE(root, merkle_root(leaves));
}

TEST(MerkleTree, AnInnerNodeIsNoLeaf) {
  const auto leaves = some_leaves(4);
  std::vector<std::byte> pair(leaves[0].bytes.begin(), leaves[0].bytes.end());
  pair.insert(pair.end(), leaves[1].bytes.begin(), leaves[1].bytes.end());
  std::vector<std::byte> pair2(leaves[2].bytes.begin(), leaves[2].bytes.end());
  pair2.insert(pair2.end(), leaves[3].bytes.begin(), leaves[3].bytes.end());
  EXPECT_NE(merkle_root(leaves), merkle_root({merkle_leaf(Bytes(pair)), merkle_leaf(Bytes(pair2))}));
}

}  // namespace
}  // namespace margrave
