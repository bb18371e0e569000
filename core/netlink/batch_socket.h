// Transactions of nf_tables, and questions about its tables, without waiting: what is sent has been carried out by the kernel
// when send() returns, or refused; the answer comes to the callback from the loop.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "core/netlink/nft_message.h"
#include "core/netlink/nft_question.h"
#include "core/netlink/socket.h"
#include "core/runtime/event_loop.h"

namespace holdfast::netlink {

class BatchSocket {
 public:
  /// Given once. `object`: what the kernel refused first; "" when error is 0.
  using Completion = std::function<void(int error, const std::string& object)>;
  using Tables = std::function<void(const std::vector<NftTable>& tables)>;

  static constexpr int kReceiveBuffer = 1 << 20;  ///< octets
  static Result<std::unique_ptr<BatchSocket>> open(EventLoop& loop);
  BatchSocket(EventLoop& loop, Socket socket);
  /// Unanswered transactions are never completed.
  ~BatchSocket();

  /// For the next transaction.
  NftBatch batch() const { return NftBatch(last_sequence_ + 1); }
  void send(NftBatch::Finished batch, Completion completion);
  /// All tables that there are; none when the kernel cannot say.
  void ask_tables(Tables tables);
  /// errno; ENOENT = there is no such table.
  void ask_table(const NftTable& table, std::function<void(int error)> told);
  /// What a set holds; ENOENT = there is no such table or set.
  using Elements = std::function<void(int error, std::vector<NftElement> elements)>;
  void ask_elements(const NftTable& table, const std::string& set, Elements told);
  /// How many rules a chain has; 0 when it is not there.
  void ask_rules(const NftTable& table, const std::string& chain, std::function<void(std::size_t count)> told);

 private:
  struct Sent {
    std::uint32_t last = 0;  ///< number of the last message
    std::vector<std::string> objects;
    Completion completion;
    std::function<void(ByteView datagram)> hear;  ///< a question: every datagram until its end
  };
  /// The kernel answers one question of a socket at a time; the others wait for their turn.
  struct Question {
    std::function<Bytes(std::uint32_t sequence)> message;
    std::string about;
    Completion end;
    std::function<void(ByteView datagram)> hear;
  };
  void ask(Question question);
  void ask_next();
  void send(ByteView messages, std::uint32_t first, Sent sent);
  void on_ready();
  void receive_all();
  void answered(std::uint32_t sequence, int error);
  void fail_all(int error);

  Socket socket_;
  std::uint32_t last_sequence_ = 0;
  std::map<std::uint32_t, Sent> sent_;                     ///< by the number of the first message
  std::vector<std::pair<std::uint32_t, int>> unsendable_;  ///< told in the next turn
  std::deque<Question> questions_;                         ///< that wait
  bool asking_ = false;                                    ///< one is on its way
  std::shared_ptr<bool> alive_;
  FdWatch watch_;
};

}  // namespace holdfast::netlink
