// The open sessions.

import type { Row } from '../common/dashboard';
import { OF_FATES, OF_REFRESHES } from '../common/looks';
import { stacked, timeSeries, withColors } from '../common/panels';
import { metric, overTime } from '../common/query';

export const sessions: Row = {
  title: 'Sessions',
  panels: [
    withColors(stacked(timeSeries({ title: 'Sessions by role and refresh', unit: 'short', width: 9, height: 8,
      description: 'What of this end refreshes idle sessions first. Good: ssh, or tcp in time; none means that only the other end can keep it.' },
    overTime(`sum by (role, refresh) (${metric('sessions_by_refresh')}) > 0`, '{{role}} {{refresh}}'))
      .noValue('no sessions')), OF_REFRESHES),
    withColors(stacked(timeSeries({ title: 'Sessions by fate', unit: 'short', width: 8, height: 8,
      description: 'What becomes of sessions that nobody uses. Good: intact. lost_by_path: refreshed too late; idle_kill: ended for want of use; dying: the peer does not answer.' },
    overTime(`sum by (fate) (${metric('sessions_by_fate')})`, '{{fate}}'))), OF_FATES),
    timeSeries({ title: 'Sessions on settings of before', unit: 'short', width: 7, height: 8,
      description: 'Sessions that live on older settings of sshd, ssh or the kernel, and get the present ones only when they are opened anew. Good: 0, some time after a change.' },
    overTime(`sum by (reason) (${metric('sessions_outdated')})`, '{{reason}}')),
  ],
};
