// SPDX-License-Identifier: Apache-2.0
#pragma once
// Walks the pages of a list. The walk can be broken off at any page and taken up again there; a page that leads back to
// one already read ends it with an error, and the pages are counted.

#include <cstddef>
#include <functional>
#include <optional>
#include <set>
#include <string>

#include "http/client.hpp"

namespace alaris::host {

/// Where a walk stands. `next` is the page to ask for; empty: the walk is done.
struct PageWalk {
  std::optional<std::string> next{};
  std::set<std::string> asked{};
  std::size_t pages = 0;
  [[nodiscard]] static PageWalk from(std::string first) { return {.next = std::move(first)}; }
};

struct PageBounds {
  std::size_t most_pages = 2000;
  /// Hosts of the vendor whose addresses are asked at the request's own origin instead (the old name, the public name).
  std::set<std::string> aliases{};
};

/// Reads one page; returns the address of the next, or nothing at the end.
using ReadPage = std::function<FeedResult<std::optional<std::string>>(const HttpAnswer&)>;

/// Asks for page after page until the end. After an error `walk.next` still names the page that failed.
[[nodiscard]] std::optional<FeedError> walk_pages(HttpClient& client, HttpRequest request, const PageBounds& bounds,
                                                  PageWalk& walk, const ReadPage& read);

}  // namespace alaris::host
