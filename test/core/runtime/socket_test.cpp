#include "core/runtime/socket.h"

#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>

#include "test/core/runtime/support.h"

using namespace holdfast;
using holdfast::test::TemporaryDirectory;

TEST_CASE("sockets_are_non_blocking_and_close_on_exec") {
  const auto pair = socket_pair();
  REQUIRE(pair);
  CHECK((fcntl(pair->first.get(), F_GETFL) & O_NONBLOCK) != 0);
  CHECK((fcntl(pair->first.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("listener_has_its_mode_and_accepts_with_credentials") {
  TemporaryDirectory directory;
  const std::string path = directory.file("control.sock");
  const auto listener = listen_unix(path, 0600);
  REQUIRE(listener);
  struct stat status {};
  REQUIRE(stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
  CHECK(accept_connection(listener->get()).error().code == EAGAIN);
  const auto client = connect_unix(path);
  REQUIRE(client);
  const auto server = accept_connection(listener->get());
  REQUIRE(server);
  CHECK(*peer_credentials(server->get()) == PeerCredentials{getpid(), getuid(), getgid()});
}

TEST_CASE("dead_socket_file_is_replaced_and_a_living_one_is_not") {
  TemporaryDirectory directory;
  const std::string path = directory.file("control.sock");
  { REQUIRE(listen_unix(path, 0600)); }
  CHECK(connect_unix(path).error().code == ECONNREFUSED);
  const auto second = listen_unix(path, 0600);
  REQUIRE(second);
  CHECK(listen_unix(path, 0600).error().code == EADDRINUSE);
}

TEST_CASE("impossible_paths_are_errors") {
  CHECK(connect_unix(std::string(200, 'x')).error().code == ENAMETOOLONG);
  CHECK(listen_unix("/nowhere/at/all", 0600).error().code == ENOENT);
}
