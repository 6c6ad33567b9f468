// SPDX-License-Identifier: Apache-2.0
// Any bytes as a payload, from either side and at any version: a message or a fault, and what was read can be said
// again; and any bytes as what a client sends to the simulated gateway. The first byte chooses. Build with Clang:
// target alaris_fuzz_gateway; then alaris_fuzz_gateway CORPUS SEEDS.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "gateway/codec.hpp"
#include "gateway/frame.hpp"
#include "gateway/handshake.hpp"
#include "simulated_gateway/server.hpp"

using namespace alaris;
using namespace alaris::gateway;

namespace {

/// Only characters may stand in the way: text that a client must not send.
template <class Decoded>
void say_again(const Decoded& read, int version) {
  if (!read) return;
  const auto frame = frame_of(*read, version);
  if (!frame && frame.error().what != WireError::bad_text) std::abort();
}

void serve(std::string_view bytes) {
  constexpr Instant morning{std::chrono::seconds(1795444267)};
  simulated::Server server(simulated::default_scenario(make_date(2026, 11, 23)), morning, 1);
  const int id = server.accept(morning);
  server.received(morning, id, opening({100, 178}));
  server.received(morning, id, *frame_of(StartApi{7, ""}));
  // Each line of the input one payload, so that the fuzzer need not find the lengths.
  for (Instant now = morning; !bytes.empty(); now += std::chrono::milliseconds(100)) {
    const std::string_view payload = bytes.substr(0, bytes.find('\n'));
    bytes.remove_prefix(std::min(bytes.size(), payload.size() + 1));
    server.received(now, id, framed(payload));
    server.tick(now);
    (void)server.take_output();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int version = oldest_version + data[0] / 3 % 3;
  switch (data[0] % 3) {
    case 0:
      say_again(decode_gateway(bytes, version), version);
      break;
    case 1:
      say_again(decode_client(bytes, version), version);
      break;
    default:
      serve(bytes);
  }
  (void)parse_range(bytes), (void)parse_reply(bytes);
  return 0;
}
