// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <memory>

#include "feeds/json_rows.hpp"
#include "feeds/massive.hpp"
#include "feeds/server.hpp"
#include "http/client.hpp"
#include "http/pages.hpp"
#include "support/catch.hpp"

using namespace alaris;
using namespace alaris::host;
using namespace std::chrono_literals;

namespace {

/// Real time plus whatever was slept: no test waits for a pace.
struct Clock {
  std::shared_ptr<Limiter::Wait> slept = std::make_shared<Limiter::Wait>(0);
  [[nodiscard]] HttpClock clock() const {
    return {.now = [slept = slept] { return std::chrono::steady_clock::now() + *slept; },
            .sleep = [slept = slept](Limiter::Wait wait) { *slept += wait; },
            .uniform = [] { return 0.5; }};
  }
};

const std::set<std::string> here{"127.0.0.1", "localhost"};

HttpRequest ask(const std::string& url) {
  HttpRequest request{.feed = "test", .url = url};
  request.total = 1500ms;
  request.tries = 1;
  return request;
}

}  // namespace

TEST_CASE("only https or this machine is an address of a feed", "[feeds][http]") {
  CHECK(parse_url("https://api.massive.com/v3?x=1")->target == "/v3?x=1");
  CHECK(parse_url("https://API.massive.com")->host == "api.massive.com");
  CHECK(parse_url("http://127.0.0.1:8080/x")->is_safe());
  CHECK(!parse_url("http://api.massive.com/")->is_safe());
  for (const char* bad : {"ftp://x/", "https://user:pw@x/", "https://x:99999/", "https:///x", "https://x/a b",
                          "https://x\\@evil/", "//x/", "", "https://x/#f", "https://[::1]/"})
    CHECK(!parse_url(bad));
  const auto base = parse_url("https://api.massive.com/v3/a?b");
  CHECK(resolve(*base, "/v4")->text() == "https://api.massive.com/v4");
  CHECK(!resolve(*base, "//evil.example/v4"));
  CHECK(percent_encoded("BRK/B^") == "BRK%2FB%5E");
}

TEST_CASE("a server that says too many is left alone and then asked at half the rate", "[feeds][http]") {
  Limiter limiter;
  limiter.allow("api.vendor.com", 10.0);
  const Limiter::Time start{};
  CHECK(limiter.take("api.vendor.com", start, 1s) == 0ns);
  CHECK(limiter.take("www.vendor.com", start, 1s) == 100ms);  // one owner, one pace
  limiter.throttled("api.vendor.com", start, std::nullopt);
  CHECK(limiter.free_in("api.vendor.com", start) == 15min);
  CHECK(!limiter.take("api.vendor.com", start, 60s));
  CHECK(limiter.rate("api.vendor.com") == 5.0);
  CHECK(limiter.take("api.vendor.com", start + 15min, 1s) == 0ns);
  CHECK(limiter.take("api.vendor.com", start + 15min, 1s) == 200ms);
  for (int i = 0; i < 200; ++i) limiter.succeeded("api.vendor.com");
  CHECK(limiter.rate("api.vendor.com") == 10.0);
  limiter.throttled("api.vendor.com", start + 16min, 17s);
  CHECK(limiter.free_in("api.vendor.com", start + 16min) == 17s);
  CHECK(limiter.take("other.com", start, 0s) == 0ns);
}

TEST_CASE("a recorded answer arrives whole over a real connection", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server || !server->holds_fixtures()) return;
  HttpClient client(here, Clock{}.clock());
  const auto answer = client.get(
      ask(server->at("/v2/aggs/ticker/AAPL/range/1/day/2024-04-15/2024-05-17?adjusted=true&sort=asc&limit=50000")));
  REQUIRE(answer);
  const auto bars = massive::parse_bars(*answer, {"AAPL", true, false, true});
  REQUIRE(bars);
  CHECK(bars->rows.size() == 25);
  const auto none = client.get(ask(server->at("/v1/open-close/AAPL/2024-05-04")));
  REQUIRE(none);
  CHECK(massive::parse_open_close(*none).error().fault == FeedFault::not_found);
}

