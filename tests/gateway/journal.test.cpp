// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "gateway/intent_journal.hpp"
#include "simulated_disk.hpp"
#include "support/catch.hpp"

using namespace alaris::gateway;
using alaris::test::SimulatedDisk;

namespace {

std::string journal_of(int records) {
  SimulatedDisk disk;
  Journal journal(disk);
  for (int i = 0; i < records; ++i)
    REQUIRE(journal.append({"intent", "alaris-" + std::to_string(i), std::string(static_cast<std::size_t>(i), 'x')}));
  return disk.cached;
}

/// Takes a record out of the middle and gives every later one a number and a CRC that fit, as a forger would.
std::string without_record(const std::string& whole, int missing, int records) {
  std::string forged;
  std::size_t at = 0;
  for (int i = 0, number = 0; i < records; ++i) {
    const std::size_t length = static_cast<unsigned char>(whole[at + 12]);
    std::string record = whole.substr(at, 52 + length);
    at += record.size();
    if (i == missing) continue;
    record[4] = static_cast<char>(number++);
    const std::uint32_t crc = crc32(record.substr(4, 12) + record.substr(20));
    for (unsigned k = 0; k < 4; ++k) record[16 + k] = static_cast<char>(crc >> (8 * k) & 0xFF);
    forged += record;
  }
  return forged;
}

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "alaris-segments-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::filesystem::path path{};
};

/// A disk that has room for the first n writes only.
class FullDisk final : public JournalStorage {
 public:
  explicit FullDisk(int writes) : left_(writes) {}
  std::string bytes{};
  bool read(std::string& all) override { return all = bytes, true; }
  bool append(std::string_view more) override {
    if (left_-- > 0) return bytes += more, true;
    bytes += more.substr(0, more.size() / 2);  // what still fitted
    return false;
  }
  bool sync() override { return left_ >= 0; }
  bool truncate(std::size_t size) override {
    left_ = 0;  // room was made for what is there
    return bytes.resize(size), true;
  }

 private:
  int left_;
};

}  // namespace

TEST_CASE("SHA-256 gives the digests of its standard", "[gateway][journal]") {
  CHECK(sha256_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(sha256_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(sha256_hex(std::string(1'000'000, 'a')) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("any flipped byte of a journal is noticed and the records before it remain", "[gateway][journal]") {
  const int records = 5;
  const std::string whole = journal_of(records);
  const JournalScan sound = scan_journal(whole);
  REQUIRE(sound.records.size() == records);
  REQUIRE(sound.rest_bytes == 0);
  std::size_t kept = 0;
  for (std::size_t at = 0; at < whole.size(); ++at)
    for (const char flip : {char(1), char(0x80 - 0x100), char(0x55)}) {
      std::string bytes = whole;
      bytes[at] = static_cast<char>(bytes[at] ^ flip);
      const JournalScan scan = scan_journal(bytes);
      REQUIRE(scan.rest_bytes > 0);
      REQUIRE(scan.sound_bytes <= at);
      REQUIRE(scan.records.size() >= kept);
      kept = scan.records.size();
      for (std::size_t i = 0; i < scan.records.size(); ++i) REQUIRE(scan.records[i] == sound.records[i]);
    }
  CHECK(kept == records - 1);
}

TEST_CASE("a journal cut anywhere keeps its whole records and shows what was torn", "[gateway][journal]") {
  const std::string whole = journal_of(5);
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    const JournalScan scan = scan_journal(std::string_view(whole).substr(0, cut));
    REQUIRE(!scan.damaged);
    REQUIRE(scan.sound_bytes + scan.rest_bytes == cut);
    REQUIRE(scan.records.size() < 5);
    REQUIRE(scan.head != scan_journal(whole).head);  // the head tells also a cut between two records
  }
}

TEST_CASE("an order taken out of the journal breaks its chain even when every checksum fits", "[gateway][journal]") {
  const std::string whole = journal_of(5);
  for (int missing = 0; missing < 4; ++missing) {
    const JournalScan scan = scan_journal(without_record(whole, missing, 5));
    CHECK(scan.damaged);
    CHECK(scan.records.size() == static_cast<std::size_t>(missing));
  }
  CHECK(!scan_journal(without_record(whole, 4, 5)).damaged);  // the last: only a head kept elsewhere tells
}

TEST_CASE("a disk that is full at any write leaves a sound journal and lets no order out", "[gateway][journal]") {
  for (int writes = 0; writes < 6; ++writes) {
    FullDisk disk(writes);
    Journal journal(disk);
    int durable = 0;
    for (int i = 0; i < 6; ++i) durable += journal.append({"intent", std::to_string(i)}) && journal.sync() ? 1 : 0;
    CHECK(durable == writes);
    CHECK(journal.failed());
    CHECK(!journal.append({"intent", "later"}));
    Journal restarted(disk);
    const auto records = restarted.recover();
    REQUIRE(records);
    CHECK(records->size() == static_cast<std::size_t>(writes));
  }
}

TEST_CASE("a journal in many files reads as one and none is written again once full", "[gateway][journal]") {
  const Folder folder;
  const auto path = folder.path / "orders.alj";
  std::string expected_bytes;
  {
    FileStorage storage(path, 500);
    Journal journal(storage);
    REQUIRE(journal.recover());
    for (int i = 0; i < 40; ++i) REQUIRE((journal.append({"intent", std::to_string(i)}) && journal.sync()));
    REQUIRE(storage.read(expected_bytes));
    CHECK(!FileStorage(path, 500).open());
  }
  const auto files = journal_files(path);
  REQUIRE(files.size() > 3);
  CHECK(journal_bytes(path) == expected_bytes);
  CHECK(scan_journal(expected_bytes).records.size() == 40);
  const auto first_size = std::filesystem::file_size(files.front());
  std::ofstream(files.back(), std::ios::app | std::ios::binary) << "AJR2 torn";
  {
    FileStorage storage(path, 500);
    Journal journal(storage);
    REQUIRE(journal.recover()->size() == 40);
    CHECK(journal.bytes_cut() == 9);
    REQUIRE((journal.append({"intent", "40"}) && journal.sync()));
  }
  CHECK(scan_journal(journal_bytes(path)).records.size() == 41);
  CHECK(std::filesystem::file_size(files.front()) == first_size);
  for (const auto& file : journal_files(path)) {
    using std::filesystem::perms;
    CHECK((std::filesystem::status(file).permissions() & (perms::group_all | perms::others_all)) == perms::none);
  }
  std::filesystem::remove(files[1]);  // a lost file: what follows is not reached, and it is said
  CHECK(scan_journal(journal_bytes(path)).records.size() < 41);
}
