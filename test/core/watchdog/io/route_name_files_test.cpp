#include "core/watchdog/io/route_name_files.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/stat.h>

using namespace holdfast::watchdog;
namespace fs = std::filesystem;

namespace {

class Folder {
 public:
  Folder() {
    char name[] = "/tmp/route_names_XXXXXX";
    path_ = mkdtemp(name);
  }
  ~Folder() { fs::remove_all(path_); }
  void write(const std::string& file, const std::string& text) const {
    fs::create_directories((path_ / file).parent_path());
    std::ofstream(path_ / file) << text;
  }
  std::string operator/(const std::string& file) const { return path_ / file; }

 private:
  fs::path path_;
};

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("the administrator's file counts before the shipped one, parts are added to either") {
  const Folder folder;
  const holdfast::config::RouteNameFolders folders{{folder / "none", folder / "usr"}, folder / "etc"};
  CHECK(read_route_name_files("rt_tables", folders).empty());
  folder.write("usr/rt_tables", "shipped");
  folder.write("usr/rt_tables.d/a.conf", "shipped a");
  folder.write("usr/rt_tables.d/b.conf", "shipped b");
  CHECK(read_route_name_files("rt_tables", folders) == Texts{"shipped", "shipped a", "shipped b"});
  folder.write("etc/rt_tables", "own");
  folder.write("etc/rt_tables.d/a.conf", "own a");
  folder.write("etc/rt_tables.d/README", "no part");
  CHECK(read_route_name_files("rt_tables", folders) == Texts{"own", "shipped b", "own a"});
  CHECK(read_route_name_files("rt_realms", folders).empty());
}

TEST_CASE("what is no regular file has no names, and a huge file is cut") {
  const Folder folder;
  const holdfast::config::RouteNameFolders folders{{}, folder / "etc"};
  folder.write("etc/rt_protos.d/a.conf", "");
  REQUIRE(mkfifo((folder / "etc/rt_tables").c_str(), 0600) == 0);
  CHECK(read_route_name_files("rt_tables", folders).empty());
  folder.write("etc/rt_scopes", std::string(3 << 20, 'x'));
  CHECK(read_route_name_files("rt_scopes", folders).front().size() == 1 << 20);
}
