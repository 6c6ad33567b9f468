// SPDX-License-Identifier: Apache-2.0
#include "gateway/codec.hpp"

#include <random>

#include "gateway/frame.hpp"
#include "gateway/handshake.hpp"
#include "golden.hpp"
#include "support/catch.hpp"
#include "support/shared_data.hpp"

using namespace alaris;
using namespace alaris::gateway;
using alaris::test::Json;

namespace {

std::string payload(std::initializer_list<std::string> fields) {
  return join_fields(std::vector<std::string>(fields));
}
WireError fault_of(const std::string& bytes) {
  const auto decoded = decode_gateway(bytes);
  REQUIRE(!decoded);
  return decoded.error().what;
}

}  // namespace

TEST_CASE("every request leaves as the very bytes of the golden frame", "[gateway][codec]") {
  int frames = 0;
  for (const char* file : {"client-requests.json", "client-orders.json"}) {
    for (const Json& test : test::golden(file)) {
      INFO(test.at("name"));
      const ClientMessage request = test::request_of(test);
      const auto frame = frame_of(request);
      REQUIRE(frame);
      CHECK(test::to_hex(*frame) == test.at("hex").get<std::string>());
      const auto named = named_fields(request);
      REQUIRE(named.size() == test.at("names").size());
      for (std::size_t i = 0; i < named.size(); ++i) CHECK(named[i].name == test.at("names")[i].get<std::string>());
      ++frames;
    }
  }
  CHECK(frames == 44);  // the three of the handshake have their own case
}

TEST_CASE("the opening of a connection is API then the range of versions then START_API", "[gateway][codec]") {
  CHECK(test::to_hex(opening({100, 178})) == "4150490000000009763130302e2e313738");
  CHECK(test::to_hex(*frame_of(StartApi{7, ""})) == "000000083731003200370000");
  CHECK(test::to_hex(frame_of_reply({178, "20261123 09:31:07 US/Eastern"})) ==
        "000000213137380032303236313132332030393a33313a30372055532f4561737465726e00");
  CHECK(*parse_range("v100..178") == VersionRange{100, 178});
  CHECK(*parse_range("v178") == VersionRange{178, 178});
  CHECK(*parse_range("v157..178 +PACEAPI") == VersionRange{157, 178});
  for (const char* bad : {"", "100..178", "v", "v..", "v178..100", "v1e9", "v100..99999999999", "v-1..178"})
    CHECK(!parse_range(bad));
  CHECK(parse_reply(payload({"178", "Mitteleurop\xe4ische Zeit"}))->version == 178);
  CHECK(parse_reply(payload({"-1", "other:4001"}))->text == "other:4001");
  CHECK(!parse_reply(payload({"9", "1", "5000"})));
}

TEST_CASE("every golden gateway frame decodes to the values its fields state", "[gateway][codec]") {
  int frames = 0;
  for (const char* file : test::gateway_files) {
    for (const Json& test : test::golden(file)) {
      INFO(test.at("name"));
      const auto decoded = decode_gateway(test::payload_of(test.at("hex")));
      REQUIRE(decoded);
      const auto named = named_fields(*decoded);
      const Json& stated = test.at("named_fields");
      REQUIRE(named.size() == stated.size());
      for (std::size_t i = 0; i < named.size(); ++i) {
        INFO(stated[i].dump() << " read as " << named[i].text);
        CHECK((named[i].name == stated[i][0].get<std::string>() || named[i].name.find('[') != std::string::npos ||
               stated[i][0].get<std::string>().find('[') != std::string::npos));
        CHECK(test::same_field(stated[i][1].get<std::string>(), named[i].text));
      }
      // What we would send for it reads back as the same: the simulated gateway speaks the client's own language.
      const auto again = frame_of(*decoded);
      REQUIRE(again);
      const auto twice = decode_gateway(std::string_view(*again).substr(4));
      REQUIRE(twice);
      CHECK(*frame_of(*twice) == *again);
      ++frames;
    }
  }
  CHECK(frames == 76);  // with the two streams: 78
}

TEST_CASE("a gateway reads what two independent clients really sent as the same orders", "[gateway][codec]") {
  const auto folder = test::shared_data("reference/tws-golden");
  if (!folder) return;
  int frames = 0;
  for (const char* file : {"client-requests.json", "client-orders.json"}) {
    const Json recordings = test::read_json(*folder / file);
    for (const Json& test : recordings.at("cases")) {
      const auto ours = named_fields(test::request_of(test));
      for (const auto& [client, recorded] : test.at("recorded").items()) {
        INFO(test.at("name") << " by " << client);
        const auto decoded = decode_client(test::payload_of(recorded.at("hex")));
        REQUIRE(decoded);
        const auto theirs = named_fields(*decoded);
        REQUIRE(theirs.size() == ours.size());
        for (std::size_t i = 0; i < ours.size(); ++i) {
          INFO(ours[i].name << ": ours " << ours[i].text << " theirs " << theirs[i].text);
          const bool opens = ours[i].name == "openClose" && theirs[i].text == "O";
          CHECK((opens || test::same_field(ours[i].text, theirs[i].text)));
        }
        ++frames;
      }
    }
  }
  CHECK(frames >= 60);
}

