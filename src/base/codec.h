#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/digest.h"
#include "base/fields.h"
#include "base/limits.h"
#include "base/result.h"
#include "base/wide.h"

namespace margrave {

/// Canonical bytes: the same value has one encoding on every machine. Integers and IEEE bits little-endian and of fixed
/// width, bool and enums as their integer, text and vectors as a 64-bit count and their content, an optional as one
/// byte and its content, a struct as its fields() in order, no padding. What is hashed, journaled and sent is this.
class Encoder {
 public:
  template <class T>
  void put(const T& value) {
    if constexpr (std::is_enum_v<T>) {
      put(static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::same_as<T, double>) {
      put(std::bit_cast<std::uint64_t>(value));
    } else if constexpr (std::integral<T> || std::same_as<T, i128> || std::same_as<T, u128>) {
      std::byte bytes[sizeof(T)];
      for (std::size_t i = 0; i < sizeof(T); ++i)
        bytes[i] = static_cast<std::byte>(static_cast<unsigned char>(value >> (8 * i)));
      append(bytes, sizeof(T));
    } else if constexpr (HasFields<T>) {
      for_each_field(value, [&](std::string_view, const auto& member) { put(member); });
    } else {
      put_parts(value);
    }
  }

  /// Room for so many bytes: encoding a large value then does not move what is written.
  void reserve(std::size_t bytes) { bytes_.reserve(bytes); }
  const std::vector<std::byte>& bytes() const { return bytes_; }

 private:
  void append(const void* from, std::size_t count) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + count);
    if (count > 0) std::memcpy(bytes_.data() + at, from, count);
  }
  void put_parts(const std::string& text) {
    put(static_cast<std::uint64_t>(text.size()));
    append(text.data(), text.size());
  }
  template <class T>
  void put_parts(const std::vector<T>& list) {
    put(static_cast<std::uint64_t>(list.size()));
    for (const T& item : list) put(item);
  }
  template <class T>
  void put_parts(const std::optional<T>& maybe) {
    put(static_cast<std::uint8_t>(maybe.has_value()));
    if (maybe) put(*maybe);
  }

  std::vector<std::byte> bytes_;
};

/// Reads what Encoder wrote. Any bytes are safe: a wrong length, a wrong flag or bytes left over are an Error.
class Decoder {
 public:
  explicit Decoder(Bytes bytes) : rest_(bytes) {}

  template <class T>
  Result<void> get(T& value) {
    if constexpr (std::is_enum_v<T>) {
      std::underlying_type_t<T> raw{};
      TRY_VOID(get(raw));
      value = static_cast<T>(raw);
      return {};
    } else if constexpr (std::same_as<T, double>) {
      std::uint64_t bits = 0;
      TRY_VOID(get(bits));
      value = std::bit_cast<double>(bits);
      return {};
    } else if constexpr (std::same_as<T, bool>) {
      std::uint8_t flag = 0;
      TRY_VOID(get(flag));
      if (flag > 1) return fail({.message = "a flag is neither 0 nor 1"});
      value = flag == 1;
      return {};
    } else if constexpr (std::integral<T> || std::same_as<T, i128> || std::same_as<T, u128>) {
      if (rest_.size() < sizeof(T)) return fail({.message = "the bytes end early"});
      u128 word = 0;
      for (std::size_t i = 0; i < sizeof(T); ++i) word |= static_cast<u128>(rest_[i]) << (8 * i);
      rest_ = rest_.subspan(sizeof(T));
      value = static_cast<T>(word);
      return {};
    } else if constexpr (HasFields<T>) {
      Result<void> result;
      for_each_field(value, [&](std::string_view, auto& member) {
        if (result) result = get(member);
      });
      return result;
    } else {
      return get_parts(value);
    }
  }

  bool at_end() const { return rest_.empty(); }

 private:
  Result<std::size_t> count() {
    std::uint64_t n = 0;
    TRY_VOID(get(n));
    // Every element takes a byte at least, so a count larger than what is left is a lie and must not be allocated.
    if (n > rest_.size()) return fail({.message = "a count is larger than the bytes that follow"});
    return static_cast<std::size_t>(n);
  }
  Result<void> get_parts(std::string& text) {
    const std::size_t n = TRY(count());
    text.assign(reinterpret_cast<const char*>(rest_.data()), n);
    rest_ = rest_.subspan(n);
    return {};
  }
  template <class T>
  Result<void> get_parts(std::vector<T>& list) {
    const std::size_t n = TRY(count());
    list.clear();
    for (std::size_t i = 0; i < n; ++i) TRY_VOID(get(list.emplace_back()));
    return {};
  }
  template <class T>
  Result<void> get_parts(std::optional<T>& maybe) {
    bool there = false;
    TRY_VOID(get(there));
    if (!there) return maybe.reset(), Result<void>{};
    return get(maybe.emplace());
  }

  Bytes rest_;
};

template <class T>
std::vector<std::byte> encode(const T& value) {
  Encoder encoder;
  encoder.put(value);
  return encoder.bytes();
}

template <class T>
Result<T> decode(Bytes bytes) {
  Decoder decoder(bytes);
  T value{};
  TRY_VOID(decoder.get(value));
  if (!decoder.at_end()) return fail({.message = "bytes are left over after the value"});
  return value;
}

template <class T>
Digest digest_of(const T& value) {
  return digest(Bytes(encode(value)));
}

}  // namespace margrave
