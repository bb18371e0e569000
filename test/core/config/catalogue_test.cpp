// The tables of the language against keepalived's: test/core/config/keywords.tsv, a copy of the columns of
// ../shared/compat/keywords.tsv that are compared. Where we differ on purpose the reason stands in the table below.
#include "core/config/catalogue.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <regex>
#include <sstream>

#include "test/support/source_folder.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

namespace {

struct Fact {
  std::string block, keyword, argument, otherwise, unit, since;
};

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, '\t');) fields.push_back(field);
  fields.resize(7);
  return fields;
}

std::vector<Fact> facts() {
  std::vector<Fact> all;
  std::ifstream table(fs::path(holdfast::source_folder()) / "test/core/config/keywords.tsv");
  std::string line;
  std::getline(table, line);
  while (std::getline(table, line)) {
    const std::vector<std::string> field = split(line);
    all.push_back({field[0], field[1], field[2], field[3], field[4], field[5]});
  }
  return all;
}

/// "block keyword" → why ours is not what the list says.
const std::map<std::string, std::string>& differences() {
  static const std::map<std::string, std::string> table{
      {"virtual_server/real_server/HTTP_GET/url status_code", "several codes or ranges; the reader checks 100..599"},
      {"virtual_server/real_server/SSL_GET/url status_code", "several codes or ranges; the reader checks 100..599"},
      {"address_entry -nodad", "the flag is off by default, which leaves detection off"},
      {"route_entry lock", "a word before a value, no option"},
      {"route_entry prepend", "off means what it means: the kernel's order"},
      {"rule_entry inet", "off; without any address the family is inet"},
  };
  return table;
}

/// "block keyword" → why our unit is not the list's.
const std::map<std::string, std::string>& unit_differences() {
  static const std::map<std::string, std::string> table{};
  return table;
}

/// Words of the list that are no measure: they say what is counted or on which scale, which our rows do in their text.
const std::map<std::string, std::string>& counted() {
  static const std::map<std::string, std::string> table{
      {"count", "a number of times"},
      {"runs", "of a script"},
      {"factor", "a plain number"},
      {"level", "a plain number"},
      {"units", "a plain number"},
      {"adverts", "counted in the name"},
      {"processes", "counted in the name"},
      {"connections", "counted in the text"},
      {"weight sum", "of real servers, in the text"},
      {"weight per unit", "a factor on the file's number"},
      {"prio per unit", "a factor on the file's number"},
      {"nice", "a scale, in the text"},
      {"RT prio", "a scale, in the text"},
      {"chain priority", "a scale, in the text"},
      {"fwmark", "a mark is no measure"},
  };
  return table;
}

bool begins(const std::string& text, const char* front) {
  return text.rfind(front, 0) == 0;
}

/// The first range "A..B" or "A.." of an argument.
bool range_of(const std::string& argument, std::string& least, std::string& most) {
  static const std::regex pattern(R"((-?[0-9.]*[0-9])\.\.(-?[0-9]+(\.[0-9]+)?)?)");
  std::smatch found;
  if (!std::regex_search(argument, found, pattern)) return false;
  least = found[1];
  most = found[2];
  return true;
}

bool same_number(const std::string& ours, const std::string& theirs) {
  return !ours.empty() && std::abs(std::atof(ours.c_str()) - std::atof(theirs.c_str())) < 1e-7;
}

using Kind = Form::Kind;

/// What is wrong with the form; "" = nothing.
std::string form_fault(const RowInfo& row, const Fact& fact) {
  const std::string& argument = fact.argument;
  const Kind kind = row.form.kind;
  if ((argument.find("{ ") != std::string::npos) != row.block && argument.front() != '(') return "block or not";
  if (row.block) return {};
  if (begins(argument, "no argument") && argument.find(" | ") == std::string::npos)
    return kind == Kind::Nothing ? "" : "takes a value";
  if (begins(argument, "<BOOL")) return kind == Kind::Switch ? "" : "is no switch";
  if (begins(argument, "<SCRIPT")) return kind == Kind::Command ? "" : "is no command";
  if (argument == "<IPADDR>" && kind != Kind::Address) return "is no address";
  if (kind == Kind::Nothing || kind == Kind::Switch) return "takes no such value";
  const bool integer = begins(argument, "<INT ") || begins(argument, "[INT ");
  if (integer && argument.find("-INT") == std::string::npos && kind == Kind::Words && row.form.least.empty())
    return "is no integer";
  if (begins(argument, "<DECIMAL") && kind != Kind::Decimal) return "is no decimal";
  if (begins(argument, "[INT ") && !row.form.optional) return "may be left out";
  std::string least, most;
  if ((!integer && !begins(argument, "<DECIMAL")) || !range_of(argument, least, most)) return {};
  if (!same_number(row.form.least, least)) return "least is " + row.form.least + ", not " + least;
  const bool wide = std::atof(most.c_str()) >= 2147483647 && row.form.most.empty();
  if (!most.empty() && !wide && !same_number(row.form.most, most)) return "most is " + row.form.most + ", not " + most;
  return {};
}

bool is_number(const std::string& text) {
  return !text.empty() && (std::isdigit(static_cast<unsigned char>(text[0])) != 0 ||
                           (text[0] == '-' && text.size() > 1 && std::isdigit(static_cast<unsigned char>(text[1]))));
}

