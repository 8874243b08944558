// A line of a configuration file.
#ifndef SSH_KEEPALIVE_COLLECTORS_BASE_FILE_LINE_H_
#define SSH_KEEPALIVE_COLLECTORS_BASE_FILE_LINE_H_

#include <string>

namespace ssh_keepalive {

struct FileLine {
  std::string file;
  int line = 0;  // from 1 on; 0: the file as a whole

  bool operator==(const FileLine&) const = default;
};

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_COLLECTORS_BASE_FILE_LINE_H_
