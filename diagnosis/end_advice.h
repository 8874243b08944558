// What would have kept a session that has ended.
#ifndef SSH_KEEPALIVE_DIAGNOSIS_END_ADVICE_H_
#define SSH_KEEPALIVE_DIAGNOSIS_END_ADVICE_H_

#include <span>
#include <string>

#include "diagnosis/end_cause.h"
#include "diagnosis/finding.h"

namespace ssh_keepalive::diagnosis {

// A part of a sentence for people, with the line to change where one is known;
// empty: nothing on this host would have. `findings`: as of the last look that
// saw the session.
std::string advice_on(const EndFacts& facts, const CauseOfEnd& end,
                      std::span<const Finding> findings);

}  // namespace ssh_keepalive::diagnosis

#endif  // SSH_KEEPALIVE_DIAGNOSIS_END_ADVICE_H_
