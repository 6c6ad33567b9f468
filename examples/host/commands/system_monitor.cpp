// SPDX-License-Identifier: Apache-2.0
// system monitor: a process beside the trading one. It looks, folds alerts, tells people, halts at a P0, and shows a
// page on this machine. Telling never waits for the disk.
#include <sys/stat.h>
#include <csignal>

#include <chrono>
#include <fstream>
#include <iterator>
#include <memory>
#include <string_view>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

#include "commands/system_commands.hpp"
#include "config/secrets.hpp"
#include "operations/alert_sinks.hpp"
#include "operations/loopback_server.hpp"
#include "operations/observe.hpp"
#include "operations/service_notice.hpp"
#include "operations/status_text.hpp"
#include "operations/trading_folder.hpp"

namespace alaris::host {
namespace {

using namespace std::chrono_literals;
using Json = nlohmann::ordered_json;

volatile std::sig_atomic_t end_wanted = 0;

extern "C" void want_end(int) {
  end_wanted = 1;
}

struct MonitorOptions {
  int port = 9464;
  double every = 1;  // seconds
  bool once = false;
  std::string smtp_url{}, mail_from{}, mail_to{}, mail_user{};
};

AlertSinks sinks_of(const MonitorOptions& options) {
  AlertSinks sinks;
  if (const auto url = read_secret("ALARIS_WEBHOOK_URL")) sinks.webhook = WebhookSink{url->reveal()};
  if (options.smtp_url.empty()) return sinks;
  if (options.mail_from.empty() || options.mail_to.empty())
    throw HostError(ExitCode::usage, "--smtp-url needs --mail-from and --mail-to");
  sinks.mail = MailSink{options.smtp_url, options.mail_from, options.mail_to, options.mail_user, {}};
  if (const auto password = read_secret("ALARIS_SMTP_PASSWORD")) sinks.mail->password = password->reveal();
  return sinks;
}

class Monitor {
 public:
  Monitor(const MonitorOptions& options, CheckLimits limits, std::chrono::minutes digest_at)
      : limits_(limits),
        digest_at_(digest_at),
        places_(places_of_process()),
        board_(board_in(places_, system_clock_now())),
        digested_(system_clock_now()),
        courier_(sinks_of(options)) {}

  void look() {
    const Instant now = system_clock_now();
    const bool whole = !journal_read_ || now - *journal_read_ >= 1h || now < *journal_read_;
    Observations seen = observe(places_, now, whole ? JournalLook::whole : JournalLook::skip);
    if (whole) {
      journal_read_ = now;
      journal_known_ = seen.journal_known, journal_damaged_ = seen.journal_damaged;
    }
    seen.journal_known = journal_known_, seen.journal_damaged = journal_damaged_;
    rows_ = judge(seen, limits_);
    std::vector<Announcement> told = heed_word(now);
    const auto observed =
        board_.observe(now, conditions_of(rows_, seen),
                       {.positions_open = seen.positions_open, .planned_window = seen.planned_window});
    told.insert(told.end(), observed.begin(), observed.end());
    // First what protects, then what remembers, then what tells. As long as it stands, whatever anybody resumed.
    if (board_.needs_a_person() && !seen.halted) halt();
    if (!told.empty() || !kept_) kept_ = keep_board(places_, board_);
    courier_.carry(std::move(told));
    if (latest_daily(now, digest_at_) > digested_) {
      courier_.carry_digest(board_.take_digest());
      digested_ = now;
    }
    for (const std::string& failure : courier_.take_failures())
      fmt::print(stderr, "{} alert not delivered: {}\n", new_york_text(now), failure);
  }

  [[nodiscard]] PageAnswer page(std::string_view path) const {
    if (path == "/metrics")
      return {200, "text/plain; version=0.0.4", health_metrics(rows_, board_, trading_status(places_))};
    if (path == "/health.json") return {200, "application/json", health_json(rows_, system_clock_now()).dump(2) + "\n"};
    if (path == "/") return {.body = status_page(rows_, board_, trading_status(places_), system_clock_now())};
    return {404, "text/plain", "/, /metrics, /health.json\n"};
  }

