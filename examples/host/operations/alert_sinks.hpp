// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where announcements go: the log (standard error), a webhook (JSON), e-mail (SMTP). None of them touches a disk.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "operations/alerts.hpp"

namespace alaris::host {

struct WebhookSink {
  std::string url{};  // https, or http to this machine; secret: it is never printed
};

struct MailSink {
  std::string url{};  // smtps://host:port or smtp://host:port (then TLS is required, except to this machine)
  std::string from{}, to{};
  std::string user{}, password{};
};

struct AlertSinks {
  bool log = true;
  std::optional<WebhookSink> webhook{};
  std::optional<MailSink> mail{};
};

/// One line for a terminal or a journal: whatever a symbol or a message holds, no control character comes through.
[[nodiscard]] std::string one_line(const Announcement& announcement);

/// What the webhook receives; `schema` is "alaris/alert/1".
[[nodiscard]] nlohmann::ordered_json json_of(const Announcement& announcement);

/// The message as it goes over the wire, headers first. No header can be injected.
[[nodiscard]] std::string mail_text(const MailSink& sink, std::string_view subject,
                                    std::span<const Announcement> announcements);

/// Sends to every sink; the names of those that failed, with the reason and without any secret.
[[nodiscard]] std::vector<std::string> send(const AlertSinks& sinks, std::span<const Announcement> announcements);

/// The day's warnings: by mail where there is one, else to the webhook, and to the log.
[[nodiscard]] std::vector<std::string> send_digest(const AlertSinks& sinks,
                                                   std::span<const Announcement> announcements);

/// Carries announcements on a thread of its own: who watches never waits for a slow server. Lines of the log are
/// written at once; an announcement beyond `most_waiting` displaces the oldest that still waits, and is told as not
/// delivered.
class AlertCourier {
 public:
  static constexpr std::size_t most_waiting = 256;
  explicit AlertCourier(AlertSinks sinks);
  /// Delivers what waits, for at most `patience`; what is under way ends within its own limit.
  ~AlertCourier();
  AlertCourier(const AlertCourier&) = delete;
  AlertCourier& operator=(const AlertCourier&) = delete;

  void carry(std::vector<Announcement> announcements);
  void carry_digest(std::vector<Announcement> announcements);
  /// What could not be delivered since the last call.
  [[nodiscard]] std::vector<std::string> take_failures();

  std::chrono::seconds patience{10};

 private:
  struct Batch {
    std::vector<Announcement> announcements{};
    bool digest = false;
  };
  void put(Batch batch);
  void run();

  AlertSinks sinks_;
  std::mutex mutex_{};
  std::condition_variable changed_{};
  std::deque<Batch> waiting_{};
  std::vector<std::string> failures_{};
  bool ending_ = false;
  std::chrono::steady_clock::time_point give_up_{};
  std::thread thread_{};
};

}  // namespace alaris::host
