// SPDX-License-Identifier: Apache-2.0
#include "gateway/codec.hpp"

#include <utility>

#include "gateway/field_reader.hpp"

namespace alaris::gateway {
namespace {

template <class Either>
expected<std::string, WireFault> frame_of_any(const Either& message, int server) {
  return std::visit([&](const auto& m) { return frame_of(m, server); }, message);
}

template <class M, class Either>
expected<Either, WireFault> decode_as(FieldReader& reader) {
  M message;
  M::fields(reader, message);
  if (reader.fault()) return unexpected(*reader.fault());
  return Either(std::move(message));
}

template <class Either, std::size_t... I>
expected<Either, WireFault> decode_any(FieldReader reader, std::index_sequence<I...>) {
  const int id = reader.message_id();
  if (reader.fault()) return unexpected(*reader.fault());
  using Decode = expected<Either, WireFault> (*)(FieldReader&);
  Decode decode = nullptr;
  const auto consider = [&]<class M>(const M*) {
    if (id == M::id) decode = decode_as<M, Either>;
  };
  (consider(static_cast<const std::variant_alternative_t<I, Either>*>(nullptr)), ...);
  if (!decode) return unexpected(WireFault{WireError::unknown_message, id, 0});
  return decode(reader);
}

}  // namespace

expected<std::string, WireFault> frame_of(const ClientMessage& message, int server) {
  return frame_of_any(message, server);
}
expected<std::string, WireFault> frame_of(const GatewayMessage& message, int server) {
  return frame_of_any(message, server);
}
expected<GatewayMessage, WireFault> decode_gateway(std::string_view payload, int server) {
  return decode_any<GatewayMessage>(FieldReader(payload, server),
                                    std::make_index_sequence<std::variant_size_v<GatewayMessage>>{});
}
expected<ClientMessage, WireFault> decode_client(std::string_view payload, int server) {
  return decode_any<ClientMessage>(FieldReader(payload, server, true),
                                   std::make_index_sequence<std::variant_size_v<ClientMessage>>{});
}

}  // namespace alaris::gateway
