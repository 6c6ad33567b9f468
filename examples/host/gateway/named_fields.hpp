// SPDX-License-Identifier: Apache-2.0
#pragma once
// The fields of a message with their names and their text on the wire: for logs of outgoing orders, and for tests.

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "gateway/codec.hpp"

namespace alaris::gateway {

struct NamedField {
  std::string name{};
  std::string text{};
};

/// A third archive over the same field lists; it writes each field alone and keeps its name.
class FieldNamer {
 public:
  static constexpr bool reads = false;
  [[nodiscard]] std::vector<NamedField> fields() && { return std::move(fields_); }

  [[nodiscard]] int server() const noexcept { return newest_version; }
  void message_id(int id) { (*this)("msgId", id); }
  void version(int number) { (*this)("version", number); }
  void filler(const char* name, std::string_view fixed) { keep(name, std::string(fixed)); }
  void last(const char* name, const std::string& value) { keep(name, value); }
  void fail(WireError) noexcept {}
  template <class V>
  void operator()(const char* name, const V& value) {
    write(name, [&](FieldWriter& w) { w(name, value); });
  }
  void text(const char* name, const std::string& value) { keep(name, value); }
  template <class V>
  void unset(const char* name, const V& value) {
    write(name, [&](FieldWriter& w) { w.unset(name, value); });
  }
  template <class V>
  void size(const char* name, const V& value) {
    write(name, [&](FieldWriter& w) { w.size(name, value); });
  }
  template <class T, class Each>
  void list(const char* count, const char* each_name, const std::vector<T>& entries, int, Each each) {
    keep(count, std::to_string(entries.size()));
    for (std::size_t i = 0; i < entries.size(); ++i) {
      entry_ = each_name;
      entry_ += "[" + std::to_string(i) + "]";
      each(entries[i]);
    }
    entry_.clear();
  }
  void none(const char* name) { keep(name, "0"); }

 private:
  template <class Write>
  void write(const char* name, Write one) {
    std::string frame;
    FieldWriter writer(frame);
    one(writer);
    keep(name, frame.substr(4, frame.size() - 5));
  }
  void keep(std::string_view name, std::string text) {
    std::string full = entry_;
    if (!full.empty() && !name.empty()) full += '.';
    fields_.push_back({full.append(name), std::move(text)});
  }
  std::string entry_{};
  std::vector<NamedField> fields_{};
};

template <class M>
[[nodiscard]] std::vector<NamedField> named_fields(const M& message) {
  FieldNamer namer;
  namer.message_id(M::id);
  M::fields(namer, message);
  return std::move(namer).fields();
}
template <class... Ms>
[[nodiscard]] std::vector<NamedField> named_fields(const std::variant<Ms...>& message) {
  return std::visit([](const auto& m) { return named_fields(m); }, message);
}

}  // namespace alaris::gateway
