#ifndef SSH_KEEPALIVE_EXPORTER_ENDS_REPLACE_FILE_H_
#define SSH_KEEPALIVE_EXPORTER_ENDS_REPLACE_FILE_H_

#include <string>
#include <string_view>

#include "collectors/base/result.h"

namespace ssh_keepalive {

// Makes these bytes the whole of a file that its owner alone may read, or
// leaves what was there: they are complete on the disk, as PATH.tmp, before
// they take the name. The last folder of the path is made where it is missing,
// for its owner alone. What is no regular file is not replaced (kInvalid);
// other errors are the system's.
Result<void> replace_file(const std::string& path, std::string_view bytes);

}  // namespace ssh_keepalive

#endif  // SSH_KEEPALIVE_EXPORTER_ENDS_REPLACE_FILE_H_
