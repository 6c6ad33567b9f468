// SPDX-License-Identifier: Apache-2.0
#include "operations/alert_sinks.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <alaris/market/new_york.hpp>

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

struct CloseEasy {
  void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
};
struct FreeList {
  void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};

std::string printable(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return out;
}

bool to_this_machine(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  const std::string_view host = url.substr(scheme + 3, url.find_first_of(":/?#", scheme + 3) - scheme - 3);
  return host == "127.0.0.1" || host == "localhost";
}

std::size_t ignore_body(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

std::size_t give_text(char* to, std::size_t size, std::size_t count, void* from) {
  auto& rest = *static_cast<std::string_view*>(from);
  const std::size_t n = std::min(size * count, rest.size());
  rest.copy(to, n);
  rest.remove_prefix(n);
  return n;
}

void set_common(CURL* curl, const std::string& url, const char* protocols) {
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, protocols);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 5L);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 10L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore_body);
  if (to_this_machine(url)) curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
}

/// Empty when it was delivered.
std::string post(const WebhookSink& sink, const Json& body) {
  if (!sink.url.starts_with("https://") && !(sink.url.starts_with("http://") && to_this_machine(sink.url)))
    return "the webhook's address must be https, or http to this machine";
  const std::unique_ptr<CURL, CloseEasy> easy(curl_easy_init());
  if (!easy) return "no transfer could be made";
  const std::string text = body.dump(-1, ' ', true, Json::error_handler_t::replace);
  const std::unique_ptr<curl_slist, FreeList> headers(curl_slist_append(nullptr, "Content-Type: application/json"));
  set_common(easy.get(), sink.url, "http,https");
  curl_easy_setopt(easy.get(), CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(easy.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(text.size()));
  curl_easy_setopt(easy.get(), CURLOPT_POSTFIELDS, text.c_str());
  const CURLcode code = curl_easy_perform(easy.get());
  if (code != CURLE_OK) return curl_easy_strerror(code);
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  return status >= 200 && status < 300 ? "" : fmt::format("answered {}", status);
}

std::string deliver(const MailSink& sink, const std::string& message) {
  if (!sink.url.starts_with("smtps://") && !sink.url.starts_with("smtp://"))
    return "the mail server's address must be smtps:// or smtp://";
  const std::unique_ptr<CURL, CloseEasy> easy(curl_easy_init());
  if (!easy) return "no transfer could be made";
  CURL* const curl = easy.get();
  set_common(curl, sink.url, "smtp,smtps");
  if (!to_this_machine(sink.url)) curl_easy_setopt(curl, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
  if (!sink.user.empty()) {
    curl_easy_setopt(curl, CURLOPT_USERNAME, sink.user.c_str());
    curl_easy_setopt(curl, CURLOPT_PASSWORD, sink.password.c_str());
  }
  const std::string from = "<" + printable(sink.from) + ">", to = "<" + printable(sink.to) + ">";
  const std::unique_ptr<curl_slist, FreeList> recipients(curl_slist_append(nullptr, to.c_str()));
  std::string_view rest = message;
  curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from.c_str());
  curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_text);
  curl_easy_setopt(curl, CURLOPT_READDATA, &rest);
  curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
  const CURLcode code = curl_easy_perform(curl);
  return code == CURLE_OK ? "" : curl_easy_strerror(code);
}

void note(std::vector<std::string>& failures, std::string_view sink, const std::string& why) {
  if (!why.empty()) failures.push_back(fmt::format("{}: {}", sink, why));
}

}  // namespace

std::string one_line(const Announcement& a) {
  return fmt::format("{} {} {} {}: {}", new_york_text(a.at), name(a.severity), name(a.change), printable(a.key),
                     printable(a.what));
}

Json json_of(const Announcement& a) {
  return {{"schema", "alaris/alert/1"},
          {"at", new_york_text(a.at)},
          {"severity", std::string(name(a.severity))},
          {"change", std::string(name(a.change))},
          {"key", a.key},
          {"what", a.what}};
}

