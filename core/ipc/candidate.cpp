#include "core/ipc/candidate.h"

#include <utility>

#include "core/config/interpret.h"
#include "core/ipc/tree_wire.h"

namespace holdfast {
namespace {

Candidate read_candidate(const proto::Prepare& message) {
  Candidate candidate{message.generation(), message.digest(), {}, {}};
  const auto tree = from_wire(message.tree());
  if (!tree) {
    candidate.refusal = tree.error().message;
    return candidate;
  }
  config::Diagnostics diagnostics;
  candidate.config = std::make_shared<const config::Config>(config::interpret(*tree, diagnostics));
  if (diagnostics.has(config::Severity::Fatal)) candidate.refusal = "the configuration is not usable";
  return candidate;
}

}  // namespace

proto::RunScript script_request(std::uint64_t id, const config::ScriptCommand& command) {
  proto::RunScript request;
  request.set_id(id);
  for (const std::string& word : command.argv) request.add_argv(word);
  request.set_user(command.user);
  request.set_group(command.group);
  return request;
}

void Candidates::configure(const proto::Configure& message) {
  const auto tree = from_wire(message.tree());
  config::Diagnostics diagnostics;
  candidate_ =
      Candidate{message.generation(),
                message.digest(),
                std::make_shared<const config::Config>(config::interpret(tree ? *tree : config::Tree{}, diagnostics)),
                {}};
}

void Candidates::prepare(const proto::Prepare& message, std::function<void(const config::Config&)> study) {
  if (background_.busy())
    return link_.prepared(message.generation(), false, {"still busy with an earlier configuration"});
  const auto read = std::make_shared<Candidate>();
  background_.run(
      [read, message, study = std::move(study)] {
        *read = read_candidate(message);
        if (study && read->refusal.empty()) study(*read->config);
      },
      [this, read] {
        const bool accepted = read->refusal.empty();
        const std::vector<std::string> reasons = accepted ? std::vector<std::string>{} : std::vector{read->refusal};
        const std::uint64_t generation = read->generation;
        if (accepted) candidate_ = std::move(*read);
        link_.prepared(generation, accepted, reasons);
      });
}

std::optional<Candidate> Candidates::take() {
  return std::exchange(candidate_, std::nullopt);
}

std::optional<Candidate> Candidates::take(std::uint64_t generation) {
  if (!candidate_ || candidate_->generation != generation) return std::nullopt;
  return take();
}

}  // namespace holdfast
