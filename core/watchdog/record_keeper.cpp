#include "core/watchdog/record_keeper.h"

#include <fmt/format.h>

namespace holdfast::watchdog {

void RecordKeeper::load(std::uint64_t vrrp_digest) {
  std::string why;
  if (auto remembered = file_.load(vrrp_digest, why)) {
    if (remembered->unreadable > 0)
      log_(Say::Warning,
           fmt::format("The last {} octets of the record file cannot be read and are dropped", remembered->unreadable));
    if (!why.empty()) log_(Say::Detail, "Records of the VRRP process are not used: " + why);
    store_ = std::move(remembered->store);
    alive_until_ = remembered->alive_until;
  } else {
    log_(Say::Detail, "No records of an earlier core are used: " + why);
  }
  begin(vrrp_digest);
}

void RecordKeeper::begin(std::uint64_t vrrp_digest) {
  const Status begun = file_.begin(store_, vrrp_digest, alive_until_);
  if (!begun) log_(Say::Error, "Records: " + begun.error().message + "; they are kept in memory only");
}

void RecordKeeper::change(Role role, const proto::RecordChanges& changes, const Witness& witness) {
  const auto apply = [&](const std::string& key, const std::string* after) {
    const auto before = store_.of(role).find(key);
    witness(key, before == store_.of(role).end() ? nullptr : &before->second, after);
    return after != nullptr ? store_.upsert(role, key, *after) : store_.erase(role, key);
  };
  for (const proto::Record& record : changes.upserts()) apply(record.key(), &record.value());
  for (const std::string& key : changes.erasures()) apply(key, nullptr);
  const Status saved = file_.save(store_, alive_until_);
  if (!saved && !trouble_) {
    log_(Say::Error,
         "Records: " + saved.error().message + "; they are kept in memory and written with the next change");
  }
  trouble_ = !saved;
}

}  // namespace holdfast::watchdog
