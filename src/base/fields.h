#pragma once

#include <string_view>
#include <tuple>

namespace margrave {

/// A name and a member: listed once per struct in fields(), read by codec, JSON and digest alike.
template <class Member>
struct Field {
  std::string_view name;
  Member member;
};
template <class Member>
constexpr Field<Member> field(std::string_view name, Member member) {
  return {name, member};
}

/// Calls visit(name, value.member) for each field, in order.
template <class Struct, class Visit>
constexpr void for_each_field(Struct& value, Visit&& visit) {
  std::apply([&](const auto&... each) { (visit(each.name, value.*(each.member)), ...); },
             std::remove_const_t<Struct>::fields());
}

template <class T>
concept HasFields = requires {
  T::fields();
};

}  // namespace margrave