std::string default_fault(const RowInfo& row, const Fact& fact) {
  const std::string& theirs = fact.otherwise;
  const std::string& ours = row.otherwise;
  if (theirs.empty() || row.block) return {};
  const std::string fault = "default is '" + ours + "', not '" + theirs + "'";
  if (is_number(theirs) && theirs.find('.') > 3 && theirs.find('-', 1) == std::string::npos)
    return same_number(ours, theirs) && is_number(ours) ? "" : fault;
  if (begins(theirs, "off") || begins(theirs, "false"))
    return ours == "off" || ours == "false" || ours == "none" ? "" : fault;
  if (begins(theirs, "on") || begins(theirs, "true")) return begins(ours, "on") || ours == "true" ? "" : fault;
  if (begins(theirs, "required")) return begins(ours, "required") ? "" : fault;
  if (begins(theirs, "none") || begins(theirs, "unset")) return is_number(ours) ? fault : "";
  return ours.empty() || ours == "none" || ours == "off" ? fault : "";
}

/// "<=0.5.3" and "1.1.3 (+/- 1.3.7)" are releases with remarks; what is newer than the newest will be in the next.
std::string since_fault(const RowInfo& row, const Fact& fact) {
  std::string theirs = fact.since.substr(0, fact.since.find(' '));
  if (begins(theirs, "<=")) theirs = theirs.substr(2);
  if (theirs == "post-2.4.3") theirs = "2.4.4";
  return row.since == theirs ? "" : "since " + row.since + ", not " + theirs;
}

std::string unit_fault(const RowInfo& row, const Fact& fact) {
  if (row.block || row.form.unit == fact.unit || unit_differences().contains(fact.block + " " + fact.keyword))
    return {};
  if (counted().contains(fact.unit) && row.form.unit.empty()) return {};
  return "unit is '" + row.form.unit + "', not '" + fact.unit + "'";
}

}  // namespace

TEST_CASE("every keyword of keepalived has the release and the unit of the list") {
  const std::vector<CatalogueBlock> blocks = catalogue();
  for (const Fact& fact : facts()) {
    const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const auto& b) { return b.path == fact.block; });
    const RowInfo* row = block == blocks.end() ? nullptr : block->find(fact.keyword);
    INFO(fact.block << " " << fact.keyword << " " << fact.argument);
    REQUIRE(row != nullptr);
    CHECK(since_fault(*row, fact) == "");
    CHECK(unit_fault(*row, fact) == "");
  }
}

TEST_CASE("every keyword of keepalived has a row with its form, range and default") {
  const std::vector<CatalogueBlock> blocks = catalogue();
  const std::vector<Fact> all = facts();
  CHECK(all.size() > 690);
  for (const Fact& fact : all) {
    const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const auto& b) { return b.path == fact.block; });
    const RowInfo* row = block == blocks.end() ? nullptr : block->find(fact.keyword);
    INFO(fact.block << " " << fact.keyword << " " << fact.argument);
    CHECK(row != nullptr);
    if (row == nullptr || fact.block == "(pre-processor)") continue;
    if (differences().contains(fact.block + " " + fact.keyword)) continue;
    CHECK(form_fault(*row, fact) == "");
    CHECK(default_fault(*row, fact) == "");
  }
}

TEST_CASE("each difference from keepalived's list is about a keyword that is in it") {
  const std::vector<Fact> all = facts();
  std::map<std::string, std::string> every = differences();
  every.insert(unit_differences().begin(), unit_differences().end());
  for (const auto& [place, reason] : every) {
    INFO(place);
    CHECK(std::any_of(all.begin(), all.end(),
                      [&, at = place](const Fact& f) { return f.block + " " + f.keyword == at; }));
    CHECK_FALSE(reason.empty());
  }
}

TEST_CASE("rows that blocks share are not older than the block") {
  const std::vector<CatalogueBlock> blocks = catalogue();
  const auto since = [&](const std::string& path) {
    const auto block = std::find_if(blocks.begin(), blocks.end(), [&](const auto& b) { return b.path == path; });
    return block->find("log_all_failures")->since;
  };
  CHECK(since("virtual_server/real_server/PING_CHECK") == "2.1.0");
  CHECK(since("virtual_server/real_server/TCP_CHECK") == "2.0.11");
}

TEST_CASE("every row of the catalogue is documented") {
  for (const CatalogueBlock& block : catalogue()) {
    CHECK_FALSE(block.doc.empty());
    for (const RowInfo& row : block.rows) {
      INFO(block.path << " " << row.keyword);
      CHECK_FALSE(row.doc.empty());
      CHECK_FALSE(row.since.empty());
      CHECK_FALSE(row.expects.empty());
    }
  }
}

TEST_CASE("the copy of keepalived's list is that of the shared facts") {
  std::ifstream original(fs::path(holdfast::source_folder()) / "../shared/compat/keywords.tsv");
  if (!original) {
    std::cout << "catalogue_test: ../shared/compat/keywords.tsv is not there, the copy is not compared\n";
    return;
  }
  std::string line;
  std::getline(original, line);
  for (const Fact& fact : facts()) {
    std::getline(original, line);
    const std::vector<std::string> field = split(line);
    CHECK(fact.block + fact.keyword + fact.argument == field[0] + field[1] + field[2]);
    CHECK(fact.since == field[6]);
    CHECK(fact.unit == field[4]);
  }
}
