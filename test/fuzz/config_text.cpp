// libFuzzer target: any text is read to the end, checked, rendered and written back without a fault.
#include <cstddef>
#include <cstdint>
#include <string>

#include "core/config/load.h"
#include "core/config/print.h"
#include "core/config/render.h"
#include "core/config/write.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace holdfast::config;
  MemoryFileSystem files;
  files.add("k.conf", std::string(reinterpret_cast<const char*>(data), size)).add("part", "priority 7\n");
  const Loaded loaded = load(files, "k.conf", {"node1", false, {}, 1});
  std::size_t length = 0;
  for (const Diagnostic& diagnostic : loaded.diagnostics.list()) length += render(diagnostic, loaded).size();
  length += print(loaded.tree).size() + print(write(loaded.config)).size();
  return length == 1 ? 1 : 0;
}
