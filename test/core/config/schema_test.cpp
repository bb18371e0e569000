#include "core/config/schema.h"

#include <catch2/catch.hpp>
#include <set>

#include "core/config/schema/schemas.h"
#include "test/core/config/support.h"

using namespace holdfast::config;

namespace {

template <class S>
void check_rows(const Schema<S>& schema) {
  std::set<std::string> seen;
  for (const Row<S>& row : schema.rows()) {
    INFO(schema.keyword() << " " << row.keyword);
    CHECK(seen.insert(row.keyword).second);
    CHECK_FALSE(row.doc.empty());
    CHECK(row.doc.back() == '.');
    CHECK_FALSE(row.expects.empty());
    CHECK_FALSE(row.since.empty());
    CHECK(schema.find(row.keyword) == &row);
    CHECK(bool(row.read));
  }
  CHECK_FALSE(schema.doc().empty());
  CHECK(schema.find("no such keyword") == nullptr);
}

/// What a row writes of a default value, the row reads without a word and gives the default back.
template <class S>
void check_round_trip(const Schema<S>& schema, const S& original) {
  for (const Row<S>& row : schema.rows()) {
    if (!row.write) continue;
    INFO(schema.keyword() << " " << row.keyword);
    std::vector<Node> lines;
    row.write(original, lines);
    Config config;
    Diagnostics diagnostics;
    Context context(config, diagnostics);
    S copy = original;
    for (const Node& line : lines) row.read(copy, line, context);
    CHECK(diagnostics.list().empty());
    std::vector<Node> again;
    row.write(copy, again);
    CHECK(again == lines);
  }
}

}  // namespace

TEST_CASE("every row of every block is documented, unique and found by its keyword") {
  check_rows(global_defs_schema());
  check_rows(vrrp_script_schema());
  check_rows(vrrp_instance_schema());
  check_rows(authentication_schema());
  check_rows(auth_hmac_schema());
  check_rows(vrrp_sync_group_schema());
  check_rows(track_group_schema());
  check_rows(garp_group_schema());
  check_rows(track_file_schema());
  check_rows(vrrp_track_process_schema());
  check_rows(virtual_server_schema());
  check_rows(real_server_schema());
  check_rows(tcp_check_schema());
  check_rows(ping_check_schema());
  check_rows(smtp_check_schema());
  check_rows(smtp_host_schema());
  check_rows(dns_check_schema());
  check_rows(udp_check_schema());
  check_rows(http_get_schema());
  check_rows(ssl_get_schema());
  check_rows(http_url_schema());
  check_rows(ssl_url_schema());
  check_rows(misc_check_schema());
  check_rows(file_check_schema());
  check_rows(bfd_check_schema());
  check_rows(ssl_schema());
  check_rows(root_schema());
}

TEST_CASE("every row of a kept block reads its default back from what it writes") {
  check_round_trip(global_defs_schema(), GlobalDefs{});
  check_round_trip(vrrp_script_schema(), VrrpScript{});
  InstanceDraft draft;
  draft.virtual_router_id = 1;
  check_round_trip(vrrp_instance_schema(), draft);
  check_round_trip(virtual_server_schema(), VirtualServerDraft{});
  check_round_trip(real_server_schema(), RealServerDraft{});
  check_round_trip(tcp_check_schema(), TcpDraft{});
  check_round_trip(ping_check_schema(), PingDraft{});
  check_round_trip(smtp_check_schema(), SmtpDraft{});
  check_round_trip(dns_check_schema(), DnsDraft{});
  check_round_trip(udp_check_schema(), UdpDraft{});
  check_round_trip(http_get_schema(), HttpDraft{});
  check_round_trip(ssl_get_schema(), HttpDraft{});
  check_round_trip(ssl_url_schema(), HttpUrlDraft{});
  check_round_trip(misc_check_schema(), MiscDraft{});
  check_round_trip(file_check_schema(), FileDraft{});
  check_round_trip(ssl_schema(), TlsClient{});
  check_round_trip(track_file_schema(), TrackFile{});
}

TEST_CASE("a keyword that is not honoured gives one note, at its first place, and no exit code") {
  const Loaded loaded = load_text("global_defs {\n enable_dbus\n}\nglobal_defs {\n enable_dbus\n enable_traps\n}\n" +
                                  instance("debug 1"));
  CHECK(messages(loaded, Severity::Note) ==
        std::vector<std::string>{"k.conf:2:2: note: 'enable_dbus' is read but not used in this version",
                                 "k.conf:6:2: note: 'enable_traps' is read but not used in this version"});
  CHECK(exit_code(loaded.diagnostics) == 0);
}

TEST_CASE("an unknown block is reported once, without its lines") {
  const Loaded loaded = load_text("vvrp_script x {\n a\n b {\n c\n }\n}\n");
  CHECK(messages(loaded) ==
        std::vector<std::string>{
            "k.conf:1:1: Unknown keyword 'vvrp_script', expected a keyword of the root, did you mean 'vrrp_script'?"});
}
