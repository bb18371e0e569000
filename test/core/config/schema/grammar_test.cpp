#include "core/config/grammar.h"

#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "core/config/schema/schemas.h"

using namespace holdfast::config;

namespace {
template <class S>
void check_scripts(const Schema<S>& schema) {
  for (const Row<S>& row : schema.rows()) {
    INFO(row.keyword);
    if (row.expects.find("command line") != std::string::npos) CHECK(grammar().holds_script(row.keyword));
  }
}
template <class S>
void check_blocks(const Schema<S>& schema, const std::set<std::string>& ambiguous) {
  for (const Row<S>& row : schema.rows()) {
    INFO(row.keyword);
    if (!ambiguous.contains(row.keyword)) CHECK(grammar().opens_block(row.keyword) == row.block);
  }
}
}  // namespace

TEST_CASE("every row that takes a command line is read with the quoting rules of scripts") {
  check_scripts(global_defs_schema());
  check_scripts(vrrp_script_schema());
  check_scripts(vrrp_instance_schema());
  check_scripts(vrrp_sync_group_schema());
  check_scripts(virtual_server_schema());
  check_scripts(real_server_schema());
  check_scripts(misc_check_schema());
}

TEST_CASE("what the grammar says of blocks agrees with the rows") {
  check_blocks(root_schema(), {"track_file"});
  check_blocks(virtual_server_schema(), {});
  check_blocks(real_server_schema(), {});
  check_blocks(ssl_get_schema(), {});
  check_blocks(global_defs_schema(), {});
  check_blocks(vrrp_instance_schema(), {"track_file"});
  for (const std::string_view keyword : grammar().root_blocks) CHECK(grammar().opens_block(keyword));
}
