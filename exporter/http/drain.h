// What CivetWeb leaves behind when it stops.
#ifndef SSH_KEEPALIVE_EXPORTER_HTTP_DRAIN_H_
#define SSH_KEEPALIVE_EXPORTER_HTTP_DRAIN_H_

#include <chrono>
#include <cstdint>
#include <set>

namespace ssh_keepalive::http {

// For a server of this process that listens on these ports and is about to
// stop: nobody connects to it any more, and those that have are waited for.
// CivetWeb 1.15 neither answers nor closes connections that wait for a thread
// when it stops: their clients would wait as well, and descriptors be lost.
void drain(const std::set<std::uint16_t>& ports,
           std::chrono::milliseconds patience);

}  // namespace ssh_keepalive::http

#endif  // SSH_KEEPALIVE_EXPORTER_HTTP_DRAIN_H_
