// SPDX-License-Identifier: Apache-2.0
#include "http/pages.hpp"

#include <fmt/format.h>

namespace alaris::host {

std::optional<FeedError> walk_pages(HttpClient& client, HttpRequest request, const PageBounds& bounds, PageWalk& walk,
                                    const ReadPage& read) {
  const auto origin = parse_url(request.url);
  const auto stop = [&](FeedFault fault, std::string why) {
    return FeedError{
        .fault = fault, .feed = request.feed, .where = fmt::format("page {}", walk.pages + 1), .why = std::move(why)};
  };
  while (walk.next) {
    auto url = parse_url(*walk.next);
    if (!origin || !url) return stop(FeedFault::schema, "the address of the page cannot be read");
    if (bounds.aliases.contains(url->host)) {
      url->scheme = origin->scheme;
      url->host = origin->host;
      url->port = origin->port;
    }
    if (!url->same_origin(*origin)) return stop(FeedFault::blocked, fmt::format("it leads to {}", url->host));
    if (walk.pages >= bounds.most_pages)
      return stop(FeedFault::implausible, fmt::format("more than {} pages", bounds.most_pages));
    const std::string address = url->text();
    if (walk.asked.contains(address)) return stop(FeedFault::implausible, "it leads back to a page already read");
    request.url = address;
    const auto answer = client.get(request);
    if (!answer) return answer.error();
    auto next = read(*answer);
    if (!next) {
      client.heed(address, next.error());
      return next.error();
    }
    walk.asked.insert(address);
    ++walk.pages;
    walk.next = std::move(*next);
  }
  return std::nullopt;
}

}  // namespace alaris::host
