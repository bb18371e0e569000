#include "core/base/text.h"
#include "vrrp/dump.h"

namespace holdfast::vrrp {
namespace {

std::string scope_text(const config::VirtualAddress& entry) {
  const int scope = entry.scope.value_or(entry.prefix.address.is_link_local() ? 253 : 0);
  switch (scope) {  // RT_SCOPE_*
    case 0:
      return "global";
    case 200:
      return "site";
    case 253:
      return "link";
    case 254:
      return "host";
    case 255:
      return "nowhere";
    default:
      return std::to_string(scope);
  }
}

}  // namespace

std::string command_text(const config::ScriptCommand& command) {
  std::vector<std::string> quoted;
  for (const std::string& word : command.argv) quoted.push_back("'" + word + "'");
  return join(quoted, " ");
}

namespace {

std::string device_text(const config::VirtualAddress& entry, const config::VrrpInstance& instance) {
  const std::string& interface = entry.interface.empty() ? instance.interface : *entry.interface;
  if (entry.details->use_vmac) return *entry.details->use_vmac + "@" + interface + " use_vmac";
  if (instance.vmac && entry.interface.empty()) return instance.vmac->name + "@" + interface;
  return interface;
}

}  // namespace

std::string address_text(const config::VirtualAddress& entry, const config::VrrpInstance& instance, bool set) {
  const bool whole = entry.prefix.length == entry.prefix.address.max_prefix_length();
  std::string text = whole ? entry.prefix.address.text() : entry.prefix.text();
  if (entry.details->peer) text += " peer " + entry.details->peer->text();
  if (entry.broadcast_kind == config::Broadcast::Given) text += " brd " + entry.details->broadcast.text();
  const std::string device = device_text(entry, instance);
  if (!device.empty()) text += " dev " + device;
  text += " scope " + scope_text(entry);
  if (!entry.details->label.empty()) text += " label " + entry.details->label;
  if (set) text += " set";
  return text;
}

}  // namespace holdfast::vrrp
