// SPDX-License-Identifier: Apache-2.0
#include "store/chain_block.hpp"

#include <zstd.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <optional>

#include "sources/file_bytes.hpp"

namespace alaris::host {
namespace {

static_assert(std::endian::native == std::endian::little, "blocks are little-endian");

constexpr std::uint32_t format = 0x31424341;  // "ACB1"
constexpr std::size_t columns = 8;
constexpr std::size_t largest_block = std::size_t{1} << 28;
constexpr std::int32_t missing = std::numeric_limits<std::int32_t>::min();

enum class Encoding : std::uint8_t { absent, scaled, plain };

constexpr std::array<double OptionQuote::*, columns> members{
    &OptionQuote::bid,      &OptionQuote::ask,           &OptionQuote::last,
    &OptionQuote::volume,   &OptionQuote::open_interest, &OptionQuote::vendor_volatility,
    &OptionQuote::bid_size, &OptionQuote::ask_size};
constexpr std::array<double, 7> powers{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

template <class T>
void put(std::string& out, const T* values, std::size_t count) {
  out.append(reinterpret_cast<const char*>(values), count * sizeof(T));
}

/// value = whole / 10^exponent exactly, or nothing.
std::optional<std::int32_t> scaled(double value, double power) noexcept {
  if (value != value) return missing;
  const double whole = std::nearbyint(value * power);
  if (!(std::fabs(whole) < 2147483648.0) || whole / power != value || (whole == 0.0 && std::signbit(value)))
    return std::nullopt;
  return static_cast<std::int32_t>(whole);
}

void put_column(std::string& out, std::span<const OptionQuote> quotes, double OptionQuote::*member) {
  std::vector<std::int32_t> wholes(quotes.size());
  bool any = false;
  for (const OptionQuote& quote : quotes) any |= quote.*member == quote.*member;
  if (!any) {
    out.push_back(static_cast<char>(Encoding::absent));
    out.push_back(0);
    return;
  }
  for (std::size_t exponent = 0; exponent < powers.size(); ++exponent) {
    std::size_t row = 0;
    for (; row < quotes.size(); ++row) {
      const auto whole = scaled(quotes[row].*member, powers[exponent]);
      if (!whole) break;
      wholes[row] = *whole;
    }
    if (row < quotes.size()) continue;
    out.push_back(static_cast<char>(Encoding::scaled));
    out.push_back(static_cast<char>(exponent));
    put(out, wholes.data(), wholes.size());
    return;
  }
  out.push_back(static_cast<char>(Encoding::plain));
  out.push_back(0);
  for (const OptionQuote& quote : quotes) put(out, &(quote.*member), 1);
}

std::string columns_of(const OptionChain& chain) {
  const auto quotes = chain.quotes();
  std::string out;
  out.reserve(quotes.size() * 40 + 64);
  const std::uint32_t head[]{format, static_cast<std::uint32_t>(quotes.size()),
                             static_cast<std::uint32_t>(chain.expiries().size())};
  put(out, head, 3);
  for (const Date expiry : chain.expiries()) {
    const std::int32_t pair[]{static_cast<std::int32_t>(expiry.time_since_epoch().count()),
                              static_cast<std::int32_t>(chain.of_expiry(expiry).size())};
    put(out, pair, 2);
  }
  for (const OptionQuote& quote : quotes) out.push_back(quote.contract.type == OptionType::call ? 1 : 0);
  for (const OptionQuote& quote : quotes) {
    const std::int32_t strike = quote.contract.strike.thousandths();
    put(out, &strike, 1);
  }
  for (const auto member : members) put_column(out, quotes, member);
  return out;
}

struct FreeContext {
  void operator()(ZSTD_DCtx* context) const noexcept { ZSTD_freeDCtx(context); }
};

/// Decompresses into a buffer that lives as long as the thread: chains are read by the hundred.
expected<std::string_view, BlockFault> content_of(std::string_view bytes) {
  thread_local std::vector<char> buffer;
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(ZSTD_createDCtx());
  const unsigned long long size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (size == ZSTD_CONTENTSIZE_UNKNOWN || size == ZSTD_CONTENTSIZE_ERROR || size > largest_block)
    return unexpected(BlockFault::damaged);
  if (buffer.size() < size) buffer.resize(static_cast<std::size_t>(size));
  const std::size_t read = ZSTD_decompressDCtx(context.get(), buffer.data(), buffer.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(read) || read != size) return unexpected(BlockFault::damaged);
  return std::string_view(buffer.data(), read);
}

/// Takes values from the front of the content; `ok` turns false instead of reading past its end.
struct Taker {
  std::string_view rest;
  bool ok = true;
  const char* take(std::size_t bytes) noexcept {
    if (rest.size() < bytes) ok = false;
    if (!ok) return nullptr;
    const char* at = rest.data();
    rest.remove_prefix(bytes);
    return at;
  }
  template <class T>
  T value() noexcept {
    T out{};
    if (const char* at = take(sizeof(T))) std::memcpy(&out, at, sizeof(T));
    return out;
  }
};

std::int32_t whole_at(const char* at, std::size_t row) noexcept {
  std::int32_t whole;
  std::memcpy(&whole, at + row * sizeof whole, sizeof whole);
  return whole;
}

bool fill_column(Taker& taker, std::vector<OptionQuote>& quotes, double OptionQuote::*member) {
  const auto encoding = static_cast<Encoding>(taker.value<std::uint8_t>());
  const auto exponent = taker.value<std::uint8_t>();
  if (!taker.ok || exponent >= powers.size() || encoding > Encoding::plain) return false;
  if (encoding == Encoding::absent) return true;
  const char* at = taker.take(quotes.size() * (encoding == Encoding::scaled ? sizeof(std::int32_t) : sizeof(double)));
  if (!at) return false;
  if (encoding == Encoding::plain) {
    for (std::size_t row = 0; row < quotes.size(); ++row)
      std::memcpy(&(quotes[row].*member), at + row * sizeof(double), sizeof(double));
    return true;
  }
  const double power = powers[exponent];
  for (std::size_t row = 0; row < quotes.size(); ++row) {
    const std::int32_t whole = whole_at(at, row);
    quotes[row].*member = whole == missing ? not_known : whole / power;
  }
  return true;
}

}  // namespace

ChainBlock pack_chain(const OptionChain& chain) {
  const std::string content = columns_of(chain);
  ChainBlock block{.bytes = std::string(ZSTD_compressBound(content.size()), '\0'), .fingerprint = fingerprint(content)};
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, 3);
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  const std::size_t size =
      ZSTD_compress2(context, block.bytes.data(), block.bytes.size(), content.data(), content.size());
  ZSTD_freeCCtx(context);
  block.bytes.resize(ZSTD_isError(size) ? 0 : size);
  return block;
}

expected<std::uint64_t, BlockFault> block_fingerprint(std::string_view bytes) {
  return content_of(bytes).transform([](std::string_view content) { return fingerprint(std::string(content)); });
}

expected<std::vector<OptionQuote>, BlockFault> unpack_chain(std::string_view bytes) {
  const auto content = content_of(bytes);
  if (!content) return unexpected(content.error());
  Taker taker{*content};
  if (taker.value<std::uint32_t>() != format) return unexpected(BlockFault::unknown_format);
  const auto rows = taker.value<std::uint32_t>(), expiries = taker.value<std::uint32_t>();
  if (rows > content->size()) return unexpected(BlockFault::damaged);
  std::vector<OptionQuote> quotes(rows);
  std::size_t row = 0;
  for (std::uint32_t i = 0; i < expiries && taker.ok; ++i) {
    const Date expiry{std::chrono::days(taker.value<std::int32_t>())};
    const auto count = taker.value<std::uint32_t>();
    if (count > rows - row) return unexpected(BlockFault::damaged);
    for (const std::size_t end = row + count; row < end; ++row) quotes[row].contract.expiry = expiry;
  }
  const char* types = taker.take(rows);
  const char* strikes = taker.take(rows * sizeof(std::int32_t));
  if (!taker.ok || row != rows) return unexpected(BlockFault::damaged);
  for (row = 0; row < rows; ++row) {
    quotes[row].contract.type = types[row] ? OptionType::call : OptionType::put;
    quotes[row].contract.strike = Strike::from_thousandths(whole_at(strikes, row));
  }
  for (const auto member : members)
    if (!fill_column(taker, quotes, member)) return unexpected(BlockFault::damaged);
  return quotes;
}

}  // namespace alaris::host
