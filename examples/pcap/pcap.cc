// Packets as a stream: libpcap reads them from a capture file, or live from an interface. Its config:
//
//   {"file": "x.pcap", "filter": ""}   or   {"interface": "lo", "filter": "udp port 53", "snaplen": 262144}
//
// A chunk is a batch: the bytes of many packets, one behind the other, and a table with a Record for each. What the
// system dropped, because nobody read in time, is a 'gap'. The lower half of slot.user is libpcap's number for the link
// type, the upper half the snapshot length.
#include <jansson.h>
#include <pcap/pcap.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <memory>
#include <vector>

#include "slipring/source.hpp"

namespace {
using slipring::Failure;

struct Record {
  uint32_t offset;    // in the chunk's data
  uint32_t length;    // how many bytes there are
  uint32_t original;  // how many the packet had
  uint32_t reserved;
  uint64_t timestamp;  // nanoseconds since 1970
};

class Packets {
 public:
  // When this throws the destructor runs: to C++ the object is complete after the other constructor.
  explicit Packets(const slipring::Options& options) : Packets() {
    if (wake_ < 0) throw Failure(errno, "eventfd");
    const std::string_view json = options.config();
    const std::unique_ptr<json_t, decltype(&json_decref)> root(json_loadb(json.data(), json.size(), 0, nullptr),
                                                               json_decref);
    const char *file = nullptr, *interface = nullptr, *filter = "";
    int snaplen = 262144;
    json_error_t wrong;
    if (json_unpack_ex(root.get(), &wrong, 0, "{s?s, s?s, s?s, s?i}", "file", &file, "interface", &interface, "filter",
                       &filter, "snaplen", &snaplen) != 0)
      throw Failure(EINVAL, "config", wrong.text);
    if ((file == nullptr) == (interface == nullptr)) throw Failure(EINVAL, "config", "needs a file or an interface");
    file != nullptr ? open_file(file) : open_interface(interface, snaplen);
    bpf_program program;
    check(pcap_compile(pcap_, &program, filter, 1, PCAP_NETMASK_UNKNOWN), "pcap_compile", EINVAL);
    const int status = pcap_setfilter(pcap_, &program);
    pcap_freecode(&program);
    check(status, "pcap_setfilter");
  }
  ~Packets() {
    if (pcap_ != nullptr) pcap_close(pcap_);
    close(wake_);
  }

  // Takes what is there and has room. Never waits.
  int64_t read(void* data, std::size_t size, slipring_chunk& chunk) {
    pcap_stat now;
    if (pcap_file(pcap_) == nullptr && pcap_stats(pcap_, &now) == 0)
      chunk.lost = now.ps_drop - std::exchange(drops_, now.ps_drop);
    if (cancelled_) throw Failure(ECANCELED, "read");
    auto* const into = static_cast<unsigned char*>(data);
    std::size_t used = 0;
    records_.clear();
    while (packet_ != nullptr || (status_ >= 0 && (status_ = pcap_next_ex(pcap_, &header_, &packet_)) == 1)) {
      // The table, with one entry more, begins up to 7 bytes behind the data.
      const std::size_t behind = 7 + (records_.size() + 1) * sizeof(Record);
      if (!records_.empty() && used + header_->caplen + behind > size) break;  // it comes with the next chunk
      if (behind > size) throw Failure(EMSGSIZE, "read");
      const auto length = static_cast<uint32_t>(std::min<std::size_t>(header_->caplen, size - used - behind));
      std::memcpy(into + used, packet_, length);
      const uint64_t timestamp = uint64_t(header_->ts.tv_sec) * 1'000'000'000 + uint64_t(header_->ts.tv_usec);
      records_.push_back({static_cast<uint32_t>(used), length, header_->len, 0, timestamp});
      used += length;
      packet_ = nullptr;
    }
    if (records_.empty() && status_ == PCAP_ERROR_BREAK) return SLIPRING_END;
    if (records_.empty()) return check(status_, "pcap_next_ex"), SLIPRING_NOTHING;
    std::memcpy(into + slipring_table_begin(used), records_.data(), records_.size() * sizeof(Record));
    chunk.record_count = static_cast<uint32_t>(records_.size());
    chunk.record_size = sizeof(Record);
    chunk.user = uint64_t(pcap_snapshot(pcap_)) << 32 | uint32_t(pcap_datalink(pcap_));
    if (packet_ != nullptr) chunk.flags = SLIPRING_CHUNK_MORE;
    return static_cast<int64_t>(used);
  }

  void wait() {
    if (packet_ != nullptr || status_ < 0) return;  // the host may wait for a slot, too: what we have is data
    pollfd polled[] = {{wake_, POLLIN, 0}, {pcap_get_selectable_fd(pcap_), POLLIN, 0}};
    const int ready = poll(polled, 2, pcap_get_required_select_timeout(pcap_) != nullptr ? 100 : -1);
    if (ready < 0 || polled[0].revents != 0) throw Failure(ready < 0 ? errno : ECANCELED, "poll");
  }

  void cancel() noexcept {
    cancelled_ = true;
    pcap_breakloop(pcap_);  // when a filter lets nothing of a large file through
    eventfd_write(wake_, 1);
  }

  const char* name() const noexcept { return pcap_datalink_val_to_name(pcap_datalink(pcap_)); }

 private:
  Packets() = default;

  void check(int status, const char* call, int number = 0) const {
    if (status < 0) throw Failure(number, call, pcap_geterr(pcap_));
  }

  void open_file(const char* path) {
    if (std::filesystem::is_fifo(path)) throw Failure(EINVAL, "open", "reading a FIFO could not be cancelled");
    FILE* const file = std::fopen(path, "rbe");
    if (file == nullptr) throw Failure(errno, "open");
    char why[PCAP_ERRBUF_SIZE];
    pcap_ = pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why);
    if (pcap_ != nullptr) return;
    std::fclose(file);
    throw Failure(0, "pcap_fopen_offline", why);
  }

  void open_interface(const char* interface, int snaplen) {
    char why[PCAP_ERRBUF_SIZE];
    pcap_ = pcap_create(interface, why);
    if (pcap_ == nullptr) throw Failure(0, "pcap_create", why);
    pcap_set_snaplen(pcap_, snaplen);
    pcap_set_timeout(pcap_, 10);  // so long may a packet wait for others, in milliseconds
    check(pcap_set_tstamp_precision(pcap_, PCAP_TSTAMP_PRECISION_NANO), "pcap_set_tstamp_precision");
    const int status = pcap_activate(pcap_);
    const int number = status == PCAP_ERROR_NO_SUCH_DEVICE ? ENODEV : status == PCAP_ERROR_PERM_DENIED ? EPERM : 0;
    check(status, "pcap_activate", number);
    check(pcap_setnonblock(pcap_, 1, why), "pcap_setnonblock");
  }

  int wake_ = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  pcap_t* pcap_ = nullptr;
  std::atomic<bool> cancelled_{false};
  std::vector<Record> records_;            // of the chunk that is filled
  pcap_pkthdr* header_ = nullptr;          // of the packet
  const unsigned char* packet_ = nullptr;  // read already, and not yet in a chunk
  int status_ = 0;                         // what pcap_next_ex said last
  unsigned drops_ = 0;                     // of the system, so far
};

}  // namespace

const slipring_source slipring_source_v1 = slipring::make_source<Packets>();
