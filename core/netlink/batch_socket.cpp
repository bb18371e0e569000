#include "core/netlink/batch_socket.h"

#include <algorithm>
#include <cerrno>
#include <sys/socket.h>
#include <utility>

#include "core/netlink/message.h"

namespace holdfast::netlink {

namespace {

/// A transaction is one datagram.
void make_room(int fd, std::size_t octets) {
  const int wanted = static_cast<int>(octets) + 4096;
  int room = 0;
  socklen_t length = sizeof room;
  if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &room, &length) == 0 && room >= wanted) return;
  if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &wanted, sizeof wanted) == 0) return;
  setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &wanted, sizeof wanted);
}

}  // namespace

Result<std::unique_ptr<BatchSocket>> BatchSocket::open(EventLoop& loop) {
  Result<Socket> socket = Socket::open(Bus::Netfilter, kReceiveBuffer);
  if (!socket) return socket.error();
  return std::make_unique<BatchSocket>(loop, std::move(*socket));
}

BatchSocket::BatchSocket(EventLoop& loop, Socket socket)
    : socket_(std::move(socket)),
      alive_(std::make_shared<bool>(true)),
      watch_(loop, socket_.fd(), Ready::Read, [this] { on_ready(); }) {}

BatchSocket::~BatchSocket() {
  *alive_ = false;
}

void BatchSocket::send(NftBatch::Finished batch, Completion completion) {
  make_room(socket_.fd(), batch.messages.size());
  const auto count = static_cast<std::uint32_t>(batch.objects.size());
  // The kernel answers a commit that fails with the number of the first message.
  send(batch.messages, batch.first, {batch.first + count - 1, std::move(batch.objects), std::move(completion), {}});
}

void BatchSocket::ask(Question question) {
  questions_.push_back(std::move(question));
  if (!asking_) ask_next();
}

void BatchSocket::ask_next() {
  asking_ = !questions_.empty();
  if (!asking_) return;
  Question question = std::move(questions_.front());
  questions_.pop_front();
  const std::uint32_t sequence = last_sequence_ + 1;
  send(question.message(sequence), sequence,
       {sequence, {question.about}, std::move(question.end), std::move(question.hear)});
}

void BatchSocket::ask_tables(Tables told) {
  const auto found = std::make_shared<std::vector<NftTable>>();
  const auto hear = [found](ByteView datagram) {
    const std::vector<NftTable> tables = parse_tables(datagram);
    found->insert(found->end(), tables.begin(), tables.end());
  };
  const auto end = [found, told = std::move(told)](int, const std::string&) { told(*found); };
  ask({dump_tables, "tables", end, hear});
}

void BatchSocket::ask_table(const NftTable& table, std::function<void(int error)> told) {
  const std::uint32_t sequence = last_sequence_ + 1;
  const auto completion = [told = std::move(told)](int error, const std::string&) { told(error); };
  send(get_table(table, sequence), sequence, {sequence, {"table"}, completion, {}});
}

void BatchSocket::ask_elements(const NftTable& table, const std::string& set, Elements told) {
  const auto found = std::make_shared<std::vector<NftElement>>();
  const auto hear = [found, table, set](ByteView datagram) {
    std::vector<NftElement> elements = parse_elements(datagram, table, set);
    found->insert(found->end(), std::make_move_iterator(elements.begin()), std::make_move_iterator(elements.end()));
  };
  const auto end = [found, told = std::move(told)](int error, const std::string&) { told(error, std::move(*found)); };
  ask({[table, set](std::uint32_t sequence) { return dump_elements(table, set, sequence); }, "elements", end, hear});
}

void BatchSocket::ask_rules(const NftTable& table, const std::string& chain,
                            std::function<void(std::size_t count)> told) {
  const auto count = std::make_shared<std::size_t>(0);
  const auto hear = [count, table, chain](ByteView datagram) { *count += count_rules(datagram, table, chain); };
  const auto end = [count, told = std::move(told)](int, const std::string&) { told(*count); };
  ask({[table, chain](std::uint32_t sequence) { return dump_rules(table, chain, sequence); }, "rules", end, hear});
}

void BatchSocket::send(ByteView messages, std::uint32_t first, Sent sent) {
  last_sequence_ = sent.last + 1;  // the end of a transaction has a number too
  sent_.emplace(first, std::move(sent));
  if (const Status status = socket_.send(messages); !status) {
    unsendable_.emplace_back(first, status.error().code);
    watch_.set(Ready::ReadWrite);
  }
}

void BatchSocket::on_ready() {
  const auto alive = alive_;
  for (const auto& [sequence, error] : std::exchange(unsendable_, {})) {
    answered(sequence, error);
    if (!*alive) return;
  }
  receive_all();
  if (*alive) watch_.set(unsendable_.empty() ? Ready::Read : Ready::ReadWrite);
}

void BatchSocket::receive_all() {
  const auto alive = alive_;
  while (*alive) {
    const Result<ByteView> datagram = socket_.receive();
    if (!datagram && datagram.error().code == ENOBUFS) return fail_all(ENOBUFS);
    if (!datagram) return;
    for (const auto& [first, sent] : sent_) {
      if (sent.hear) sent.hear(*datagram);
    }
    for (const Received& received : parse(*datagram).messages) {
      if (const auto* answer = std::get_if<Acknowledgement>(&received.body)) answered(received.sequence, answer->error);
      if (!*alive) return;
      if (const auto* end = std::get_if<DumpEnd>(&received.body)) answered(received.sequence, end->error);
      if (!*alive) return;
    }
  }
}

/// An error of any message is the end of its transaction, success only that of the last.
void BatchSocket::answered(std::uint32_t sequence, int error) {
  auto found = sent_.upper_bound(sequence);
  if (found == sent_.begin()) return;
  --found;
  if (sequence > found->second.last || (error == 0 && sequence != found->second.last)) return;
  const std::uint32_t at = sequence - found->first;
  const Sent sent = std::move(found->second);
  sent_.erase(found);
  if (sent.hear) ask_next();
  sent.completion(error, error == 0 ? std::string() : sent.objects[at]);
}

void BatchSocket::fail_all(int error) {
  std::vector<std::uint32_t> all;
  for (const auto& [first, sent] : sent_) all.push_back(first);
  const auto alive = alive_;
  for (const std::uint32_t first : all) {
    answered(first, error);
    if (!*alive) return;
  }
}

}  // namespace holdfast::netlink
