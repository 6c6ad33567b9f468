// SPDX-License-Identifier: Apache-2.0
// The journal's bytes on a disk: one lock, segments that are never written again once they are full.
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>

#include "gateway/intent_journal.hpp"

namespace alaris::gateway {
namespace {

namespace fs = std::filesystem;

fs::path segment(const fs::path& path, std::size_t number) {
  return number == 0 ? path : fs::path(path.string() + "." + std::to_string(number));
}

bool read_all(int file, std::string& all) {
  struct stat info {};
  if (::fstat(file, &info) != 0) return false;
  const std::size_t begin = all.size();
  all.resize(begin + static_cast<std::size_t>(info.st_size));
  for (std::size_t done = 0; begin + done < all.size();) {
    const ssize_t n = ::pread(file, all.data() + begin + done, all.size() - begin - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

std::size_t size_of(int file) {
  struct stat info {};
  return ::fstat(file, &info) == 0 ? static_cast<std::size_t>(info.st_size) : 0;
}

}  // namespace

std::vector<fs::path> journal_files(const fs::path& path) {
  std::vector<fs::path> files;
  std::error_code ignored;
  while (fs::exists(segment(path, files.size()), ignored)) files.push_back(segment(path, files.size()));
  return files;
}

std::string journal_bytes(const fs::path& path) {
  std::string all;
  for (const fs::path& file : journal_files(path)) {
    std::ifstream in(file, std::ios::binary);
    all.append(std::istreambuf_iterator<char>(in), {});
  }
  return all;
}

FileStorage::FileStorage(const fs::path& path, std::size_t segment_bytes) : path_(path), segment_bytes_(segment_bytes) {
  std::error_code ignored;
  if (path.has_parent_path()) fs::create_directories(path.parent_path(), ignored);
  first_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
  if (first_ >= 0 && ::flock(first_, LOCK_EX | LOCK_NB) != 0) {
    ::close(first_);
    first_ = -1;
  }
  if (first_ < 0) return;
  keep_names();
  if (open_last()) return;
  ::close(first_);
  first_ = -1;
}

FileStorage::~FileStorage() {
  if (last_ >= 0 && last_ != first_) ::close(last_);
  if (first_ >= 0) ::close(first_);
}

/// A file's name must survive a crash as well as its bytes.
void FileStorage::keep_names() const {
  const std::string folder = path_.has_parent_path() ? path_.parent_path().string() : ".";
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  (void)::fsync(directory);
  ::close(directory);
}

bool FileStorage::open_last() {
  if (last_ >= 0 && last_ != first_) ::close(last_);
  const std::size_t count = journal_files(path_).size();
  last_ = count < 2 ? first_ : ::open(segment(path_, count - 1).c_str(), O_RDWR | O_CLOEXEC | O_APPEND);
  return last_ >= 0;
}

bool FileStorage::begin_next() {
  if (::fdatasync(last_) != 0) return false;
  const fs::path next = segment(path_, journal_files(path_).size());
  const int file = ::open(next.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_APPEND, 0600);
  if (file < 0) return false;
  if (last_ != first_) ::close(last_);
  last_ = file;
  keep_names();
  return true;
}

bool FileStorage::read(std::string& all) {
  all.clear();
  if (!open()) return false;
  for (const fs::path& path : journal_files(path_)) {
    const int file = path == path_ ? first_ : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    const bool done = file >= 0 && read_all(file, all);
    if (file >= 0 && file != first_) ::close(file);
    if (!done) return false;
  }
  return true;
}

bool FileStorage::append(std::string_view bytes) {
  if (!open() || last_ < 0) return false;
  if (size_of(last_) >= segment_bytes_ && !begin_next()) return false;
  while (!bytes.empty()) {
    const ssize_t n = ::write(last_, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

bool FileStorage::sync() {
  return last_ >= 0 && ::fdatasync(last_) == 0;
}

bool FileStorage::truncate(std::size_t size) {
  if (!open()) return false;
  std::size_t begin = 0;
  for (const fs::path& path : journal_files(path_)) {
    std::error_code failed;
    const auto length = static_cast<std::size_t>(fs::file_size(path, failed));
    if (failed) return false;
    if (begin > 0 && begin >= size)
      fs::remove(path, failed);
    else if (begin + length > size && ::truncate(path.c_str(), static_cast<off_t>(size - begin)) != 0)
      return false;
    if (failed) return false;
    begin += length;
  }
  keep_names();
  return open_last();
}

}  // namespace alaris::gateway
