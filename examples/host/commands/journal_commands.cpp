// SPDX-License-Identifier: Apache-2.0
// journal verify, journal replay: whether the record of orders is whole, and what follows from it.
#include <memory>
#include <string>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "commands/command.hpp"
#include "gateway/intent_journal.hpp"
#include "gateway/journal_copy.hpp"
#include "gateway/order_desk.hpp"
#include "operations/trading_folder.hpp"

namespace alaris::host {
namespace {

using Json = nlohmann::ordered_json;

std::string bytes_at(const std::string& file) {
  const std::filesystem::path path = file.empty() ? TradingFolder::of_process().journal() : std::filesystem::path(file);
  if (gateway::journal_files(path).empty())
    throw HostError(ExitCode::data, fmt::format("{}: there is no journal", path.string()));
  return gateway::journal_bytes(path);
}

void verify(Session& session, const std::string& file, const std::string& expected_head, OutputFormat format) {
  const auto scan = gateway::scan_journal(bytes_at(file));
  const std::string head = gateway::hex(scan.head);
  const bool other_head = !expected_head.empty() && expected_head != head;
  const char* verdict = scan.damaged ? "damaged" : scan.rest_bytes > 0 ? "torn" : other_head ? "other_head" : "sound";
  session.exit_code = scan.damaged || other_head ? ExitCode::integrity
                      : scan.rest_bytes > 0      ? ExitCode::answer_is_no
                                                 : ExitCode::done;
  if (format == OutputFormat::json) {
    const Json out{{"schema", "alaris/journal_verify/1"}, {"verdict", verdict},
                   {"records", scan.records.size()},      {"sound_bytes", scan.sound_bytes},
                   {"rest_bytes", scan.rest_bytes},       {"head", head}};
    return fmt::print("{}\n", out.dump(2));
  }
  fmt::print("{}: {} records in {} bytes, head {}\n", verdict, scan.records.size(), scan.sound_bytes, head);
  if (scan.rest_bytes > 0)
    fmt::print("{} bytes after the last good record: {}\n", scan.rest_bytes,
               scan.damaged ? "good records or a broken chain follow; a person must look"
                            : "a torn tail, which the next start cuts off");
}

Json state_of(const gateway::OrderDesk& desk) {
  Json orders = Json::array(), positions = Json::array();
  for (const auto& [reference, order] : desk.orders())
    orders.push_back({{"reference", reference},
                      {"symbol", order.machine.order().symbol},
                      {"phase", name(order.machine.phase())},
                      {"filled", order.machine.filled_units()},
                      {"quantity", order.machine.order().quantity},
                      {"configuration", order.configuration}});
  const OurBooks books = desk.books();
  for (const auto& [holding, contracts] : books.options)
    positions.push_back({{"symbol", holding.symbol},
                         {"expiry", to_string(holding.contract.expiry)},
                         {"strike", holding.contract.strike.dollars()},
                         {"right", name(holding.contract.type)},
                         {"contracts", contracts}});
  return {
      {"orders", orders}, {"positions", positions}, {"halted", desk.halted() ? Json(*desk.halted()) : Json(nullptr)}};
}

/// The state that follows from a journal, and the journal written again from its records.
Json replayed(const std::string& sound, std::size_t records) {
  gateway::JournalCopy copy(sound);
  gateway::OrderDesk desk(copy, 0);
  const auto known = desk.recover(Instant{});
  if (!known) throw HostError(ExitCode::integrity, std::string(gateway::name(known.error())));
  gateway::JournalCopy again{std::string()};
  gateway::Journal journal(again);
  for (const auto& fields : gateway::scan_journal(sound).records)
    if (!journal.append(fields)) throw HostError(ExitCode::integrity, "a record cannot be written again");
  if (again.bytes() != sound || copy.bytes() != sound)
    throw HostError(ExitCode::integrity, "the records do not give the same bytes again");
  Json out{{"schema", "alaris/journal_replay/1"}, {"records", records}, {"head", gateway::hex(journal.head())}};
  out.update(state_of(desk));
  return out;
}

void replay(const std::string& file, OutputFormat format) {
  const std::string all = bytes_at(file);
  const auto scan = gateway::scan_journal(all);
  if (scan.damaged) throw HostError(ExitCode::integrity, "the journal is damaged before its end; 'journal verify'");
  const std::string sound = all.substr(0, scan.sound_bytes);
  const Json first = replayed(sound, scan.records.size());
  if (first.dump() != replayed(sound, scan.records.size()).dump())
    throw HostError(ExitCode::integrity, "two replays of one journal differ");
  if (format == OutputFormat::json) return fmt::print("{}\n", first.dump(2));
  fmt::print("{} records, written again byte for byte; head {}\n", scan.records.size(),
             first["head"].get<std::string>());
  for (const Json& o : first["orders"])
    fmt::print("order    {} {} {} {}/{}\n", o["reference"].get<std::string>(), o["symbol"].get<std::string>(),
               o["phase"].get<std::string>(), o["filled"].get<int>(), o["quantity"].get<int>());
  for (const Json& p : first["positions"])
    fmt::print("position {} {} {:g} {} {:+d}\n", p["symbol"].get<std::string>(), p["expiry"].get<std::string>(),
               p["strike"].get<double>(), p["right"].get<std::string>(), p["contracts"].get<std::int64_t>());
  if (!first["halted"].is_null()) fmt::print("halted   {}\n", first["halted"].get<std::string>());
}

}  // namespace

void add_journal_commands(CLI::App& app, Session& session) {
  auto* journal = app.add_subcommand("journal",
                                     "Examples:\n  alaris journal verify\n  alaris journal replay --format json\n\n"
                                     "the hash-chained record of every order");
  journal->require_subcommand(1);
  auto file = std::make_shared<std::string>(), head = std::make_shared<std::string>();
  auto format = std::make_shared<OutputFormat>(OutputFormat::table);
  auto* check = journal->add_subcommand(
      "verify", describe({"alaris journal verify", "alaris journal verify --head HASH --format json"},
                         "exit 0 sound, 1 a torn tail, 8 damaged or another head"));
  check->add_option("FILE", *file, "a journal's first file; else the one in the state folder");
  check->add_option("--head", *head, "the chain's head as noted elsewhere (a backup's manifest)");
  add_format_option(*check, *format);
  check->callback([=, &session] { verify(session, *file, *head, *format); });
  auto* again =
      journal->add_subcommand("replay", describe({"alaris journal replay", "alaris journal replay --format json"},
                                                 "orders, positions and halts that follow from it"));
  again->add_option("FILE", *file, "a journal's first file; else the one in the state folder");
  add_format_option(*again, *format);
  again->callback([=] { replay(*file, *format); });
}

}  // namespace alaris::host
