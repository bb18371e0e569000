// The real FilePort: what core/runtime/file_watch.h sees becomes FileChanged.
#pragma once

#include "checker/ports.h"
#include "core/runtime/file_watch.h"

namespace holdfast::checker {

class WatchedFiles : public FilePort {
 public:
  WatchedFiles(EventLoop& loop, EventSink sink)
      : files_(loop, [sink = std::move(sink)](const std::string& path, const FileNumber& number) {
          sink(FileChanged{path, number.value});
        }) {}

  Status watch(const std::string& path) override { return files_.watch(path); }
  void unwatch(const std::string& path) override { files_.unwatch(path); }

 private:
  FileWatch files_;
};

}  // namespace holdfast::checker