TEST_CASE("a server that misbehaves costs a bounded time and gives no data", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  HttpClient client(here, Clock{}.clock());
  for (const char* how : {"stall", "cut", "slow-loris", "nonsense"}) {
    CAPTURE(how);
    const auto start = std::chrono::steady_clock::now();
    const auto answer = client.get(ask(server->at(std::string("/misbehave/") + how + "?secret=1")));
    REQUIRE(!answer);
    CHECK(answer.error().fault == FeedFault::transport);
    CHECK(answer.error().retryable);
    CHECK(answer.error().text().find("secret") == std::string::npos);
    CHECK(std::chrono::steady_clock::now() - start < 4s);
  }
  for (const char* how : {"large", "bomb", "long-headers"}) {
    CAPTURE(how);
    HttpRequest request = ask(server->at(std::string("/misbehave/") + how));
    request.largest_body = 1'000'000;
    const auto answer = client.get(request);
    REQUIRE(!answer);
    CHECK(answer.error().fault == FeedFault::implausible);
  }
}

TEST_CASE("a certificate that is not trusted ends the connection", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  if (server->tls_port() == 0) {  // no openssl here: nothing was tested, and that is said
    test::shared_data_was_missing() = true;
    return;
  }
  HttpClient client(here, Clock{}.clock());
  for (const char* host : {"127.0.0.1", "localhost"}) {
    HttpRequest request =
        ask("https://" + std::string(host) + ":" + std::to_string(server->tls_port()) + "/misbehave/echo");
    request.tries = 3;
    const auto answer = client.get(request);
    REQUIRE(!answer);
    CHECK(answer.error().fault == FeedFault::transport);
    CHECK(!answer.error().retryable);
    CHECK(answer.error().why.find("certificate") != std::string::npos);
  }
}

TEST_CASE("hosts that are not of the feed are never asked", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  HttpClient client(here, Clock{}.clock());
  CHECK(client.get(ask("https://evil.example/")).error().fault == FeedFault::request);
  CHECK(client.get(ask("http://api.massive.com/")).error().fault == FeedFault::request);
  for (const char* to : {"https%3A%2F%2Fevil.example%2F", "http%3A%2F%2Fevil.example%2F",
                         "file%3A%2F%2F%2Fetc%2Fpasswd", "%2F%2Fevil.example%2F"}) {
    CAPTURE(to);
    const auto answer = client.get(ask(server->at(std::string("/misbehave/redirect?to=") + to)));
    REQUIRE(!answer);
    CHECK(answer.error().fault == FeedFault::blocked);
  }
}

TEST_CASE("credentials go to their own origin and not where it redirects", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  HttpClient client(here, Clock{}.clock());
  const auto seen = [&](const std::string& url) {
    HttpRequest request = ask(url);
    request.credentials = {{"Authorization", "Bearer CANARY"}};
    const auto answer = client.get(request);
    REQUIRE(answer);
    CHECK(answer->body.find("CANARY") == std::string::npos);  // what the server repeats is not shown
    return answer->body.find("authorization") != std::string::npos;
  };
  CHECK(seen(server->at("/misbehave/echo")));
  CHECK(seen(server->at("/misbehave/redirect?to=%2Fmisbehave%2Fecho")));
  const std::string other = "http%3A%2F%2Flocalhost%3A" + std::to_string(server->port()) + "%2Fmisbehave%2Fecho";
  CHECK(!seen(server->at("/misbehave/redirect?to=" + other)));
}

