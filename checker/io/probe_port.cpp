#include "checker/io/probe_port.h"

#include "checker/io/datagram_probe.h"
#include "checker/io/md5.h"
#include "checker/io/stream_probe.h"
#include "checker/logic/wake_grid.h"
#include "core/base/assert.h"

namespace holdfast::checker {

namespace {

constexpr std::size_t kBufferSize = 64U << 10;  // octets; no datagram is longer

TlsOptions tls_options(const HttpProbe& http, const config::CheckEndpoint& endpoint) {
  TlsOptions options;
  options.sni = http.sni;
  options.verify = http.tls_verify;
  options.name = !http.sni.empty() ? http.sni : http.url.virtualhost;
  if (options.name.empty()) options.name = endpoint.address.text();
  return options;
}

}  // namespace

Probes::Probes(EventLoop& loop, EventSink sink)
    : loop_(loop),
      sink_(std::move(sink)),
      buffer_(kBufferSize),
      random_(std::random_device{}()),
      echo_(ProbeContext{loop, *this, buffer_}),
      deadline_timer_(loop, [this] { on_deadline(); }),
      early_timer_(loop, [this] { tell_early_verdicts(); }) {
  tools_.md5 = make_md5;
}

Probes::~Probes() {
  running_.clear();  // pings leave echo_
}

std::unique_ptr<RunningProbe> Probes::make(std::uint64_t id, const ProbeSpec& spec) {
  const ProbeContext context{loop_, *this, buffer_};
  if (auto conversation = stream_conversation(spec, tools_)) {
    const auto* http = std::get_if<HttpProbe>(&spec.kind);
    auto tls =
        http != nullptr && http->tls ? std::make_unique<TlsSession>(tls_, tls_options(*http, spec.endpoint)) : nullptr;
    return std::make_unique<StreamProbe>(context, id, spec, std::move(conversation), std::move(tls));
  }
  if (auto conversation = datagram_conversation(spec, static_cast<std::uint16_t>(random_()))) {
    return std::make_unique<DatagramProbe>(context, id, spec, std::move(conversation));
  }
  return echo_.make_probe(id, spec);
}

void Probes::start(std::uint64_t id, const ProbeSpec& spec) {
  const auto [place, fresh] = running_.try_emplace(id);
  ASSERT(fresh);
  Entry& entry = place->second;
  entry.probe = make(id, spec);
  entry.started = loop_.now();
  entry.verdict = entry.probe->start(entry.started);
  if (entry.verdict) {
    entry.probe.reset();
    early_.push_back(id);
    early_timer_.arm(TimePoint());
    return;
  }
  entry.queued = entry.probe->due();
  deadlines_.sweep(running_.size(), [this](const QueuedDeadline& queued) { return alive(queued); });
  deadlines_.push({entry.queued, id});
  if (!armed_ || entry.queued < *armed_) arm(entry.queued);
}

void Probes::cancel(std::uint64_t id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  if (found->second.verdict) std::erase(early_, id);
  running_.erase(found);
}

Status Probes::use_certificates(const config::TlsClient& client) {
  return tls_.use(client);
}

void Probes::finished(std::uint64_t id, Verdict verdict) {
  auto ended = running_.extract(id);
  ASSERT(!ended.empty());
  const Duration took = loop_.now() - ended.mapped().started;
  ended.mapped().probe.reset();
  sink_(ProbeFinished{id, std::move(verdict), took});
}

void Probes::tell_early_verdicts() {
  const std::vector<std::uint64_t> batch = std::exchange(early_, {});
  for (const std::uint64_t id : batch) {
    const auto found = running_.find(id);  // the sink may have cancelled it meanwhile
    if (found != running_.end() && found->second.verdict) finished(id, std::move(*found->second.verdict));
  }
}

bool Probes::alive(const QueuedDeadline& entry) const {
  const auto found = running_.find(entry.id);
  return found != running_.end() && found->second.probe && found->second.queued == entry.when;
}

void Probes::arm(std::optional<TimePoint> when) {
  if (when) when = wake_up_for(*when);
  armed_ = when;
  deadline_timer_.arm(when);
}

void Probes::on_deadline() {
  armed_.reset();
  const TimePoint now = loop_.now();
  const auto is_alive = [this](const QueuedDeadline& entry) { return alive(entry); };
  for (;;) {
    const auto next = deadlines_.earliest(is_alive);
    if (!next) return arm({});
    if (next->when > now) return arm(next->when);
    deadlines_.pop();
    Entry& entry = running_.at(next->id);
    if (entry.probe->due() > now) {
      entry.queued = entry.probe->due();
      deadlines_.push({entry.queued, next->id});
    } else {
      finished(next->id, entry.probe->on_timeout(now));
    }
  }
}

}  // namespace holdfast::checker
