// SPDX-License-Identifier: Apache-2.0
// What: broker messages decoded and encoded, and the way of an order from decision to the bytes of its connection.
// Why: every tick and every order of a session goes through here. Input: the golden frames of tests/reference.
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <nlohmann/json.hpp>

#include <alaris/policy/order_rules.hpp>

#include "../support/ratios.hpp"
#include "gateway/codec.hpp"
#include "gateway/handshake.hpp"
#include "gateway/order_desk.hpp"

namespace {

using namespace alaris;
using namespace alaris::gateway;

/// The payload of a golden frame by its name.
std::string golden(const std::string& file, const std::string& name) {
  std::ifstream in(std::filesystem::path(ALARIS_SOURCE_DIR) / "tests/reference/tws-golden" / file);
  const nlohmann::json file_of_cases = nlohmann::json::parse(in);
  for (const auto& test : file_of_cases.at("cases")) {
    if (test.at("name") != name) continue;
    const std::string hex = test.at("hex");
    std::string bytes;
    for (std::size_t i = 8; i < hex.size(); i += 2)
      bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
    return bytes;
  }
  return {};
}

template <class M>
void decode(benchmark::State& state, const std::string& file, const std::string& name) {
  const std::string payload = golden(file, name);
  const auto once = decode_gateway(payload);
  if (!once || !std::holds_alternative<M>(*once)) return state.SkipWithError("wrong answer");
  for (auto _ : state) benchmark::DoNotOptimize(decode_gateway(payload));
  state.SetItemsProcessed(state.iterations());
}

PlaceOrder golden_order(const std::string& name) {
  const auto message = decode_client(golden("client-orders.json", name));
  return message && std::holds_alternative<PlaceOrder>(*message) ? std::get<PlaceOrder>(*message) : PlaceOrder{};
}

void encode(benchmark::State& state, const std::string& name) {
  const PlaceOrder order = golden_order(name);
  std::string out;
  if (!append_frame(out, order) || out.substr(4) != golden("client-orders.json", name))
    return state.SkipWithError("wrong answer");
  for (auto _ : state) {
    out.clear();
    benchmark::DoNotOptimize(append_frame(out, order));
  }
  state.SetItemsProcessed(state.iterations());
}

// ---- from decision to bytes -----------------------------------------------------------------------------------------

struct NothingAlive {
  double same_intent_alive = 0;
};
struct NoBook {
  [[nodiscard]] std::vector<PositionLine> lines_with(const ComboOrder&) const { return {}; }
  [[nodiscard]] RiskFigures figures_with(const ComboOrder&) const { return {0.0, 1.0, 0.0, 1.0}; }
};
/// Accepts everything and keeps it in memory: the cost of the disk is stated apart.
class MemoryStorage final : public JournalStorage {
 public:
  bool read(std::string& all) override { return all = bytes_, true; }
  bool append(std::string_view bytes) override { return bytes_ += bytes, true; }
  bool sync() override { return true; }
  bool truncate(std::size_t size) override { return bytes_.resize(size), true; }

