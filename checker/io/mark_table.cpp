#include "checker/io/mark_table.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <map>
#include <utility>

namespace holdfast::checker {

bool MarkTable::open(const Told& told) {
  if (socket_) return true;
  if (nowhere_ != 0) {
    told(nowhere_, "a socket for nftables");
    return false;
  }
  auto opened = netlink::BatchSocket::open(loop_);
  if (!opened) {
    told(opened.error().code, "a socket for nftables");
    return false;
  }
  socket_ = std::move(*opened);
  return true;
}

void MarkTable::stay_with(Result<netlink::Socket> socket) {
  nowhere_ = socket ? 0 : socket.error().code;
  socket_.reset();
  if (socket) socket_ = std::make_unique<netlink::BatchSocket>(loop_, std::move(*socket));
}

void MarkTable::send(netlink::NftBatch batch, Told told) {
  if (batch.empty()) return told(0, {});
  socket_->send(std::move(batch).finish(), std::move(told));
}

void MarkTable::put(const MarkPlan& plan, Told told) {
  const bool can_change = known_ && known_->table == plan.table && known_->counters == plan.counters;
  if (!can_change) return renew(plan, std::move(told));
  if (!open(told)) return;
  netlink::NftBatch batch = socket_->batch();
  put_change(batch, *known_, plan, comment_);
  known_ = plan;
  // Refused when somebody else has changed the table.
  send(std::move(batch), [this, order = ++orders_, plan, told = std::move(told)](int error, const std::string& object) {
    error != 0 && order == orders_ ? renew(plan, told) : told(error, object);
  });
}

void MarkTable::renew(const MarkPlan& plan, Told told) {
  if (!open(told)) return;
  netlink::NftBatch batch = socket_->batch();
  put_marks(batch, plan, comment_);
  known_ = plan;
  send(std::move(batch), [this, order = ++orders_, told = std::move(told)](int error, const std::string& object) {
    if (error != 0 && order == orders_) known_.reset();
    told(error, object);
  });
}

void MarkTable::adopt(const MarkPlan& plan, Told told) {
  if (!open(told)) return;
  look(plan, [this, order = ++orders_, plan, told = std::move(told)](const std::vector<std::string>& findings) {
    if (order != orders_) return;
    if (!findings.empty()) return renew(plan, told);
    known_ = plan;
    told(0, {});
  });
}

void MarkTable::remove(const std::string& table, Told told) {
  if (!open(told)) return;
  ++orders_;
  known_.reset();
  netlink::NftBatch batch = socket_->batch();
  put_removal(batch, table);
  send(std::move(batch), std::move(told));
}

void MarkTable::sweep(const std::string& keep, Told told) {
  if (!open(told)) return;
  socket_->ask_tables([this, keep, told = std::move(told)](const std::vector<netlink::NftTable>& tables) {
    netlink::NftBatch batch = socket_->batch();
    for (const netlink::NftTable& table : tables) {
      if (table.comment == comment_ && table.name != keep) batch.remove_table(table);
    }
    send(std::move(batch), told);
  });
}

// ---- what is there -----------------------------------------------------------------------------------------------------

/// One map after the other, then the rules of each family, and whether there
/// is a table that should not be.
struct MarkTable::Look {
  std::vector<MarkMap> maps;
  std::size_t next = 0;
  std::map<Family, std::pair<netlink::NftTable, std::size_t>> rules;  ///< how many there should be
  std::vector<netlink::NftTable> unwanted;
  std::vector<std::string> findings;
  Found found;
};

namespace {

std::string name_of(const netlink::NftTable& table) {
  return fmt::format("table {} {}", table.family == Family::IPv4 ? "ip" : "ip6", table.name);
}

/// "" when all is as it should be.
std::string difference(const MarkMap& wanted, int error, std::vector<netlink::NftElement>& elements) {
  const std::string map = fmt::format("map {} of {}", wanted.set.name, name_of(wanted.table));
  if (error == ENOENT) return map + " was missing";
  if (error != 0) return fmt::format("{} could not be read ({})", map, std::strerror(error));
  std::ranges::sort(elements, {}, &netlink::NftElement::key);
  if (elements == wanted.elements) return {};
  std::size_t kept = 0;
  for (const netlink::NftElement& element : wanted.elements) {
    const auto same = std::ranges::lower_bound(elements, element.key, {}, &netlink::NftElement::key);
    if (same != elements.end() && *same == element) ++kept;
  }
  return fmt::format("{} lacked {} of {} elements and had {} others", map, wanted.elements.size() - kept,
                     wanted.elements.size(), elements.size() - kept);
}

}  // namespace

void MarkTable::look(const MarkPlan& plan, Found found) {
  const auto look = std::make_shared<Look>();
  look->maps = mark_maps(plan, comment_);
  look->found = std::move(found);
  for (const MarkMap& map : look->maps) {
    const auto [rules, first] = look->rules.try_emplace(map.table.family, map.table, std::size_t{0});
    ++rules->second.second;
  }
  for (const Family family : {Family::IPv4, Family::IPv6}) {
    if (!look->rules.contains(family)) look->unwanted.push_back({family, plan.table, {}});
  }
  if (!open([&](int, const std::string&) {})) return;
  look_at_next(look);
}

void MarkTable::look_at_next(const std::shared_ptr<Look>& look) {
  if (look->next == look->maps.size()) return look_at_rules(look);
  const MarkMap& map = look->maps[look->next];
  socket_->ask_elements(map.table, map.set.name, [this, look](int error, std::vector<netlink::NftElement> elements) {
    const MarkMap& wanted = look->maps[look->next++];
    std::string text = difference(wanted, error, elements);
    if (!text.empty()) look->findings.push_back(std::move(text));
    look_at_next(look);
  });
}

void MarkTable::look_at_rules(const std::shared_ptr<Look>& look) {
  if (look->rules.empty()) return look_at_unwanted(look);
  const auto [table, wanted] = look->rules.begin()->second;
  look->rules.erase(look->rules.begin());
  socket_->ask_rules(table, kMarkChain, [this, look, table = table, wanted = wanted](std::size_t count) {
    if (count != wanted)
      look->findings.push_back(
          fmt::format("chain {} of {} had {} rules instead of {}", kMarkChain, name_of(table), count, wanted));
    look_at_rules(look);
  });
}

void MarkTable::look_at_unwanted(const std::shared_ptr<Look>& look) {
  if (look->unwanted.empty()) return look->found(std::move(look->findings));
  const netlink::NftTable table = look->unwanted.back();
  look->unwanted.pop_back();
  socket_->ask_table(table, [this, look, table](int error) {
    if (error == 0) look->findings.push_back(fmt::format("{} should not be there", name_of(table)));
    look_at_unwanted(look);
  });
}

}  // namespace holdfast::checker