TEST_CASE("a key that a server repeats is seen by nobody", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  HttpClient client(here, Clock{}.clock());
  for (const char* status : {"200", "403"}) {
    HttpRequest request = ask(server->at(std::string("/misbehave/recite?status=") + status));
    request.credentials = {{"Authorization", "Bearer CANARY/1f+2"}};
    const auto answer = client.get(request);
    REQUIRE(answer);
    CHECK(answer->body.find("CANARY") == std::string::npos);
    CHECK(answer->body.find("is not allowed") != std::string::npos);
    CHECK(answer->header("X-Seen") == std::string(11, '*'));
    CHECK(parse_json("test", *answer).has_value());  // the declared length still fits
  }
  std::string text = "a CANARY%2F1f%2B2 b CANARY\\/1f+2 c";
  redact(text, {{"Authorization", "Bearer CANARY/1f+2"}});
  CHECK(text == "a " + std::string(15, '*') + " b " + std::string(12, '*') + " c");
}

TEST_CASE("a key with a line break is sent to nobody", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  HttpClient client(here, Clock{}.clock());
  HttpRequest request = ask(server->at("/misbehave/echo"));
  request.credentials = {{"apikey", "CANARY\r\nX-Injected: 1"}};
  const auto answer = client.get(request);
  REQUIRE(!answer);
  CHECK(answer.error().fault == FeedFault::configuration);
  CHECK(answer.error().text().find("CANARY") == std::string::npos);
}

TEST_CASE("a wait and a transfer end when their owner asks to stop", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  const Clock time;
  HttpClient client(here, time.clock());
  std::vector<std::string> told;
  client.listen({.stopped = [&] { return *time.slept > 5min; },
                 .waiting = [&](const std::string& host, Limiter::Wait) { told.push_back("waits for " + host); },
                 .silenced =
                     [&](const std::string& host, Limiter::Wait wait) {
                       told.push_back(host + (wait > 14min ? " for a quarter of an hour" : " for a while"));
                     }});
  HttpRequest request = ask(server->at("/misbehave/throttled-once?case=stop"));
  request.patience = 16min;
  request.tries = 2;
  CHECK(client.get(request).error().fault == FeedFault::stopped);  // in the middle of 15 minutes
  CHECK(told == std::vector<std::string>{"127.0.0.1 for a quarter of an hour", "waits for 127.0.0.1"});
  CHECK(*time.slept < 6min);
  HttpClient other(here, Clock{}.clock());
  other.listen({.stopped = [] { return true; }, .waiting = {}, .silenced = {}});
  const auto start = std::chrono::steady_clock::now();
  CHECK(other.get(ask(server->at("/misbehave/stall?case=stop"))).error().fault == FeedFault::stopped);
  CHECK(std::chrono::steady_clock::now() - start < 1200ms);
}

TEST_CASE("a cool-down within the patience is waited for", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  const Clock time;
  HttpClient client(here, time.clock());
  HttpRequest request = ask(server->at("/misbehave/throttled-once?case=patient"));
  request.patience = 16min;
  request.tries = 2;
  CHECK(client.get(request)->status == 200);
  CHECK(*time.slept >= 15min - 1s);
}

TEST_CASE("one refusal that is told twice halves the rate once", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  const Clock time;
  HttpClient client(here, time.clock());
  client.limiter().allow("127.0.0.1", 8.0);
  HttpRequest request = ask(server->at("/misbehave/throttled-once?case=heeded&wait=120"));
  const auto answer = client.get(request);
  REQUIRE(answer);
  client.heed(request.url, {.fault = FeedFault::rate_limited, .feed = "test", .where = {}, .why = "429"});
  CHECK(client.limiter().rate("127.0.0.1") == 4.0);
  CHECK(client.limiter().free_in("127.0.0.1", time.clock().now()) <= 120s);  // the server's word, not 15 minutes
}

TEST_CASE("a server that says when it is back is asked then, at the same rate", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  const Clock time;
  HttpClient client(here, time.clock());
  client.limiter().allow("127.0.0.1", 8.0);
  HttpRequest request = ask(server->at("/misbehave/throttled-once?status=503&wait=17"));
  request.tries = 2;
  CHECK(client.get(request)->status == 200);
  CHECK(*time.slept >= 16s);
  CHECK(client.limiter().rate("127.0.0.1") == 8.0);
  request.url = server->at("/misbehave/throttled-once?status=503&wait=600");
  request.tries = 5;
  CHECK(client.get(request)->status == 503);
  CHECK(client.get(request).error().wait > 590s);
}

