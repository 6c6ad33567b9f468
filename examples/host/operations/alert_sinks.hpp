// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where announcements go: the log (standard error), a webhook (JSON), e-mail (SMTP). None of them touches a disk.

#include <functional>
#include <optional>
#include <span>
#include <string>

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

}  // namespace alaris::host