 private:
  std::string bytes_{};
};

Session ready_session() {
  SessionSettings settings;
  settings.account = "DU1234567", settings.messages_per_second = 1e9, settings.burst = 1e9;
  Session session(settings, 1);
  const Instant now{};
  session.start(now), session.connected(now);
  const auto says = [&](const auto& message) { session.received(now, *frame_of(message)); };
  session.received(now, frame_of_reply({178, "now"}));
  says(ManagedAccounts{"DU1234567"}), says(NextValidId{1}), says(CurrentTime{1});
  says(OpenOrderEnd{}), says(OpenOrderEnd{});
  says(ExecutionDetailsEnd{1'500'000'000}), says(CompletedOrdersEnd{}), says(PositionEnd{});
  says(AccountSummaryEnd{1'500'000'001});
  return session;
}

/// Two ends of a TCP connection over the loopback interface.
class Loopback {
 public:
  Loopback() {
    const int listener = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET, at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    auto* address = reinterpret_cast<sockaddr*>(&at);
    bool made = ::bind(listener, address, size) == 0 && ::listen(listener, 1) == 0;
    made = made && ::getsockname(listener, address, &size) == 0;
    near_ = ::socket(AF_INET, SOCK_STREAM, 0);
    made_ = made && ::connect(near_, address, size) == 0;
    far_ = made_ ? ::accept(listener, nullptr, nullptr) : -1;
    const int on = 1;
    ::setsockopt(near_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::close(listener);
  }
  ~Loopback() { ::close(near_), ::close(far_); }
  Loopback(const Loopback&) = delete;
  Loopback& operator=(const Loopback&) = delete;
  [[nodiscard]] bool write(const std::string& bytes) const {
    return made_ && ::send(near_, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size());
  }
  [[nodiscard]] bool read(std::size_t count) const {
    std::string bytes(count, '\0');
    return ::recv(far_, bytes.data(), count, MSG_WAITALL) == static_cast<ssize_t>(count);
  }

 private:
  int near_ = -1, far_ = -1;
  bool made_ = false;
};

/// Gate passed, intent into the journal, frame made, bytes taken by the system.
void decide_to_bytes(benchmark::State& state, JournalStorage& storage) {
  Session session = ready_session();
  if (session.phase() != SessionPhase::ready) return state.SkipWithError("the session is not ready");
  OrderDesk desk(storage, 7);
  if (!desk.recover(Instant{})) return state.SkipWithError("no journal");
  const Gate<all_of<DuplicateIntent>, all_of<DuplicateIntent>> gate{{}, {}};
  const OptionContract near{make_date(2026, 12, 18), *Strike::from_dollars(250.0), OptionType::call};
  const OptionContract far{make_date(2027, 1, 15), *Strike::from_dollars(250.0), OptionType::call};
  const Loopback socket;
  std::vector<double> micros;
  int number = desk.highest_order_id();
  Instant now{};
  for (auto _ : state) {
    now += std::chrono::seconds(1);
    const auto before = std::chrono::steady_clock::now();
    ComboOrder order{"bench-" + std::to_string(++number), "AAPL", {{near, -1}, {far, 1}}, 2, 3.15, OrderPurpose::entry};
    const auto sendable = gate.pass(std::move(order), NothingAlive{}, NothingAlive{}, NoBook{}, TradingState::active);
    const auto place = desk.intend(now, *sendable, number, {800100101, 800100102}, "DU1234567");
    if (!place || !session.place(now, *place)) return state.SkipWithError("not placed");
    const std::string bytes = session.take_bytes();
    if (!socket.write(bytes)) return state.SkipWithError("not written");
    micros.push_back(std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - before).count());
    if (!socket.read(bytes.size())) return state.SkipWithError("not read");
    (void)session.take_events();
  }
  std::sort(micros.begin(), micros.end());
  state.counters["p50_us"] = micros[micros.size() / 2];
  state.counters["p99_us"] = micros[micros.size() * 99 / 100];
}

void decide_in_memory(benchmark::State& state) {
  MemoryStorage storage;
  decide_to_bytes(state, storage);
}
void decide_on_disk(benchmark::State& state) {
  const auto path = std::filesystem::temp_directory_path() / ("alaris-bench-" + std::to_string(::getpid()) + ".alj");
  std::filesystem::remove(path);
  {
    FileStorage storage(path);
    decide_to_bytes(state, storage);
  }
  std::filesystem::remove(path);
}

constexpr auto decode_tickPrice = decode<TickPrice>;
constexpr auto decode_orderStatus = decode<OrderStatus>;
constexpr auto decode_execDetails = decode<ExecutionDetails>;
constexpr auto decode_openOrder = decode<OpenOrder>;

BENCHMARK_CAPTURE(decode_tickPrice, golden, "gateway-marketdata.json", "tickPrice_bid")->Name("tickPrice decoded");
BENCHMARK_CAPTURE(decode_orderStatus, golden, "gateway-orders.json", "orderStatus_filled")->Name("orderStatus decoded");
BENCHMARK_CAPTURE(decode_execDetails, golden, "gateway-orders.json", "execDetails_leg_near")
    ->Name("execDetails decoded");
BENCHMARK_CAPTURE(decode_openOrder, golden, "gateway-orders.json", "openOrder_bag_calendar")
    ->Name("openOrder of a calendar decoded");
BENCHMARK_CAPTURE(encode, placeOrder_option, "placeOrder_option_lmt_buy")->Name("placeOrder of one option encoded");
BENCHMARK_CAPTURE(encode, placeOrder_calendar, "placeOrder_bag_calendar_lmt_debit")
    ->Name("placeOrder of a calendar encoded");
BENCHMARK(decide_in_memory)->Name("decision to bytes/Alaris, journal in memory")->Iterations(20000);
BENCHMARK(decide_on_disk)->Name("decision to bytes/journal synced to the disk")->Iterations(300);

}  // namespace

int main(int argc, char** argv) {
  return bench::main(argc, argv);
}
