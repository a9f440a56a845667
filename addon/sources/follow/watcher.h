// The body of the thread that opens what takes a file's place also while the reading thread is parked, because the
// consumer stalls.
#pragma once

#include "platform/file.h"
#include "platform/thread.h"
#include "sources/follow/news.h"
#include "sources/follow/succession.h"

namespace slipring {

class Watcher : public platform::Thread::Body {
 public:
  Watcher(const platform::File& file, Succession& succession, News& news)
      : file_(file), succession_(succession), news_(news) {}
  // Watching thread, until the source is closed.
  void run() override {
    while (succession_.wait()) {
      succession_.see_size(file_);
      succession_.look();
      news_.announce();
    }
  }

 private:
  const platform::File& file_;
  Succession& succession_;
  News& news_;
};

}  // namespace slipring