 private:
  /// A person's word, once.
  std::vector<Announcement> heed_word(Instant now) {
    const auto path = places_.state / "alerts.word";
    std::ifstream in(path, std::ios::binary);
    if (!in) return {};
    const Json word = Json::parse(std::string{std::istreambuf_iterator<char>(in), {}}, nullptr, false);
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
    if (!word.is_object()) return {};
    const std::string key = word.value("key", "");
    return word.value("word", "") == "clear" ? board_.clear(now, key, word.value("reason", ""))
                                             : board_.acknowledge(now, key);
  }

  /// The same word that a person leaves: the trading process hears it when it next looks, or at its next start.
  void halt() const {
    try {
      const TradingFolder folder(places_.state);
      if (!folder.word("halt")) folder.leave_word("halt", "capital at risk: see 'alaris system alerts'");
    } catch (const HostError& e) {
      fmt::print(stderr, "{} the halt could not be left: {}\n", new_york_text(system_clock_now()), e.what());
    }
  }

  CheckLimits limits_;
  std::chrono::minutes digest_at_;
  BackupPlaces places_;
  AlertBoard board_;
  Instant digested_;
  std::vector<CheckRow> rows_{};
  std::optional<Instant> journal_read_{};
  bool journal_known_ = false, journal_damaged_ = false;
  bool kept_ = true;
  AlertCourier courier_;  // last: it delivers while everything else still stands
};

void watch(const Session& session, const MonitorOptions& options) {
  const Settings settings = session.config().settings;
  ::umask(0077);
  const MonitorLock lock(places_of_process());
  if (!lock.taken()) throw HostError(ExitCode::unavailable, "another monitor watches this folder");
  Monitor monitor(options, limits_of(settings.monitor), 17 * 60min);
  monitor.look();
  if (options.once) return;
  std::signal(SIGTERM, want_end);
  std::signal(SIGINT, want_end);
  LoopbackServer server(options.port, [&](std::string_view path) { return monitor.page(path); });
  if (!session.quiet) fmt::print(stderr, "http://127.0.0.1:{}/\n", server.port());
  (void)tell_service_manager("READY=1");
  const auto period =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::duration<double>(options.every));
  auto next = std::chrono::steady_clock::now() + period;
  while (end_wanted == 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - std::chrono::steady_clock::now());
    server.poll(std::max(left, 0ms));
    if (std::chrono::steady_clock::now() < next) continue;
    monitor.look();
    (void)tell_service_manager("WATCHDOG=1");
    next = std::chrono::steady_clock::now() + period;
  }
  (void)tell_service_manager("STOPPING=1");
}

}  // namespace

void add_monitor_command(CLI::App& system, Session& session) {
  auto options = std::make_shared<MonitorOptions>();
  auto* monitor = system.add_subcommand(
      "monitor", describe({"alaris system monitor --port 9464", "alaris system monitor --once"},
                          "watch until stopped: alerts to the log, ALARIS_WEBHOOK_URL and mail; a page on 127.0.0.1"));
  monitor->add_option("--port", options->port, "of the page and /metrics; 0 takes a free one")
      ->check(CLI::Range(0, 65535));
  monitor->add_option("--every", options->every, "seconds between two looks")->check(CLI::Range(0.05, 3600.0));
  monitor->add_flag("--once", options->once, "look once, tell, end");
  monitor->add_option("--smtp-url", options->smtp_url, "smtps://host:port, or smtp://host:port with TLS");
  monitor->add_option("--mail-from", options->mail_from, "sender");
  monitor->add_option("--mail-to", options->mail_to, "recipient");
  monitor->add_option("--mail-user", options->mail_user, "account; the password is ALARIS_SMTP_PASSWORD");
  monitor->callback([options, &session] { watch(session, *options); });
}

}  // namespace alaris::host
