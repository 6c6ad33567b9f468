// SPDX-License-Identifier: Apache-2.0
#include "feeds/massive_envelope.hpp"

namespace alaris::host::massive {
namespace {

/// Status word and message of a body, wherever the route puts the message.
struct Said {
  std::string word, message;
};
Said said_in(const Json& body) {
  Said said;
  if (!body.is_object()) return said;
  const auto text = [&](const char* key) {
    const auto at = body.find(key);
    return at != body.end() && at->is_string() ? at->get<std::string>() : std::string();
  };
  said.word = text("status");
  said.message = text("error");
  if (said.message.empty()) said.message = text("message");
  return said;
}

FeedError refined(FeedError error, const Said& said) {
  if (said.message.find("API Key") != std::string::npos || said.message.find("API key") != std::string::npos) {
    error.fault = FeedFault::auth;
    error.why = "the key is missing or unknown";
  }
  error.range_only = error.fault == FeedFault::entitlement && said.message.find("timeframe") != std::string::npos;
  return error;
}

}  // namespace

FeedError schema_error(std::string where, std::string why) {
  return {.fault = FeedFault::schema, .feed = std::string(feed), .where = std::move(where), .why = std::move(why)};
}

FeedResult<Json> opened(const HttpAnswer& answer) {
  if (answer.status < 200 || answer.status > 299) {
    Said said;
    if (const auto body = parse_json(feed, answer)) said = said_in(*body);
    return unexpected(refined(status_error(feed, answer, said.message), said));
  }
  auto body = parse_json(feed, answer);
  if (!body) return unexpected(body.error());
  const Said said = said_in(*body);
  FeedError error{.feed = std::string(feed), .where = {}, .why = said.word + ": " + safe_text(said.message)};
  if (said.word == "ERROR")
    error.fault = FeedFault::request;
  else if (said.word == "NOT_AUTHORIZED")
    error.fault = FeedFault::entitlement;
  else if (said.word == "NOT_FOUND")
    error.fault = FeedFault::not_found;
  else
    return body;
  return unexpected(refined(std::move(error), said));
}

}  // namespace alaris::host::massive
