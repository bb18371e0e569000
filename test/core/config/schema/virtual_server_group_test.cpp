#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

namespace {
std::string group(const std::string& lines) {
  return "virtual_server_group g {\n" + lines + "\n}\n";
}
GroupEntry entry_of(const std::string& line) {
  const Loaded loaded = load_text(group(line));
  for (const std::string& text : messages(loaded)) UNSCOPED_INFO(text);
  REQUIRE(loaded.config.virtual_server_groups.size() == 1);
  REQUIRE(loaded.config.virtual_server_groups[0].entries.size() == 1);
  return loaded.config.virtual_server_groups[0].entries[0];
}
GroupEntry addresses(const char* first, std::uint32_t count, std::uint16_t port) {
  GroupEntry entry;
  entry.first = *IpAddress::parse(first);
  entry.family = entry.first.family();
  entry.count = count;
  entry.port = port;
  return entry;
}
}  // namespace

TEST_CASE("a line is an address, a range in three forms, or a mark") {
  CHECK(entry_of("10.0.0.1") == addresses("10.0.0.1", 1, 0));
  CHECK(entry_of("10.0.0.1 80") == addresses("10.0.0.1", 1, 80));
  CHECK(entry_of("10.0.0.1-5 80") == addresses("10.0.0.1", 5, 80));
  CHECK(entry_of("10.0.0.250-10.0.1.5 80") == addresses("10.0.0.250", 12, 80));
  CHECK(entry_of("10.0.0.8/29 80") == addresses("10.0.0.8", 8, 80));
  CHECK(entry_of("10.0.0.8/32 80") == addresses("10.0.0.8", 1, 80));
  CHECK(entry_of("fe80::1-ff 80") == addresses("fe80::1", 255, 80));
  CHECK(entry_of("fe80::1-fe80::20 80") == addresses("fe80::1", 32, 80));
  CHECK(entry_of("fe80::/120 80") == addresses("fe80::", 256, 80));
  const GroupEntry mark = entry_of("fwmark 7 inet6");
  CHECK(mark.fwmark == 7U);
  CHECK(mark.family == Family::IPv6);
  CHECK_FALSE(entry_of("fwmark 7").family_given);
}

TEST_CASE("wrong lines are left out with keepalived's words") {
  const auto says = [](const std::string& line, const std::string& text) {
    INFO(line);
    const Loaded loaded = load_text(group(line + "\n10.9.9.9 80"));
    CHECK(mentions(loaded, text));
    REQUIRE(loaded.config.virtual_server_groups.size() == 1);
    CHECK(loaded.config.virtual_server_groups[0].entries.size() == 1);
  };
  says("10.0.0.0/33 80", "Invalid netmask - 10.0.0.0/33 - skipping");
  says("10.0.0.1/30 80", "Address mask bits not empty - 10.0.0.1/30 - skipping");
  says("10.0.0.7-3 80", "Address range end is not greater than address range start - 10.0.0.7-3 - skipping");
  says("10.0.0.7-300 80", "Virtual server group range '10.0.0.7-300' end '300' too large");
  says("fe80::1-10000 80", "Virtual server group range 'fe80::1-10000' end '10000' too large");
  says("10.0.0.7-255.3 80", "Invalid range end 10.0.0.7-255.3 - skipping");
  says("10.0.0.7-fe80::1 80", "Invalid range end");
  says("fe80::1-fe90::2 80", "Invalid range end");
  says("10.0.0.0/8 80", "holds more than 65536 addresses - skipping");
  says("fe80::/64 80", "holds more than 65536 addresses - skipping");
  says("fe80::/97 80", "holds more than 65536 addresses - skipping");
  says("foo 80", "Invalid virtual server group IP address foo /port/80 - skipping");
  says("10.0.0.1 x", "invalid number 'x'");
  says("fwmark x", "invalid number 'x'");
  says("fwmark 7 inet7", "(g): fwmark '7' family inet7 unknown - ignoring");
}

TEST_CASE("a group with nothing in it, or of which nobody knows the family, is removed") {
  CHECK(mentions(load_text(group("")), "virtual server group g has no entries - removing"));
  const Loaded mixed = load_text(group("10.0.0.1 80\nfe80::1 80\nfwmark 3"));
  CHECK(mentions(mixed, "virtual server group g cannot have IPv4, IPv6 and fwmark without family - removing"));
  CHECK(mixed.config.virtual_server_groups.empty());
  CHECK(messages(load_text(group("10.0.0.1 80\nfe80::1 80\nfwmark 3 inet"))).empty());
}
