// A child's link and the cores that it meets one after another: each knows what it was told, as the real one reads it (upserts
// and bequests in their order, then what is no more).
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <stdlib.h>
#include <string>
#include <vector>

#include "core/ipc/child_link.h"
#include "core/runtime/socket.h"
#include "test/core/ipc/support.h"

namespace holdfast::test {

struct PlayedCore {
  explicit PlayedCore(std::function<void()> on_adopted = {}) {
    REQUIRE(mkdtemp(directory));
    ChildLink::Callbacks c;
    c.on_configure = [this](const proto::Configure&) { configured = true; };
    c.on_adopted = std::move(on_adopted);
    c.lateness = [] { return Lateness(); };
    c.on_orphaned_too_long = [] {};
    link.emplace(loop, std::move(ends.far), proto::ROLE_VRRP, std::move(c));
    attach(std::move(ends.near));
    proto::Envelope envelope;
    proto::Settings& settings = *envelope.mutable_configure()->mutable_settings();
    settings.set_rendezvous(path());
    settings.set_no_syslog(true);
    channel->send(envelope.SerializeAsString());
    until(loop, [this] { return configured; });
  }
  ~PlayedCore() { std::filesystem::remove_all(directory); }

  std::string path() const { return std::string(directory) + "/r.sock"; }
  void die() {
    channel.reset();
    until(loop, [this] { return link->orphaned(); });
  }
  /// Another core opens its door, and knows what the file says; it has not adopted anybody yet.
  void come_back(std::map<std::string, std::string> file = {}) {
    records = std::move(file);
    wills.clear();
    messages.clear();
    auto door = listen_unix(path(), 0600);
    REQUIRE(door);
    std::optional<Result<UniqueFd>> caller;
    until(loop, [&] {
      caller.emplace(accept_connection(door->get()));
      return caller->ok();
    });
    attach(std::move(**caller));
    settle(loop);
  }
  void adopt() {
    proto::Envelope envelope;
    envelope.mutable_adopt();
    channel->send(envelope.SerializeAsString());
    settle(loop);
  }
  void next() {
    die();
    come_back();
    adopt();
  }

  char directory[32] = "/tmp/holdfast_core_XXXXXX";
  EventLoop loop;
  Ends ends;
  bool configured = false;
  std::map<std::string, std::string> records;
  std::map<std::string, std::string> wills;         ///< packed
  std::vector<proto::Envelope::BodyCase> messages;  ///< but for logs
  std::vector<proto::Alert> alerts;                 ///< by all of them
  std::unique_ptr<Channel> channel;
  std::optional<ChildLink> link;

 private:
  void attach(UniqueFd socket) {
    channel = std::make_unique<Channel>(
        loop, std::move(socket), kSupervisionFrameLimit, 64U << 20,
        Channel::Callbacks{[this](const std::string& frame) { hear(frame); }, [](const std::string&) {}});
  }
  void hear(const std::string& frame) {
    proto::Envelope envelope;
    REQUIRE(envelope.ParseFromString(frame));
    if (!envelope.has_log()) messages.push_back(envelope.body_case());
    if (envelope.has_alert()) alerts.push_back(envelope.alert());
    for (const auto& record : envelope.records().upserts()) records[record.key()] = record.value();
    for (const auto& key : envelope.records().erasures()) records.erase(key);
    for (const auto& bequest : envelope.last_will().bequests()) wills[bequest.key()] = bequest.SerializeAsString();
    for (const auto& key : envelope.last_will().revoked()) wills.erase(key);
  }
};

}  // namespace holdfast::test