TEST_CASE("trouble of the server is tried again and the last cause is reported", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  const Clock time;
  HttpClient client(here, time.clock());
  HttpRequest request = ask(server->at("/misbehave/flaky?times=2"));
  request.tries = 5;
  CHECK(client.get(request)->status == 200);
  CHECK(*time.slept >= 700ms);  // 0.25 s and 0.5 s of back-off at half jitter
  request.url = server->at("/misbehave/flaky?times=99");
  request.tries = 3;
  CHECK(client.get(request)->status == 500);
  CHECK(client.get(ask(server->at("/misbehave/count?of=flaky%3Ftimes%3D99")))->body == "3");
}

TEST_CASE("a throttled page is asked again after the advised wait and else the server is left alone", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  {
    const Clock time;
    HttpClient client(here, time.clock());
    HttpRequest request = ask(server->at("/misbehave/throttled-once?wait=17"));
    request.tries = 2;
    CHECK(client.get(request)->status == 200);
    CHECK(*time.slept >= 16s);
  }
  const Clock time;
  HttpClient client(here, time.clock());
  HttpRequest request = ask(server->at("/misbehave/throttled-once"));
  request.tries = 5;
  CHECK(client.get(request)->status == 429);
  const auto next = client.get(request);
  REQUIRE(!next);
  CHECK(next.error().fault == FeedFault::rate_limited);
  CHECK(next.error().wait > 14min);
  CHECK(client.get(ask(server->at("/misbehave/count?of=throttled-once"))).has_value() == false);
}

TEST_CASE("a walk over pages ends and can be taken up where it broke off", "[feeds][http]") {
  const auto* server = test::feed_server();
  if (!server) return;
  HttpClient client(here, Clock{}.clock());
  const ReadPage read = [](const HttpAnswer& answer) -> FeedResult<std::optional<std::string>> {
    const auto body = parse_json("test", answer);
    if (!body) return unexpected(body.error());
    return std::optional((*body)["next_url"].get<std::string>());
  };
  const auto walk = [&](const std::string& first, std::size_t most) {
    HttpRequest request = ask(server->at(first));
    PageWalk at = PageWalk::from(request.url);
    return std::pair(walk_pages(client, request, {.most_pages = most, .aliases = {}}, at, read), at);
  };
  const auto [circle, circled] = walk("/misbehave/circle?at=0", 100);
  REQUIRE(circle);
  CHECK(circle->fault == FeedFault::implausible);
  CHECK(circled.pages == 3);
  const auto [endless, long_walk] = walk("/misbehave/endless?at=0", 5);
  REQUIRE(endless);
  CHECK(long_walk.pages == 5);
  CHECK(walk("/misbehave/elsewhere", 5).first->fault == FeedFault::blocked);

  if (!server->holds_fixtures()) return;
  HttpRequest request =
      ask(server->at("/v2/aggs/ticker/AAPL/range/1/day/2024-04-15/2024-05-17?adjusted=true&sort=asc&limit=10"));
  PageWalk at = PageWalk::from(request.url);
  std::size_t bars = 0, failing = 2;
  const ReadPage bar_page = [&](const HttpAnswer& answer) -> FeedResult<std::optional<std::string>> {
    const auto table = massive::parse_bars(answer, {"AAPL", true});
    if (!table) return unexpected(table.error());
    if (--failing == 0) return unexpected(FeedError{.feed = "test", .where = {}, .why = "interrupted"});
    bars += table->rows.size();
    return table->next_url;
  };
  const PageBounds bounds{.most_pages = 10, .aliases = {"api.massive.com", "api.polygon.io"}};
  REQUIRE(walk_pages(client, request, bounds, at, bar_page));
  CHECK(at.pages == 1);
  failing = 100;
  CHECK(!walk_pages(client, request, bounds, at, bar_page));
  CHECK(at.pages == 3);
  CHECK(bars == 25);
}
