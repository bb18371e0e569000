// The real ObjectPort: files and processes are looked at on a thread beside the loop that sends adverts (core/runtime/
// side_loop.h), so that neither a file on a server that is gone nor a storm of processes can make an advert late.
#pragma once

#include <memory>

#include "core/runtime/event_loop.h"
#include "core/runtime/side_loop.h"
#include "vrrp/ports.h"

namespace holdfast::vrrp {

class ObjectWatch : public ObjectPort {
 public:
  ObjectWatch(EventLoop& loop, EventSink sink);
  ~ObjectWatch() override;

  void watch_files(const WatchFiles& what) override;
  void watch_processes(const WatchProcesses& what) override;
  void watch_linkbeats(const WatchLinkbeats& what) override;

 private:
  struct Beside;  ///< lives on the thread

  bool begun_ = false;
  SideLoop side_;
  std::shared_ptr<Beside> beside_;
};

}  // namespace holdfast::vrrp
