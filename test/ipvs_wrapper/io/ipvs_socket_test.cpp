// What can be seen without IPVS: this machine's kernel may have none. The rest runs in the VM (test/support/ipvs_tool.cpp).
#include "ipvs_wrapper/io/ipvs_socket.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "test/core/netlink/network_namespace.h"
#include "test/ipvs_wrapper/logic/tables.h"

using namespace holdfast;
using namespace holdfast::ipvs;
using namespace holdfast::test;

TEST_CASE("a_kernel_without_ipvs_is_told_in_keepalived_s_words_and_every_call_says_so") {
  const NetworkNamespace space;
  const NetworkNamespace::Inside inside(space);
  IpvsSocket kernel;
  const auto version = kernel.open();
  if (version) {
    CHECK(kernel.list()->empty());
    return;
  }
  CHECK(version.error().message.starts_with("IPVS: Can't initialize ipvs: Protocol not available"));
  CHECK(version.error().code == ENOPROTOOPT);
  CHECK(kernel.list().error().code == ENOENT);
  CHECK_FALSE(kernel.flush().ok());
  CHECK_FALSE(kernel.sync_daemons().ok());
  const std::vector<ServiceKey> some{tcp("10.0.0.1")};
  CHECK_FALSE(kernel.list(some).ok());
  const std::vector<Operation> operations(300, {Operation::Kind::AddService, tcp("10.0.0.1"), {}, {}, {}});
  const auto refusals = kernel.apply(operations);
  REQUIRE(refusals.size() == operations.size());
  for (std::size_t i = 0; i < refusals.size(); ++i) {
    CHECK(refusals[i].index == i);
    CHECK(refusals[i].error.code == ENOENT);
  }
}
