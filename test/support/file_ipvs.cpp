#include "test/support/file_ipvs.h"

#include <array>
#include <fcntl.h>
#include <fmt/format.h>
#include <set>
#include <sstream>
#include <sys/file.h>
#include <unistd.h>

#include "core/runtime/clock.h"

namespace holdfast::test {
namespace {

using Kind = ipvs::Operation::Kind;

constexpr std::array<std::pair<Kind, const char*>, 6> kWords{{{Kind::AddService, "S+"},
                                                              {Kind::EditService, "S="},
                                                              {Kind::DeleteService, "S-"},
                                                              {Kind::AddDestination, "D+"},
                                                              {Kind::EditDestination, "D="},
                                                              {Kind::DeleteDestination, "D-"}}};

const char* word_of(Kind kind) {
  for (const auto& [known, word] : kWords) {
    if (known == kind) return word;
  }
  return "?";
}

std::string text_of(const ipvs::ServiceKey& key) {
  return fmt::format("{}/{}/{}/{}/{}", key.family == Family::IPv4 ? 4 : 6, key.fwmark, static_cast<int>(key.protocol),
                     key.address.text(), key.port);
}

ipvs::ServiceKey key_of(const std::string& text) {
  std::istringstream in(text);
  std::array<std::string, 5> parts;
  for (std::string& part : parts) std::getline(in, part, '/');
  ipvs::ServiceKey key;
  key.family = parts[0] == "6" ? Family::IPv6 : Family::IPv4;
  key.fwmark = static_cast<std::uint32_t>(std::stoul(parts[1]));
  key.protocol = static_cast<ipvs::Protocol>(std::stoi(parts[2]));
  key.address = *IpAddress::parse(parts[3]);
  key.port = static_cast<std::uint16_t>(std::stoi(parts[4]));
  return key;
}

std::string text_of(const ipvs::Operation& o) {
  std::string text = fmt::format("{} {}", word_of(o.kind), text_of(o.service));
  if (o.kind == Kind::AddService || o.kind == Kind::EditService) {
    const ipvs::ServiceSettings& s = o.service_settings;
    text += fmt::format(" {} {} {} {} {}", s.scheduler, s.flags, s.persistence_timeout_s, s.netmask,
                        s.persistence_engine.empty() ? "-" : s.persistence_engine);
  } else if (o.kind != Kind::DeleteService) {
    const ipvs::DestinationSettings& d = o.destination_settings;
    text += fmt::format(" {} {} {} {} {} {}", o.destination.address.text(), o.destination.port,
                        static_cast<int>(d.forwarding), d.weight, d.upper_threshold, d.lower_threshold);
  }
  return text;
}

ipvs::Operation operation_of(std::istringstream& in, const std::string& word) {
  ipvs::Operation o;
  for (const auto& [kind, known] : kWords) {
    if (word == known) o.kind = kind;
  }
  std::string key;
  in >> key;
  o.service = key_of(key);
  if (word == "S+" || word == "S=") {
    ipvs::ServiceSettings& s = o.service_settings;
    in >> s.scheduler >> s.flags >> s.persistence_timeout_s >> s.netmask >> s.persistence_engine;
    if (s.persistence_engine == "-") s.persistence_engine.clear();
  } else if (word != "S-") {
    std::string address;
    int forwarding = 0;
    ipvs::DestinationSettings& d = o.destination_settings;
    in >> address >> o.destination.port >> forwarding >> d.weight >> d.upper_threshold >> d.lower_threshold;
    o.destination.address = *IpAddress::parse(address);
    d.forwarding = static_cast<ipvs::Forwarding>(forwarding);
  }
  return o;
}

}  // namespace

/// One process at a time, and nobody dies with half a line written.
class FileIpvs::Locked {
 public:
  explicit Locked(int fd) : fd_(fd) { flock(fd_, LOCK_EX); }
  ~Locked() { flock(fd_, LOCK_UN); }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;

 private:
  int fd_;
};

Result<std::uint32_t> FileIpvs::open() {
  if (!fd_) fd_.reset(::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
  if (!fd_) return system_error(path_, errno);
  return fake_.open();
}

void FileIpvs::replay(const std::string& line) {
  std::istringstream in(line);
  std::string time, pid, word;
  in >> time >> pid >> word;
  if (word == "C") {
    fake_.table.clear();
    return;
  }
  const ipvs::Operation operation = operation_of(in, word);
  fake_.apply(std::span(&operation, 1));
  fake_.journal.clear();
}

void FileIpvs::catch_up() {
  std::string text;
  std::array<char, 65536> buffer{};
  for (;;) {
    const ssize_t n = pread(fd_.get(), buffer.data(), buffer.size(), static_cast<off_t>(read_ + text.size()));
    if (n <= 0) break;
    text.append(buffer.data(), static_cast<std::size_t>(n));
  }
  const std::size_t whole = text.rfind('\n') == std::string::npos ? 0 : text.rfind('\n') + 1;
  std::istringstream lines(text.substr(0, whole));
  for (std::string line; std::getline(lines, line);) replay(line);
  read_ += whole;
}

void FileIpvs::append(const std::string& lines) {
  [[maybe_unused]] const ssize_t n = write(fd_.get(), lines.data(), lines.size());
  read_ += lines.size();
}

Result<ipvs::Table> FileIpvs::list() {
  const Locked locked(fd_.get());
  catch_up();
  return fake_.list();
}

Result<ipvs::Table> FileIpvs::list(std::span<const ipvs::ServiceKey> services) {
  const Locked locked(fd_.get());
  catch_up();
  return fake_.list(services);
}

std::vector<ipvs::Refusal> FileIpvs::apply(std::span<const ipvs::Operation> operations) {
  const Locked locked(fd_.get());
  catch_up();
  std::vector<ipvs::Refusal> refusals = fake_.apply(operations);
  fake_.journal.clear();  // the file has it
  std::set<std::size_t> refused;
  for (const ipvs::Refusal& refusal : refusals) refused.insert(refusal.index);
  std::string lines;
  for (std::size_t i = 0; i < operations.size(); ++i) {
    if (!refused.contains(i)) lines += fmt::format("{} {} {}\n", to_us(now()), getpid(), text_of(operations[i]));
  }
  append(lines);
  return refusals;
}

Status FileIpvs::flush() {
  const Locked locked(fd_.get());
  catch_up();
  append(fmt::format("{} {} C\n", to_us(now()), getpid()));
  return fake_.flush();
}

}  // namespace holdfast::test