TEST_CASE("a calendar spread arrives at the gateway as it left the client", "[gateway][codec]") {
  for (const char* file : {"client-requests.json", "client-orders.json"}) {
    for (const Json& test : test::golden(file)) {
      INFO(test.at("name"));
      const auto decoded = decode_client(test::payload_of(test.at("hex")));
      REQUIRE(decoded);
      CHECK(test::to_hex(*frame_of(*decoded)) == test.at("hex").get<std::string>());
    }
  }
}

TEST_CASE("frames cut anywhere are the same messages", "[gateway][codec]") {
  for (const Json& test : test::golden("gateway-stream.json")) {
    INFO(test.at("name"));
    std::string whole;
    for (const Json& segment : test.at("segments_hex")) whole += test::from_hex(segment.get<std::string>());
    const Json& messages = test.at("expected_messages");
    const auto read = [&](auto next_cut) {
      FrameReader frames;
      std::size_t seen = 0;
      for (std::size_t at = 0; at < whole.size();) {
        const std::size_t cut = std::min(next_cut(at), whole.size() - at);
        frames.feed(std::string_view(whole).substr(at, cut));
        at += cut;
        while (const auto frame = frames.next()) {
          REQUIRE(seen < messages.size());
          CHECK(*split_fields(*frame) == messages[seen].at("fields").get<std::vector<std::string>>());
          CHECK(decode_gateway(*frame));
          ++seen;
        }
      }
      CHECK(seen == messages.size());
      CHECK(frames.waiting() == 0);
    };
    std::size_t segment = 0;
    read([&](std::size_t) { return test.at("segments_hex")[segment++].get<std::string>().size() / 2; });
    read([](std::size_t) { return std::size_t{1}; });
    std::mt19937_64 random(178);
    for (int round = 0; round < 50; ++round) read([&](std::size_t) { return 1 + random() % 700; });
  }
}

TEST_CASE("a length above sixteen megabytes ends the stream", "[gateway][codec]") {
  FrameReader frames;
  frames.feed(std::string("\x01\x00\x00\x00", 4));
  CHECK(!frames.next());
  CHECK(frames.broken());
  frames.feed(test::from_hex("00000009390031003530303000"));
  CHECK(!frames.next());
  frames.clear();
  frames.feed(test::from_hex("00000009390031003530303000"));
  CHECK(frames.next());
}

TEST_CASE("hostile frames are named faults", "[gateway][codec]") {
  CHECK(fault_of("") == WireError::empty);
  CHECK(fault_of(std::string("9\0001\0005000", 8)) == WireError::not_terminated);
  CHECK(fault_of(payload({"nine", "1"})) == WireError::bad_number);
  CHECK(fault_of(payload({"999", "1"})) == WireError::unknown_message);
  CHECK(fault_of(payload({"9", "1"})) == WireError::too_few_fields);
  CHECK(fault_of(payload({"9", "1", "5000x"})) == WireError::bad_number);
  CHECK(fault_of(payload({"9", "1", "99999999999"})) == WireError::bad_number);
  CHECK(fault_of(payload({"1", "6", "2001", "1", "1.2.3", "1", "0"})) == WireError::bad_number);
  CHECK(fault_of(payload({"1", "6", "2001", "1", "nan", "1", "0"})) == WireError::bad_number);
  CHECK(fault_of(payload({"1", "6", "2001", "1", "1e999", "1", "0"})) == WireError::bad_number);
  CHECK(fault_of(payload({"17", "3001", "", "", "4000000"})) == WireError::bad_count);
  CHECK(fault_of(payload({"17", "3001", "", "", "-1"})) == WireError::bad_count);
  CHECK(fault_of(payload({"3", "5001", "Fil\nled"})) == WireError::bad_text);
  CHECK(fault_of(payload({"3", "5001", "\xff"})) == WireError::bad_text);
  const auto fault = decode_gateway(payload({"3", "5001", "Filled", "one"}));
  CHECK(fault.error() == WireFault{WireError::bad_number, 3, 4});
}

TEST_CASE("an order with a character the gateway refuses never leaves", "[gateway][codec]") {
  PlaceOrder order;
  order.contract.con_id = 1;
  for (const std::string& bad : {std::string("caf\xc3\xa9"), std::string("a\nb"), std::string("a\0b", 3)}) {
    order.order.order_ref = bad;
    std::string out = "before";
    const auto done = append_frame(out, order);
    REQUIRE(!done);
    CHECK(done.error().what == WireError::bad_text);
    CHECK(out == "before");
  }
  order.order.order_ref = "good";
  order.order.limit = std::numeric_limits<double>::quiet_NaN();
  CHECK(!frame_of(order));
}

