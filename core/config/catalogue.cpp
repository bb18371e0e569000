#include "core/config/catalogue.h"

#include <algorithm>

#include "core/config/catalogue_defaults.h"
#include "core/config/catalogue_since.h"
#include "core/config/schema/line_rows.h"
#include "core/config/schema/option_table.h"
#include "core/config/schema/schemas.h"

namespace holdfast::config {

namespace {

/// What write() says of a value that nobody has set; "" when it says nothing.
template <class S>
std::string written_default(const Row<S>& row, const S& value) {
  if (!row.write || row.block) return {};
  std::vector<Node> lines;
  row.write(value, lines);
  for (const Node& line : lines) {
    if (line.words.front() != row.keyword) continue;
    if (line.words.size() == 1) return "on";
    return join({line.words.begin() + 1, line.words.end()}, " ");
  }
  return {};
}

std::string silent_default(const RowInfo& row) {
  if (row.block) return {};
  if (row.form.kind == Form::Kind::Nothing) return "off";
  return row.form.kind == Form::Kind::Switch ? "false" : "none";
}

std::vector<int> numbers_of(const std::string& release) {
  std::vector<int> numbers{0};
  for (const char c : release) {
    if (c == '.') {
      numbers.push_back(0);
    } else if (c >= '0' && c <= '9') {
      numbers.back() = numbers.back() * 10 + (c - '0');
    }
  }
  return numbers;
}

/// Rows that several blocks share are not older than the block.
std::string later_of(const std::string& row, const std::string& block) {
  return row != "holdfast" && numbers_of(row) < numbers_of(block) ? block : row;
}

class Builder {
 public:
  template <class S>
  void add(std::string path, const Schema<S>& schema, const S& value = S{}) {
    CatalogueBlock block{std::move(path), schema.doc(), {}};
    const std::string last = block.path.substr(block.path.rfind('/') + 1);
    const std::string block_since = since_of(last);
    for (const Row<S>& row : schema.rows()) {
      RowInfo info = row;
      const std::string_view since = stated_since(last, info.keyword);
      info.since = since.empty() ? later_of(info.since, block_since) : std::string(since);
      if (info.otherwise.empty()) info.otherwise = stated_default(last, info.keyword);
      if (info.otherwise.empty()) info.otherwise = written_default(row, value);
      if (info.otherwise.empty()) info.otherwise = silent_default(info);
      block.rows.push_back(std::move(info));
    }
    blocks_.push_back(std::move(block));
  }

  void add(const OptionTable& table) {
    CatalogueBlock block{table.path(), table.doc(), {}};
    block.rows.assign(table.options().begin(), table.options().end());
    blocks_.push_back(std::move(block));
  }

  void add(const LineRows& lines) { blocks_.push_back({lines.path, lines.doc, lines.rows}); }

  std::vector<CatalogueBlock> take() { return std::move(blocks_); }

 private:
  /// Since when a block is known, by its row in a block that was added before.
  std::string since_of(const std::string& keyword) const {
    for (const CatalogueBlock& block : blocks_) {
      const RowInfo* row = block.find(keyword);
      if (row != nullptr && row->block) return row->since;
    }
    return {};
  }

  std::vector<CatalogueBlock> blocks_;
};

void add_vrrp(Builder& all) {
  all.add("vrrp_instance", vrrp_instance_schema());
  all.add("vrrp_instance/authentication", authentication_schema());
  all.add("vrrp_instance/auth_hmac", auth_hmac_schema());
  all.add("vrrp_sync_group", vrrp_sync_group_schema());
  all.add("vrrp_script", vrrp_script_schema());
  all.add("vrrp_track_process", vrrp_track_process_schema());
  all.add("track_file", track_file_schema());
  all.add("vrrp_track_file", track_file_schema());
  all.add("track_group", track_group_schema());
  all.add("garp_group", garp_group_schema());
  all.add("bfd_instance", bfd_instance_schema());
}

void add_checks(Builder& all, const std::string& real) {
  all.add(real + "/TCP_CHECK", tcp_check_schema());
  all.add(real + "/HTTP_GET", http_get_schema());
  all.add(real + "/HTTP_GET/url", http_url_schema());
  all.add(real + "/SSL_GET", ssl_get_schema());
  all.add(real + "/SSL_GET/url", ssl_url_schema());
  all.add(real + "/SMTP_CHECK", smtp_check_schema());
  all.add(real + "/SMTP_CHECK/host", smtp_host_schema());
  all.add(real + "/DNS_CHECK", dns_check_schema());
  all.add(real + "/UDP_CHECK", udp_check_schema());
  all.add(real + "/PING_CHECK", ping_check_schema());
  all.add(real + "/MISC_CHECK", misc_check_schema());
  all.add(real + "/FILE_CHECK", file_check_schema());
  all.add(real + "/BFD_CHECK", bfd_check_schema());
}

}  // namespace

const RowInfo* CatalogueBlock::find(std::string_view keyword) const {
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const RowInfo& row) { return row.keyword == keyword; });
  return found == rows.end() ? nullptr : &*found;
}

std::vector<CatalogueBlock> catalogue() {
  Builder all;
  all.add(directive_rows());
  const Config nothing;
  all.add("(root)", root_schema(), nothing);
  all.add("global_defs", global_defs_schema());
  add_vrrp(all);
  all.add("SSL", ssl_schema());
  all.add("virtual_server", virtual_server_schema());
  all.add("virtual_server/real_server", real_server_schema());
  add_checks(all, "virtual_server/real_server");
  for (const LineRows* lines : line_rows()) all.add(*lines);
  for (const OptionTable* table : option_tables()) all.add(*table);
  return all.take();
}

}  // namespace holdfast::config
