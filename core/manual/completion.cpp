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

/// Option words of a --help, those behind which a file name stands, and those of each option whose words are known.
struct Options {
  std::vector<std::string> all, with_file;
  std::vector<std::pair<std::string, std::string>> with_words;  ///< "-S | --log-facility", its words
};

/// Words that may stand behind an option, by its long name.
const char* words_behind(const std::string& name) {
  if (name == "--signum") return "STOP RELOAD DATA STATS STATS_CLEAR JSON";
  if (name == "--config-test") return "json";
  if (name == "--log-facility") return "user daemon local0 local1 local2 local3 local4 local5 local6 local7";
  return nullptr;
}

Options options_of(const std::string& help) {
  Options found;
  std::istringstream text(help);
  for (std::string line; std::getline(text, line);) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || !words[0].starts_with('-') || !line.starts_with(' ')) continue;
    std::istringstream names(words[0]);
    std::vector<std::string> same;
    const bool with_file = words.size() > 1 && names_a_file(words[1]);
    for (std::string name; std::getline(names, name, ',');) {
      found.all.push_back(name);
      same.push_back(name);
    }
    if (const char* known = same.empty() ? nullptr : words_behind(same.back())) {
      found.with_words.emplace_back(join(same, " | "), std::string(with_file ? "-f " : "") + "-W '" + known + "'");
    } else if (with_file) {
      found.with_file.insert(found.with_file.end(), same.begin(), same.end());
    }
  }
  return found;
}

std::string value_case(const std::string& names, const std::string& generate) {
  return fmt::format(
      "        {})\n            mapfile -t COMPREPLY < <(compgen -P \"$prefix\" {} -- \"$current\")\n            "
      "return\n"
      "            ;;\n",
      names, generate);
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
      "previous=${{COMP_WORDS[COMP_CWORD-1]}} command='' word\n"
      "    local option=$previous prefix='' joined=''\n"
      "    if [[ $current == --*=* ]]; then\n"  // a shell whose COMP_WORDBREAKS has no '='
      "        option=${{current%%=*}} prefix=${{current%%=*}}= current=${{current#*=}} joined=yes\n"
      "    elif [[ $current == '=' ]]; then\n"
      "        current='' joined=yes\n"
      "    elif [[ $previous == '=' && COMP_CWORD -gt 2 ]]; then\n"
      "        option=${{COMP_WORDS[COMP_CWORD-2]}} joined=yes\n"
      "    fi\n",
      program);
  std::vector<std::string> commands;
  std::vector<std::string> with_file;
  std::string cases, values;
  for (const Help& help : helps) {
    const Options options = options_of(help.text);
    if (!help.command.empty()) commands.push_back(help.command);
    with_file.insert(with_file.end(), options.with_file.begin(), options.with_file.end());
    for (const auto& [names, words] : options.with_words) values += value_case(names, words);
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
  if (!with_file.empty()) values = value_case(join(with_file, " | "), "-f") + values;
  if (!values.empty()) text += "    case $option in\n" + values + "    esac\n";
  text += "    if [[ -n $joined ]]; then\n        COMPREPLY=()\n        return\n    fi\n";
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
