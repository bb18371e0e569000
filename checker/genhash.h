// genhash (behaviour.md g): gets a page as HTTP_GET or SSL_GET would and prints the MD5 that `digest` wants. Run as
// `keepalived --genhash …` or under the name genhash; main calls it before anything else is made. Output and exit codes are
// keepalived 2.2.7's: a page that cannot be got is told on standard output and is no error.
#pragma once

#include <string>
#include <vector>

namespace holdfast::checker {

struct GenhashResult {
  int exit_code = 0;
  std::string standard_output, standard_error;
};

/// `arguments` without the program's name and without --genhash.
GenhashResult run_genhash(const std::vector<std::string>& arguments);

/// The same with a program's arguments, its results printed; argv[0] is not looked at.
int genhash(int argc, char** argv);

}  // namespace holdfast::checker