std::string mail_text(const MailSink& sink, std::string_view subject, std::span<const Announcement> announcements) {
  std::string out = fmt::format(
      "From: <{}>\r\nTo: <{}>\r\nSubject: {}\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n",
      printable(sink.from), printable(sink.to), printable(subject));
  for (const Announcement& a : announcements) out += one_line(a) + "\r\n";
  return out;
}

std::vector<std::string> send(const AlertSinks& sinks, std::span<const Announcement> announcements) {
  std::vector<std::string> failures;
  for (const Announcement& a : announcements) {
    if (sinks.log) fmt::print(stderr, "{}\n", one_line(a));
    if (sinks.webhook) note(failures, "webhook", post(*sinks.webhook, json_of(a)));
    if (sinks.mail) {
      const std::string subject = fmt::format("[alaris] {} {} {}", name(a.severity), name(a.change), a.key);
      note(failures, "mail", deliver(*sinks.mail, mail_text(*sinks.mail, subject, {&a, 1})));
    }
  }
  return failures;
}

std::vector<std::string> send_digest(const AlertSinks& sinks, std::span<const Announcement> announcements) {
  std::vector<std::string> failures;
  if (announcements.empty()) return failures;
  if (sinks.log)
    for (const Announcement& a : announcements) fmt::print(stderr, "digest: {}\n", one_line(a));
  if (sinks.mail) {
    const std::string subject = fmt::format("[alaris] {} warnings of the day", announcements.size());
    note(failures, "mail", deliver(*sinks.mail, mail_text(*sinks.mail, subject, announcements)));
  } else if (sinks.webhook) {
    Json rows = Json::array();
    for (const Announcement& a : announcements) rows.push_back(json_of(a));
    note(failures, "webhook", post(*sinks.webhook, {{"schema", "alaris/digest/1"}, {"alerts", rows}}));
  }
  return failures;
}

AlertCourier::AlertCourier(AlertSinks sinks) : sinks_(std::move(sinks)) {
  thread_ = std::thread([this] { run(); });
}

AlertCourier::~AlertCourier() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    give_up_ = std::chrono::steady_clock::now() + patience;
  }
  changed_.notify_all();
  thread_.join();
}

void AlertCourier::carry(std::vector<Announcement> announcements) {
  if (sinks_.log)
    for (const Announcement& a : announcements) fmt::print(stderr, "{}\n", one_line(a));
  for (Announcement& a : announcements) put({{std::move(a)}, false});  // one by one: a slow one loses no other
}

void AlertCourier::carry_digest(std::vector<Announcement> announcements) {
  if (sinks_.log)
    for (const Announcement& a : announcements) fmt::print(stderr, "digest: {}\n", one_line(a));
  if (!announcements.empty()) put({std::move(announcements), true});
}

void AlertCourier::put(Batch batch) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(batch));
    if (waiting_.size() > most_waiting) {
      failures_.push_back("too much waits: " + one_line(waiting_.front().announcements.front()));
      waiting_.pop_front();
    }
  }
  changed_.notify_all();
}

std::vector<std::string> AlertCourier::take_failures() {
  const std::lock_guard lock(mutex_);
  return std::exchange(failures_, {});
}

void AlertCourier::run() {
  AlertSinks quiet = sinks_;
  quiet.log = false;
  std::unique_lock lock(mutex_);
  for (;;) {
    changed_.wait(lock, [&] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty() || (ending_ && std::chrono::steady_clock::now() >= give_up_)) break;
    const Batch batch = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    const auto failed = batch.digest ? send_digest(quiet, batch.announcements) : send(quiet, batch.announcements);
    lock.lock();
    failures_.insert(failures_.end(), failed.begin(), failed.end());
  }
}

}  // namespace alaris::host
