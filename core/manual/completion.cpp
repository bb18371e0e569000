#include <fmt/format.h>
#include <sstream>

#include "core/base/text.h"
#include "core/manual/manual.h"

namespace holdfast::manual {

namespace {

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream text(line);
  std::vector<std::string> words;
  for (std::string word; text >> word;) words.push_back(word);
  return words;
}

bool names_a_file(const std::string& word) {
  return word.starts_with("FILE") || word.starts_with("DIR");
}

/// Option words of a --help, and those behind which a file name stands.
struct Options {
  std::vector<std::string> all, with_file;
};

Options options_of(const std::string& help) {
  Options found;
  std::istringstream text(help);
  for (std::string line; std::getline(text, line);) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || !words[0].starts_with('-') || !line.starts_with(' ')) continue;
    std::istringstream names(words[0]);
    for (std::string name; std::getline(names, name, ',');) {
      found.all.push_back(name);
      if (words.size() > 1 && names_a_file(words[1])) found.with_file.push_back(name);
    }
  }
  return found;
}

}  // namespace

std::vector<std::string> subcommands(const std::string& help) {
  std::vector<std::string> names;
  std::istringstream text(help);
  bool inside = false;
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with(' ')) {
      inside = line.starts_with("Subcommands");
    } else if (inside && line.size() > 2 && line[2] != ' ') {
      names.push_back(words_of(line).front());
    }
  }
  return names;
}

std::string completion(const std::string& program, const std::vector<Help>& helps) {
  std::string text = fmt::format(
      "# bash completion of {0}. Made by holdfast_manual; do not edit.\n_{0}()\n{{\n    local "
      "current=${{COMP_WORDS[COMP_CWORD]}} "
      "previous=${{COMP_WORDS[COMP_CWORD-1]}} command='' word\n",
      program);
  std::vector<std::string> commands;
  std::vector<std::string> with_file;
  std::string cases;
  for (const Help& help : helps) {
    const Options options = options_of(help.text);
    if (!help.command.empty()) commands.push_back(help.command);
    with_file.insert(with_file.end(), options.with_file.begin(), options.with_file.end());
    if (!help.command.empty()) {
      cases += fmt::format("        {}) words='{}' ;;\n", help.command, join(options.all, " "));
    }
  }
  if (!commands.empty()) {
    text += fmt::format(
        "    for word in \"${{COMP_WORDS[@]:1:COMP_CWORD-1}}\"; do\n        case $word in\n            {}) "
        "command=$word ;;\n"
        "        esac\n    done\n",
        join(commands, " | "));
  }
  if (!with_file.empty()) {
    text += fmt::format(
        "    case $previous in\n        {})\n            mapfile -t COMPREPLY < <(compgen -f -- \"$current\")\n"
        "            return\n            ;;\n    esac\n",
        join(with_file, " | "));
  }
  std::vector<std::string> first = options_of(helps.front().text).all;
  first.insert(first.begin(), commands.begin(), commands.end());
  text += fmt::format("    local words\n    case $command in\n{}        *) words='{}' ;;\n    esac\n", cases,
                      join(first, " "));
  return text + fmt::format(
                    "    mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n}}\ncomplete -o default -F "
                    "_{0} {0}\n",
                    program);
}

}  // namespace holdfast::manual
