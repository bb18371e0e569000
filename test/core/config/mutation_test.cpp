// Text that somebody cut off, shuffled or broke: load() says what is wrong and never crashes (run under the
// sanitizers), and what it understood of it reads back as the same. The same text always gives the same mutations; test/fuzz/config_text.cpp searches further. HOLDFAST_MUTATIONS=N
// makes N of each text, and of each file of the corpus where it is there (../shared/corpus), on every processor.
#include <atomic>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include "core/config/canonical.h"
#include "test/core/config/support.h"
#include "test/support/source_folder.h"

using namespace holdfast::config;
namespace fs = std::filesystem;

namespace {

std::vector<std::string> samples() {
  std::vector<std::string> texts;
  std::error_code missing;
  std::vector<fs::directory_entry> entries;
  for (const char* folder : {"test/config", "../shared/corpus/conf"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(holdfast::source_folder()) / folder, missing))
      entries.push_back(entry);
  }
  for (const auto& entry : entries) {
    if (entry.path().extension() != ".conf") continue;
    std::stringstream text;
    text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    texts.push_back(text.str());
  }
  std::sort(texts.begin(), texts.end());
  return texts;
}

std::string mutated(std::string text, std::mt19937& random) {
  const auto any = [&](std::size_t below) { return below == 0 ? 0 : random() % below; };
  constexpr std::string_view kSpice = "{}\"'\\#!$@~\n\r\0 (),/0-";
  for (std::size_t changes = 1 + any(8); changes > 0 && !text.empty(); --changes) {
    const std::size_t at = any(text.size());
    switch (any(5)) {
      case 0:
        text.resize(at);
        break;
      case 1:
        text.erase(at, any(20));
        break;
      case 2:
        text[at] = kSpice[any(kSpice.size())];
        break;
      case 3:
        text.insert(at, 1 + any(3), kSpice[any(kSpice.size())]);
        break;
      default:
        text.insert(at, text.substr(any(text.size()), any(60)));
    }
  }
  return text;
}

/// What is wrong with how a text was taken; "" when nothing is. Not by Catch: several threads ask, a million times.
std::string swallow(const std::string& text) {
  Loaded loaded = load_text(text, {"node1", false, {}, 1});
  for (const Diagnostic& diagnostic : loaded.diagnostics.list()) {
    if (render(diagnostic, loaded).empty() || render_line(diagnostic, loaded.tree.files).empty())
      return "a diagnostic without words:\n" + text;
  }
  lint_machine(loaded.tree, loaded.config, FakeMachine(), loaded.diagnostics);
  const std::string understood = canonical_text(loaded.config);
  if (canonical_text(load_text(understood, {"node1", false, {}, 1}).config) != understood)
    return "what was understood reads back differently:\n" + text;
  return {};
}

/// The same text and number of rounds always give the same mutations, whatever else is tried.
std::string break_text(const std::string& text, int rounds) {
  std::mt19937 random(20260101);
  for (std::size_t cut = 0; cut < text.size(); cut += 1 + text.size() / 10) {
    if (std::string wrong = swallow(text.substr(0, cut)); !wrong.empty()) return wrong;
  }
  for (int round = 0; round < rounds; ++round) {
    if (std::string wrong = swallow(mutated(text, random)); !wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

TEST_CASE("no broken text crashes the reader") {
  const char* wanted = std::getenv("HOLDFAST_MUTATIONS");
  const int rounds = wanted == nullptr ? 10 : std::atoi(wanted);
  const std::vector<std::string> texts = samples();
  std::vector<std::string> wrong(texts.size());
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t at = next++; at < texts.size(); at = next++) wrong[at] = break_text(texts[at], rounds);
  };
  std::vector<std::thread> helpers;
  for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) helpers.emplace_back(work);
  work();
  for (std::thread& helper : helpers) helper.join();
  for (const std::string& text : wrong) CHECK(text == "");
}
