#include "test/core/config/lvs_support.h"

using namespace holdfast;
using namespace holdfast::config;

TEST_CASE("DNS_CHECK asks for a type and a name") {
  CHECK(check_of<DnsCheck>("DNS_CHECK {\n}") == DnsCheck{"SOA", "."});
  CHECK(check_of<DnsCheck>("DNS_CHECK {\n type aaaa\n name www.example.org.\n}") ==
        DnsCheck{"AAAA", "www.example.org."});
  CHECK(mentions(load_text(service("", "DNS_CHECK {\n type PTR\n}")), "Unknown DNS check type PTR - ignoring"));
  CHECK(mentions(load_text(service("", "DNS_CHECK {\n name a..b\n}")), "DNS_CHECK name 'a..b' has empty label"));
  CHECK(mentions(load_text(service("", "DNS_CHECK {\n name " + std::string(64, 'a') + ".b\n}")), "longer than 63"));
  std::string name = "a";
  for (int label = 0; label < 127; ++label) name += ".a";
  CHECK(mentions(load_text(service("", "DNS_CHECK {\n name " + name + "\n}")), "is too long"));
}

TEST_CASE("UDP_CHECK sends octets and compares digits") {
  const UdpCheck check = check_of<UdpCheck>(
      "UDP_CHECK {\n payload \"00 ff7\"\n require_reply 1xX2\n min_reply_length 2\n max_reply_length 9\n}");
  CHECK(check.payload == std::string("\x00\xff\x07", 3));
  CHECK(check.require_reply);
  CHECK(check.expected_reply == std::vector<std::pair<std::uint8_t, std::uint8_t>>{{0x10, 0xf0}, {0x02, 0x0f}});
  CHECK(check.min_reply_length == 2);
  CHECK(check.max_reply_length == 9);
  CHECK(check_of<UdpCheck>("UDP_CHECK {\n require_reply\n}").require_reply);
  CHECK_FALSE(check_of<UdpCheck>("UDP_CHECK {\n}").require_reply);
  CHECK(mentions(load_text(service("", "UDP_CHECK {\n payload 1x\n}")), "Invalid hex string for UDP_CHECK payload"));
  CHECK(
      mentions(load_text(service("", "UDP_CHECK {\n require_reply xyz\n}")), "Invalid hex string for UDP_CHECK reply"));
  CHECK(mentions(load_text(service("", "UDP_CHECK {\n min_reply_length 256\n}")),
                 "k.conf:7:1: warning: UDP_CHECK min_reply length 256 > max_reply_length 255 - will always fail"));
}
