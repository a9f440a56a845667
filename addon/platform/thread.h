// One thread that is joined, and never detached unless there is no hope for it. std::thread would do, but it can
// neither choose its stack's size nor report that no thread could be had without an exception.
#pragma once

#include <memory>

namespace slipring::platform {

class Thread {
 public:
  // What the thread runs, and what it keeps alive meanwhile.
  class Body {
   public:
    virtual ~Body() = default;
    virtual void run() = 0;
  };

  Thread();
  ~Thread();  // the thread must have been joined, or never started
  Thread(const Thread&) = delete;
  Thread& operator=(const Thread&) = delete;

  // Any thread, once. Returns 0 or an errno. The body is destroyed on the new thread when run() has returned.
  [[nodiscard]] int start(std::unique_ptr<Body> body);

  // Any thread but the started one. Does nothing when the thread was never started or was joined before.
  void join();

  // Whether there is a thread to be joined.
  [[nodiscard]] bool joinable() const noexcept { return handle_ != nullptr; }

  // Instead of join(): the thread goes on by itself, for as long as it likes.
  void give_up();

 private:
  struct Handle;
  std::unique_ptr<Handle> handle_;
};

// What debuggers and top show, in 15 bytes. Threads are called slipring from the start.
void name_this_thread(const char* name) noexcept;

// The calling thread has little to do each time, and what it is late for is lost: it asks to run soon after it wakes,
// and before others where the process may ask for that. Has no result: the system may decline.
void run_soon() noexcept;

}  // namespace slipring::platform
