#include "core/watchdog/parent_dump.h"

#include <fmt/format.h>

#include "core/config/canonical.h"

namespace holdfast::watchdog {
namespace {

std::string or_else(const std::string& text, const char* otherwise) {
  return text.empty() ? otherwise : text;
}

std::string child_line(const char* title, const Child& child) {
  return child.alive() ? fmt::format(" {} process = {}\n", title, child.pid())
                       : fmt::format(" {} process = not running\n", title);
}

}  // namespace

std::string parent_data_text(const config::Config& config, const Engine& engine,
                             const std::string& namespace_of_command_line) {
  const config::GlobalDefs& globals = config.global_defs;
  const config::ProcessNames& names = globals.daemon.names;
  const std::string& name_space = namespace_of_command_line.empty() ? globals.net_namespace : namespace_of_command_line;
  std::string text = "------< Global definitions >------\n";
  text += fmt::format(" Network namespace = {}\n", or_else(name_space, "(default)"));
  text += fmt::format(" Network namespace ipvs = {}\n", or_else(globals.daemon.net_namespace_ipvs, "(main namespace)"));
  if (!globals.instance.empty()) text += fmt::format(" Instance name = {}\n", globals.instance);
  text += fmt::format(" Parent process name = {}\n VRRP process name = {}\n LVS process name = {}\n",
                      names.of_watchdog(), names.of_vrrp(), names.of_checker());
  text += fmt::format(" Configuration generation = {}\n", engine.generation());
  text += child_line("VRRP", engine.child(Role::Vrrp)) + child_line("Checker", engine.child(Role::Checker));
  config::Config only_globals;
  only_globals.global_defs = globals;
  return text + "------< Configuration >------\n" + config::canonical_text(only_globals);
}

}  // namespace holdfast::watchdog
