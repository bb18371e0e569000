// keepalivedctl: the operator's view of a running keepalived.
#include <string>
#include <vector>

#include "core/control/program.h"

int main(int argc, char** argv) {
  return holdfast::control::program({argv + 1, argv + argc});
}
