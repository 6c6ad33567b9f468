// SPDX-License-Identifier: Apache-2.0
// Client, order desk, journal and gateway in one process with a simulated clock, network and disk. A seed decides every
// fault; a seed that fails prints the command that runs it again. ALARIS_SEEDS sets how many the four cases run
// together.
#include <cstdlib>
#include <filesystem>

#include <alaris/policy/limit_rules.hpp>

#include "gateway/handshake.hpp"
#include "open_gate.hpp"
#include "support/catch.hpp"
#include "world.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::test::ACalendar;
using alaris::test::calendar_of;
using alaris::test::World;
using simulated::FaultKind;
using namespace std::chrono_literals;

namespace {

constexpr int most_orders = 5;
constexpr int most_spreads = 6;  // the limit; all decisions together want nine
#if defined(__SANITIZE_ADDRESS__)
constexpr std::uint64_t all_lives = 1000;  // each takes ten times as long
#else
constexpr std::uint64_t all_lives = 10'000;
#endif
constexpr std::uint64_t cases = 4;  // they share the seeds like the processors that run them

simulated::Scenario scenario_of(std::mt19937_64& random) {
  simulated::Scenario scenario;
  simulated::SymbolPlan plan{.symbol = "AAPL", .con_id = 265598, .spot = 250.0};
  plan.expiries = {make_date(2026, 11, 27), make_date(2026, 12, 4), make_date(2026, 12, 11), make_date(2026, 12, 18)};
  plan.strikes = {250.0};
  scenario.symbols = {plan};
  scenario.fills.delay = std::chrono::milliseconds(random() % 2000);
  scenario.fills.parts = 1 + static_cast<int>(random() % 3);
  scenario.fills.reorder = random() % 2 == 0, scenario.fills.duplicate = random() % 2 == 0;
  scenario.fills.combination_row = random() % 4 != 0, scenario.fills.status_rows = random() % 4 != 0;
  for (int order = 1; order <= most_orders; ++order)
    if (random() % 4 == 0) scenario.orders.push_back({order, static_cast<simulated::OrderFate>(random() % 4)});
  return scenario;
}
/// Commissions that come late or as -1, legs that are corrected; drawn apart, so that the rest of a life stays as it
/// is.
simulated::Scenario with_revisions(simulated::Scenario scenario, std::uint64_t seed) {
  std::mt19937_64 random(seed + 25);
  scenario.fills.commission_delay = std::chrono::milliseconds(random() % 3 == 0 ? random() % 5000 : 0);
  scenario.fills.unknown_commission = random() % 4 == 0, scenario.fills.corrections = random() % 4 == 0;
  return scenario;
}

/// What would be held if everything that works filled and this order with it.
struct Projected {
  double contracts = 0.0;
  double same_intent_alive = 0.0;
};
/// The order, if no limit is exceeded whatever of it and of the others fills.
std::optional<SendableOrder<ComboOrder>> within_limits(ComboOrder order, int projected) {
  const all_of<MaxContracts<PortfolioLimits>> rules{MaxContracts{PortfolioLimits{.max_contracts = most_spreads}}};
  const all_of<DuplicateIntent> always{};
  const Projected trade{.contracts = static_cast<double>(projected)};
  auto passed = Gate{rules, always}.pass(std::move(order), trade, trade, test::OneShort{}, TradingState::active);
  if (!passed) return std::nullopt;
  return *std::move(passed);
}

/// One life of a trader among faults, and the laws it must keep whatever happens.
class Life {
 public:
  explicit Life(std::uint64_t seed, bool revises = true)
      : random_(seed),
        scenario_(revises ? with_revisions(scenario_of(random_), seed) : scenario_of(random_)),
        world_(scenario_, seed),
        calendar_(calendar_of(scenario_)) {
    world_.keep_events = false;
    world_.latency = std::chrono::microseconds(200 + random_() % 50'000);
    world_.jitter = std::chrono::microseconds(random_() % 2 * (random_() % 200'000 + 1));
    world_.on_bytes = [this](const std::string& bytes) { look_at(bytes); };
  }

  void plant_lying_disk() { world_.disk.sync_lies = true; }
  void plant_forgetful_limit() { forgets_working_ = true; }
  /// The first law that was broken, or nothing.
  std::string live() {
    const Instant end = world_.now + 15s + std::chrono::milliseconds(random_() % 15'000);
    while (world_.now < end && broken_.empty()) {
      world_.step(std::chrono::milliseconds(20 + random_() % 180));
      if (!world_.process && random_() % 10 == 0) boots();
      if (world_.process) acts();
      if (random_() % 40 == 0) suffers();
      check_halt();
      check_limit();
    }
    heals();
    check_end();
    return broken_;
  }
  [[nodiscard]] std::uint64_t trace() const {
    std::uint64_t hash = world_.trace;
    for (const char c : world_.disk.cached) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    return hash;
  }
  [[nodiscard]] int sent() const noexcept { return static_cast<int>(sent_.size()); }
  [[nodiscard]] int repriced() const noexcept { return repriced_; }
  [[nodiscard]] int kills() const noexcept { return kills_; }
  [[nodiscard]] std::size_t executed() const noexcept { return world_.server.executions().size(); }

 private:
  void breaks(const std::string& law) {
    if (broken_.empty()) broken_ = law;
  }
  void boots() {
    world_.boot();
    if (!world_.process->recovered) breaks("I1: the journal could not be recovered after a crash");
  }
  void dies() {
    ++kills_;
    world_.kill(random_() % 3 != 0);
  }

  // The decision after the k-th is the same whoever asks: a restarted process decides it again.
  [[nodiscard]] std::string reference(int k) const { return "life-" + std::to_string(k); }
  void acts() {
    auto& process = *world_.process;
    switch (random_() % 24) {
      case 0:
      case 1:
      case 2:
        decides();
        break;
      case 3: {
        for (const auto& [id, order] : process.desk.orders()) {
          if (ended(order.machine.phase()) || random_() % 2 == 0) continue;
          if (process.session.cancel(world_.now, order.order_id)) process.desk.cancel_requested(id);
          break;
        }
        world_.pump();
        break;
      }
      case 4:
        if (random_() % 6 == 0) dies();
        break;
      case 6:
        reprices();
        break;
      case 5:
        if (random_() % 20 == 0 && !halted_) {
          if (process.desk.halt("by the test")) halted_ = true;
        } else if (halted_ && random_() % 3 == 0 && process.desk.resume("looked at it")) {
          halted_ = false;
        }
        break;
      default:
        break;
    }
  }

  void decides() {
    auto& process = *world_.process;
    if (!process.session.may_trade(world_.now) || world_.disk.write_fails) return;
    int k = 0;
    while (k < most_orders && process.desk.find(reference(k))) ++k;
    if (k == most_orders) return;
    const auto point = random_() % 12;
    world_.disk.write_fails = point == 0;  // before the journal
    world_.disk.sync_fails = point == 1;   // the journal's bytes, not yet on the disk
    const int quantity = 1 + k % 3;
    const auto sendable = within_limits(calendar_.entry(reference(k), quantity, 20.0), projected() + quantity);
    if (!sendable) return void(world_.disk.write_fails = world_.disk.sync_fails = false);
    const auto place =
        process.desk.intend(world_.now, *sendable, process.session.next_order_id(), calendar_.con_ids, "DU1234567");
    if (!place) {
      if (place.error() == DeskError::halted && !halted_) breaks("I5: halted without a halt");
      if (place.error() == DeskError::duplicate_intent) breaks("I4: a decision was made twice");
      if (place.error() == DeskError::journal_failed) return dies();
      world_.disk.write_fails = world_.disk.sync_fails = false;
      return;
    }
    if (halted_) breaks("I5: an entry during a halt");
    if (point == 2) return dies();  // after the journal, before the send
    if (!process.session.place(world_.now, *place)) return process.desk.not_sent(place->order.order_id);
    if (point == 3) return dies();  // written, in no buffer of the system
    world_.pump();
    if (point == 4) return dies();  // sent, not acknowledged
  }

  /// Spreads held and working; an order that ended counts with what it filled.
  [[nodiscard]] int projected() const {
    int spreads = 0;
    for (const auto& [id, order] : world_.process->desk.orders()) {
      const bool works = !ended(order.machine.phase()) && !forgets_working_;
      spreads +=
          works || order.machine.executions_missing() ? order.machine.order().quantity : order.machine.filled_units();
    }
    return spreads;
  }
  void check_limit() {
    for (const auto& [id, contracts] : world_.server.positions())
      if (std::abs(contracts) > most_spreads) breaks("I4: a limit was exceeded by the order in which orders filled");
  }

  /// A working order moves by a cent: the same order, never another one.
  void reprices() {
    auto& process = *world_.process;
    if (!process.session.may_trade(world_.now)) return;
    for (const auto& [id, order] : process.desk.orders()) {
      if (order.machine.phase() != OrderPhase::acknowledged || random_() % 2 == 0) continue;
      ComboOrder moved = order.machine.order();
      moved.limit = order.limit.dollars() - 0.01;
      const auto place = process.desk.reprice(test::sendable(std::move(moved)), "DU1234567");
      if (place && process.session.place(world_.now, *place)) ++repriced_;
      return world_.pump();
    }
  }

  void suffers() {
    constexpr FaultKind kinds[] = {FaultKind::lose_broker,
                                   FaultKind::restore_data_lost,
                                   FaultKind::restore_data_kept,
                                   FaultKind::farm_down,
                                   FaultKind::stall,
                                   FaultKind::resume,
                                   FaultKind::close,
                                   FaultKind::restart,
                                   FaultKind::drop_after_bytes,
                                   FaultKind::roll_back_ids,
                                   FaultKind::unknown_message,
                                   FaultKind::half_open};
    const FaultKind kind = kinds[random_() % std::size(kinds)];
    const double amount = kind == FaultKind::drop_after_bytes ? static_cast<double>(random_() % 3000)
                          : kind == FaultKind::roll_back_ids  ? static_cast<double>(random_() % 3)
                                                              : static_cast<double>(random_() % 4000) / 1000.0;
    world_.server.apply(world_.now, {0ms, kind, amount, ""});
  }

  void check_halt() {
    if (world_.process && world_.process->recovered && halted_ != world_.process->desk.halted().has_value())
      breaks("I5: a halt did not survive");
  }

  /// Everything that leaves is a message of the protocol, and no order leaves before its intent is on the disk.
  void look_at(const std::string& bytes) {
    if (bytes.empty()) {
      frames_.clear();
      return void(opening_ = true);
    }
    frames_.feed(bytes);
    if (opening_) {
      if (!frames_.take(4) || !frames_.next()) return breaks("I7: the opening is not the protocol's");
      opening_ = false;
    }
    while (const auto payload = frames_.next()) {
      const auto message = decode_client(*payload);
      if (!message) return breaks("I7: something left that is no message");
      const auto* place = std::get_if<PlaceOrder>(&*message);
      if (!place) continue;
      const std::string& ref = place->order.order_ref;
      if (world_.disk.durable.find(std::string(ref) + '\0') == std::string::npos)
        breaks("I1: an order without a durable intent");
      const auto [known, first] = sent_.try_emplace(ref, place->order.order_id, place->order.limit.value_or(0.0));
      if (first) continue;
      if (known->second.first != place->order.order_id) breaks("I4: an order was sent twice");
      if (std::exchange(known->second.second, place->order.limit.value_or(0.0)) == place->order.limit)
        breaks("I4: an order was sent again at the same limit");
    }
  }

  void heals() {
    if (!broken_.empty()) return;
    const auto applies = [&](FaultKind kind) { world_.server.apply(world_.now, {0ms, kind, 0.0, ""}); };
    applies(FaultKind::resume), applies(FaultKind::half_open), applies(FaultKind::restore_data_kept);
    world_.disk.write_fails = world_.disk.sync_fails = false;
    if (world_.process && world_.process->desk.failed()) dies();
    if (!world_.process) boots();
    const Instant limit = world_.now + 10min;
    for (int quiet = 0; world_.now < limit && quiet < 30;) {
      world_.step(200ms);
      auto& process = *world_.process;
      if (process.session.phase() == SessionPhase::stopped) process.session.start(world_.now);  // a person
      const bool ready = process.session.phase() == SessionPhase::ready;
      if (ready && quiet == 5) process.session.resynchronise(world_.now, "the last look");
      quiet = ready ? quiet + 1 : std::min(quiet, 6);
    }
    if (world_.process->session.phase() != SessionPhase::ready) breaks("the session never became ready again");
  }

  void check_end() {
    if (!broken_.empty()) return;
    const OrderDesk& desk = world_.process->desk;
    std::map<int, double> ours;
    for (const auto& [holding, contracts] : desk.books().options)
      ours[holding.contract == calendar_.sold ? calendar_.con_ids[0] : calendar_.con_ids[1]] +=
          static_cast<double>(contracts);
    std::map<int, double> theirs = world_.server.positions();
    std::erase_if(theirs, [](const auto& entry) { return entry.second == 0.0; });
    if (ours != theirs) breaks("I2: our position is not the broker's");
    if (desk.books().cash != world_.server.cash() - Money::from_dollars(100'000))
      breaks("I3: an execution or a commission was not counted once");
    check_limit();
    for (const auto& [id, order] : desk.orders()) {
      const OrderPhase phase = order.machine.phase();
      bool at_broker = false, executed = false;
      for (const auto& [perm, theirs_too] : world_.server.orders())
        if (theirs_too.request.order.order_ref == id) at_broker = true, executed = executed || theirs_too.filled > 0.0;
      if (phase == OrderPhase::lost && at_broker) breaks("I6: an order the broker has was called lost");
      if (phase == OrderPhase::rejected && executed) breaks("I6: an executed order was called rejected");
      if (phase == OrderPhase::unknown || phase == OrderPhase::submitted || phase == OrderPhase::intent)
        breaks("I6: the fate of an order stayed open: " + std::string(name(phase)));
    }
    // The journal alone gives the same books.
    world_.disk.cached = world_.disk.durable;
    OrderDesk again(world_.disk, 7);
    if (!again.recover(world_.now) || again.books().options != desk.books().options ||
        again.books().cash != desk.books().cash)
      breaks("I8: the journal does not replay to the same books");
  }

  std::mt19937_64 random_;
  simulated::Scenario scenario_;
  World world_;
  ACalendar calendar_;
  FrameReader frames_{};
  bool opening_ = true;
  std::map<std::string, std::pair<int, double>> sent_{};  // order id and limit by reference
  int repriced_ = 0;
  bool forgets_working_ = false;
  bool halted_ = false;
  int kills_ = 0;
  std::string broken_{};
};

std::uint64_t number_in_environment(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text ? std::strtoull(text, nullptr, 10) : otherwise;
}

/// The command that runs one seed alone, in the case that is running.
std::string replay(std::uint64_t seed) {
  std::error_code none;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", none);
  return "\n  replay: ALARIS_SEED=" + std::to_string(seed) + " " +
         (none ? std::string("alaris_tests_gateway") : program.string()) + " '" +
         Catch::getResultCapture().getCurrentTestName() + "'";
}

/// Every fourth seed, from `first` on; the first that breaks a law fails with the command that runs it alone.
void run_seeds(std::uint64_t first) {
  const std::uint64_t only = number_in_environment("ALARIS_SEED", 0);
  const std::uint64_t count = only != 0 ? 1 : number_in_environment("ALARIS_SEEDS", all_lives) / cases;
  long sent = 0, kills = 0, executed = 0, repriced = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t seed = only != 0 ? only : first + cases * i + number_in_environment("ALARIS_SEED_OFFSET", 0);
    Life life(seed);
    const std::string broken = life.live();
    if (!broken.empty()) FAIL(broken << replay(seed));
    sent += life.sent(), kills += life.kills(), executed += static_cast<long>(life.executed());
    repriced += life.repriced();
    if (i % 100 != 0) continue;
    Life twin(seed);
    (void)twin.live();
    if (twin.trace() != life.trace()) FAIL("I8: the same seed gave another life" << replay(seed));
  }
  WARN(count << " lives, " << sent << " orders sent, " << executed << " executions, " << repriced << " moves, " << kills
             << " kills");
  if (count < 1000) return;
  CHECK(sent > static_cast<long>(count));
  CHECK(executed > static_cast<long>(count));
  CHECK(kills > static_cast<long>(count) / 10);
  CHECK(repriced > static_cast<long>(count) / 10);
}

}  // namespace

TEST_CASE("no seed loses or repeats an order: first quarter", "[gateway][simulation]") {
  run_seeds(1);
}
TEST_CASE("no seed loses or repeats an order: second quarter", "[gateway][simulation]") {
  run_seeds(2);
}
TEST_CASE("no seed loses or repeats an order: third quarter", "[gateway][simulation]") {
  run_seeds(3);
}
TEST_CASE("no seed loses or repeats an order: last quarter", "[gateway][simulation]") {
  run_seeds(4);
}

TEST_CASE("a disk that lies about what is durable is found out", "[gateway][planted]") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    Life life(seed, false);
    life.plant_lying_disk();
    found += life.live().starts_with("I1") ? 1 : 0;
  }
  CHECK(found >= 15);  // a life in which no order is sent has nothing to find
}

TEST_CASE("a limit that forgets what is working is found out", "[gateway][planted]") {
  int found = 0;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    Life life(seed, false);
    life.plant_forgetful_limit();
    found += life.live().starts_with("I4: a limit") ? 1 : 0;
  }
  CHECK(found >= 3);
}
