// The verdict, and what it rests on.

import { VizOrientation } from '@grafana/grafana-foundation-sdk/common';

import type { Row } from '../common/dashboard';
import { ALL_IS_GOOD, BAD, GOOD, MARGIN, NEUTRAL, UNKNOWN, WARNING, byThresholds, neverRefreshed, plain,
  thresholds, words } from '../common/looks';
import { stat } from '../common/panels';
import { DOOMED, alerts, metric, now, series } from '../common/query';

/** Metrics have no severities, alerts have; a pending one is true already. */
const verdict = [
  `4 * (${series('up')} == bool 0)`,
  `3 * ${alerts('severity="critical"')}`,
  `2 * ${alerts('severity="warning"')}`,
  `(${metric('findings')} > bool 0)`,
].join(' or ');

const fates = (...labels: string[]) => metric('sessions_by_fate', ...labels);

export const verdictRow: Row = {
  title: 'Verdict',
  panels: [
    stat({ title: 'Verdict', unit: 'short', width: 4, height: 5,
      description: 'The worst of the alerts of this host, pending ones too; "findings" are such that no alert is about. Good: OK. The table of findings below says what and why.' },
    now(`max by (instance) (${verdict})`, '{{instance}}'))
      .mappings([words([0, 'OK', GOOD], [1, 'OK, with findings', NEUTRAL], [2, 'WARNING', WARNING],
        [3, 'CRITICAL', BAD], [4, 'exporter down', UNKNOWN])])
      .thresholds(thresholds(GOOD, [1, NEUTRAL], [2, WARNING], [3, BAD], [4, UNKNOWN])),
    stat({ title: 'Sessions', unit: 'short', width: 3, height: 5,
      description: 'Open SSH connections by role: server accepted here, client opened here. Good: as many as there are users.' },
    now(`sum by (role) (${metric('sessions')})`, '{{role}}')).colorScheme(plain(NEUTRAL)).orientation(VizOrientation.Horizontal),
    stat({ title: 'Sessions intact', unit: 'percentunit', width: 4, height: 5,
      description: 'Share of open sessions that stay when nobody uses them, of those whose fate is known. Good: 100 %.' },
    now(`sum(${fates('fate="intact"')}) / (sum(${fates('fate!="unknown"')}) > 0)`, 'intact'))
      .thresholds(ALL_IS_GOOD()).min(0).max(1).noValue('no sessions'),
    stat({ title: 'Next session ends in', unit: 's', width: 4, height: 5,
      description: 'When the first session that is doomed will have met its fate. Good: none is.' },
    now(`min(${metric('next_session_end_timestamp_seconds', DOOMED)}) - time()`, 'at the latest'))
      .thresholds(thresholds(BAD, [600, WARNING])).noValue('none').colorScheme(byThresholds()),
    stat({ title: 'Refresh margin', unit: 's', width: 5, height: 5,
      description: 'Usable part of the path\'s timeout, less the time after which this end refreshes new sessions. Good: over 30 s; negative is too late. One end in time suffices.' },
    now(`min by (role) (${metric('refresh_margin_seconds')})`, '{{role}}'))
      .thresholds(MARGIN()).mappings([neverRefreshed()]),
    stat({ title: 'Path forgets after', unit: 's', width: 4, height: 5,
      description: 'Silence after which the path is taken to forget a connection, and who says so. Good: configured or detected; assumed is a guess, of which no alert is made.' },
    now(`min by (source) (${metric('policy_path_idle_timeout_seconds')})`, '{{source}}'))
      .colorScheme(plain(NEUTRAL)),
  ],
};