TEST_CASE("a margin that is unset is not a margin of ten to the 308", "[gateway][codec]") {
  for (const char* text : {"", "1.7976931348623157E308", "1.7976931348623157e308", "1.7976931348623157E+308"}) {
    const auto report = decode_gateway(payload({"59", "1", "x.01", text, "USD", "", "", ""}));
    REQUIRE(report);
    CHECK(!std::get<CommissionReport>(*report).commission);
  }
  for (const char* text : {"", "2147483647", "9223372036854775807", "1.7976931348623157E308", "-9223372036854775808"}) {
    const auto tick = decode_gateway(payload({"2", "6", "1", "0", text}));
    REQUIRE(tick);
    CHECK(!std::get<TickSize>(*tick).size);
  }
  const auto small = decode_gateway(payload({"45", "6", "1", "49", "9.5E-4"}));
  CHECK(std::get<TickGeneric>(*small).value == 9.5e-4);
}

TEST_CASE("numbers leave in the shortest form without an exponent", "[gateway][codec]") {
  const auto written = [](double value) {
    std::string text;
    append_decimal(text, value);
    return text;
  };
  CHECK(written(250.0) == "250");
  CHECK(written(-0.85) == "-0.85");
  CHECK(written(12.1) == "12.1");
  CHECK(written(1e-7) == "0.0000001");
  CHECK(written(1e21) == "1000000000000000000000");
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    const double value = std::ldexp(static_cast<double>(random()) - 9e18, static_cast<int>(random() % 400) - 250);
    const std::string text = written(value);
    CHECK(text.find_first_not_of("-.0123456789") == std::string::npos);
    CHECK(*test::number_in(text) == value);
  }
}

TEST_CASE("escapes in free text are undone and broken text is repaired", "[gateway][codec]") {
  CHECK(undo_escapes("a\\u002cb") == "a,b");
  CHECK(undo_escapes("\\u00e9") == "\xc3\xa9");
  CHECK(undo_escapes("\\ud83d\\ude00") == "\xf0\x9f\x98\x80");
  CHECK(undo_escapes("\\ud83d!") == "\xef\xbf\xbd!");
  CHECK(undo_escapes("\\u00g0") == "\\u00g0");
  CHECK(undo_escapes("\\u000a") == " ");
  CHECK(undo_escapes("\xe4") == "\xef\xbf\xbd");
  CHECK(escaped("caf\xc3\xa9 \xf0\x9f\x98\x80") == "caf\\u00e9 \\ud83d\\ude00");
  CHECK(undo_escapes(escaped("caf\xc3\xa9 \xf0\x9f\x98\x80")) == "caf\xc3\xa9 \xf0\x9f\x98\x80");
}

TEST_CASE("fields a newer gateway adds at the end are ignored", "[gateway][codec]") {
  for (const char* file : test::gateway_files) {
    for (const Json& test : test::golden(file)) {
      const std::string bytes = test::payload_of(test.at("hex"));
      CHECK(decode_gateway(bytes + payload({"future", "", "1"})));
    }
  }
}

TEST_CASE("no mutation of a frame is read as anything but a message or a fault", "[gateway][codec][fuzz]") {
  std::vector<std::string> corpus;
  for (const char* file : test::gateway_files)
    for (const Json& test : test::golden(file)) corpus.push_back(test::payload_of(test.at("hex")));
  const std::size_t gateway_frames = corpus.size();
  for (const char* file : {"client-requests.json", "client-orders.json"})
    for (const Json& test : test::golden(file)) corpus.push_back(test::payload_of(test.at("hex")));
  const std::string spice[] = {
      "1.7976931348623157E308", "-1", "2147483648", "nan", "1e400", "\\ud800", "\xc0\x80", "99999999", "", "-0", "0x10",
      "9223372036854775808"};
  std::mt19937_64 random(20261123);
  long read = 0, refused = 0;
  for (int i = 0; i < 60000; ++i) {
    const std::size_t which = random() % corpus.size();
    std::string bytes = corpus[which];
    for (std::uint64_t edits = 1 + random() % 4; edits > 0; --edits) {
      const std::size_t at = bytes.empty() ? 0 : random() % bytes.size();
      switch (random() % 5) {
        case 0:
          if (!bytes.empty()) bytes[at] = static_cast<char>(random());
          break;
        case 1:
          bytes.erase(at, 1 + random() % 9);
          break;
        case 2:
          bytes.insert(at, 1, '\0');
          break;
        case 3:
          bytes.resize(at);
          break;
        default: {  // a whole field
          const std::size_t end = bytes.find('\0', at);
          if (end != std::string::npos) bytes.replace(at, end - at, spice[random() % std::size(spice)]);
        }
      }
    }
    const auto check = [&](const auto& decoded) {
      if (!decoded) return void(++refused);
      ++read;
      const auto again = frame_of(*decoded);  // whatever was read can be said, or is refused for its characters
      if (!again) CHECK(again.error().what == WireError::bad_text);
    };
    which < gateway_frames ? check(decode_gateway(bytes)) : check(decode_client(bytes));
  }
  CHECK(read > 1000);
  CHECK(refused > 1000);
}
