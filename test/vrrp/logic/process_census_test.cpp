#include "vrrp/logic/process_census.h"

#include <catch2/catch.hpp>

using namespace holdfast;
using namespace holdfast::vrrp;
using config::ParameterMatch;
using config::TrackProcess;

namespace {

TrackProcess named(const std::string& process) {
  TrackProcess made;
  made.name = process;
  made.process = process;
  return made;
}

TrackProcess command(std::vector<std::string> words, std::optional<ParameterMatch> match) {
  TrackProcess made = named(words[0]);
  made.parameters.assign(words.begin() + 1, words.end());
  made.parameter_match = match;
  return made;
}

int counted(ProcessCensus& census, const std::string& process) {
  int count = -1;
  for (const ProcessesCounted& news : census.news()) {
    if (news.process == process) count = news.count;
  }
  return count;
}

}  // namespace

TEST_CASE("the name of a process is compared as a whole, up to what the kernel keeps of it") {
  CHECK(matches(named("sshd"), {"sshd", {}}));
  CHECK_FALSE(matches(named("ssh"), {"sshd", {}}));
  CHECK_FALSE(matches(named("sshd"), {"ssh", {}}));
  CHECK(matches(named("/usr/sbin/nginx"), {"nginx", {"nginx: master process"}}));
  CHECK(matches(named("a-name-that-is-too-long"), {"a-name-that-is-", {}}));
}

TEST_CASE("with full_command the first argument is compared, whatever the name") {
  TrackProcess full = named("/usr/sbin/sshd");
  full.full_command = true;
  CHECK(matches(full, {"other", {"/usr/sbin/sshd", "-D"}}));
  CHECK_FALSE(matches(full, {"sshd", {"sshd", "-D"}}));
  CHECK_FALSE(matches(full, {"sshd", {}}));
}

TEST_CASE("parameters match exactly, as the first ones, or with an open end") {
  const ProcessFacts facts{"p", {"/bin/p", "-a", "value"}};
  CHECK(matches(command({"/bin/p", "-a", "value"}, {}), facts));
  CHECK_FALSE(matches(command({"/bin/p", "-a"}, {}), facts));
  CHECK_FALSE(matches(command({"/bin/p", "-a", "val"}, ParameterMatch::Partial), facts));
  CHECK(matches(command({"/bin/p", "-a"}, ParameterMatch::Partial), facts));
  CHECK(matches(command({"/bin/p", "-a", "val"}, ParameterMatch::Initial), facts));
  CHECK(matches(command({"/bin/p", "-"}, ParameterMatch::Initial), facts));
  CHECK_FALSE(matches(command({"/bin/p", "-", "value"}, ParameterMatch::Initial), facts));
  CHECK_FALSE(matches(command({"/bin/p", "-a", "value", "x"}, ParameterMatch::Initial), facts));
  CHECK_FALSE(matches(command({"/bin/p"}, ParameterMatch::Exact), facts));
  CHECK(matches(command({"/bin/p"}, ParameterMatch::Exact), {"p", {"/bin/p"}}));
  CHECK(matches(command({"/bin/p"}, ParameterMatch::Partial), facts));
}

TEST_CASE("a name may hold anything, and a process that has ended is none") {
  CHECK(name_in_stat("12 (sshd) S 1 12") == "sshd");
  CHECK(name_in_stat("12 (a) b (c)) R 1") == "a) b (c)");
  CHECK(name_in_stat("12 () S 1") == "");
  CHECK_FALSE(name_in_stat("12 (gone) Z 1"));
  CHECK_FALSE(name_in_stat("12 (gone) X 1"));
  for (const char* bad : {"", "12", "12 (", "12 )x(", "12 (a)", "12 (a) "}) CHECK_FALSE(name_in_stat(bad));
}

TEST_CASE("the words of a command line are read with their blanks") {
  CHECK(arguments_in(std::string("/bin/p\0-a\0b c\0", 14)) == std::vector<std::string>{"/bin/p", "-a", "b c"});
  CHECK(arguments_in(std::string("p\0\0q", 4)) == std::vector<std::string>{"p", "", "q"});
  CHECK(arguments_in("").empty());
  CHECK(arguments_in(std::string(1 << 20, '\0')).size() == 1024);
}

TEST_CASE("processes are counted through forks, executions, new names and ends") {
  ProcessCensus census;
  census.want({named("nginx"), named("sshd")});
  CHECK(census.news() == std::vector<ProcessesCounted>{{"nginx", 0}, {"sshd", 0}});
  CHECK(census.news().empty());
  census.is(10, {"nginx", {}});
  census.forked(10, 11);
  census.forked(10, 12);
  census.forked(99, 13);
  CHECK(counted(census, "nginx") == 3);
  census.is(12, {"sshd", {}});
  census.is(12, {"sshd", {}});
  CHECK(census.news() == std::vector<ProcessesCounted>{{"nginx", 2}, {"sshd", 1}});
  census.ended(12);
  census.ended(12);
  census.ended(77);
  CHECK(counted(census, "sshd") == 0);
  census.forked(11, 10);  // its number was used again before its end was told
  CHECK(census.news().empty());
}

TEST_CASE("a look from the start tells only what is different") {
  ProcessCensus census;
  census.want({named("nginx")});
  census.is(10, {"nginx", {}});
  CHECK(counted(census, "nginx") == 1);
  census.forget();
  census.is(11, {"nginx", {}});
  CHECK(census.news().empty());
  census.forget();
  CHECK(counted(census, "nginx") == 0);
  CHECK_FALSE(census.wants_arguments());
  census.want({command({"p", "-x"}, {})});
  CHECK(census.wants_arguments());
}
