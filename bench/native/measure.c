// measure OUTPUT PROGRAM ARGUMENTS...: runs a program with its standard output in OUTPUT, and reports its time, from
// before it is started to after its exit, its CPU time, and its memory.
#include <sys/wait.h>

#include "bench.h"

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int64_t before = now_ns();
  const pid_t child = fork();
  if (child < 0) die("fork");
  if (child == 0) {
    const int out = open(argv[1], O_WRONLY | O_CREAT | O_TRUNC, 0666);
    if (out < 0 || dup2(out, STDOUT_FILENO) < 0) _exit(126);
    close(out);
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  int status;
  struct rusage usage;
  if (wait4(child, &status, 0, &usage) != child) die("wait4");
  const int64_t ns = now_ns() - before;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return 1;
  printf("{\"ns\":%lld,\"cpuNs\":%lld,\"peakRss\":%lld}\n", (long long)ns, (long long)cpu_ns(&usage),
         (long long)max_rss_bytes(&usage));
  return 0;
}
