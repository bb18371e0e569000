// libFuzzer target: whatever core seems to send is a tree or an error; a tree is read, checked and sent on as a child and core
// would. `--seed TEXT FILE` writes a configuration as it travels, to begin with.
#include "core/ipc/tree_wire.h"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <google/protobuf/stubs/logging.h>
#include <string>

#include "core/base/assert.h"
#include "core/config/digest.h"
#include "core/config/interpret.h"
#include "core/config/load.h"
#include "core/config/print.h"
#include "core/config/write.h"

namespace {

using namespace holdfast;

void write_seed(const char* text, const char* file) {
  const config::Loaded loaded = config::load(config::RealFileSystem(), text, {"node1", false, {}, 1});
  proto::ConfigTree wire;
  to_wire(loaded.tree, wire);
  std::ofstream(file, std::ios::binary) << wire.SerializeAsString();
}

}  // namespace

extern "C" int LLVMFuzzerInitialize(int* count, char*** arguments) {
  if (*count == 4 && std::string((*arguments)[1]) == "--seed") {
    write_seed((*arguments)[2], (*arguments)[3]);
    std::exit(0);
  }
  google::protobuf::SetLogHandler(nullptr);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  proto::ConfigTree wire;
  if (!wire.ParseFromArray(data, static_cast<int>(size))) return 0;
  const auto tree = from_wire(wire);
  if (!tree) return 0;
  config::Diagnostics diagnostics;
  const config::Config understood = config::interpret(*tree, diagnostics);
  const std::size_t length = config::print(config::write(understood)).size();
  proto::ConfigTree again;
  to_wire(*tree, again);
  const auto same = from_wire(again);
  ASSERT(same && *same == *tree && config::digest(*same) == config::digest(*tree));
  return length == 1 ? 1 : 0;
}
