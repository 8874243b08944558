// What is wrong, how bad it is, and where to read what to do.

import type { Row } from '../common/dashboard';
import { toCheck, toRunbook } from '../common/links';
import { BAD, GOOD, NEUTRAL, UNKNOWN, WARNING, thresholds, words } from '../common/looks';
import { cell, columns, stateTimeline, table } from '../common/panels';
import { alerts, metric, overTime, rows } from '../common/query';

const open = `${metric('findings')} > 0`;

/** As of the alert of the check, pending ones too; 0 where there is none. */
const severity = [
  `3 * ${alerts('check!=""', 'severity="critical"')}`,
  `2 * ${alerts('check!=""', 'severity="warning"')}`,
  `1 * ${alerts('check!=""', 'severity="info"')}`,
  `0 * (${open})`,
].join(' or ');

const severities = words([0, 'no alert', UNKNOWN], [1, 'info', NEUTRAL], [2, 'warning', WARNING], [3, 'critical', BAD]);

export const findings: Row = {
  title: 'Findings',
  panels: [
    columns(table({ title: 'Open findings', unit: 'short', width: 14, height: 9,
      description: 'Checks with findings, the severity of their alerts, and what to read. Good: an empty table. The command check on the host names file, line and remedy.' },
    rows(`sum by (instance, check) (${open})`),
    rows(`max by (instance, check) (${severity})`),
    rows(`max by (instance, check, alertname) (${alerts('check!=""')})`)),
    { 'check': 'Check', 'Value #A': 'Findings', 'Value #B': 'Severity', 'alertname': 'Runbook', 'instance': 'Instance' },
    ['Value #C'])
      .overrideByName('Check', [toCheck(), { id: 'custom.width', value: 210 }])
      .overrideByName('Findings', [{ id: 'custom.width', value: 80 }])
      .overrideByName('Severity', [{ id: 'mappings', value: [severities] }, cell('color-text'),
        { id: 'custom.width', value: 90 }])
      .overrideByName('Runbook', [toRunbook(), { id: 'custom.width', value: 310 }])
      .noValue('nothing found'),
    stateTimeline({ title: 'Findings over time', unit: 'short', width: 10, height: 9,
      description: 'When each check had findings. Good: an empty graph, or bars that end. One that begins at a rollout came with it.' },
    overTime(`sum by (check) (${open})`, '{{check}}'))
      .thresholds(thresholds(WARNING)).noValue('nothing found'),
    table({ title: 'Checks that could not be evaluated', unit: 'short', width: 14, height: 6,
      description: 'Checks whose facts are not known here: most need the right to look into processes. Good: few, and known ones.' },
    rows(`count by (check) (${metric('check_evaluated')} == 0)`))
      .withTransformation({ id: 'organize', options: { excludeByName: { Time: true },
        indexByName: { check: 0 }, renameByName: { check: 'Check', Value: 'Instances' } } })
      .overrideByName('Check', [toCheck()]).noValue('all were'),
    stateTimeline({ title: 'Alerts over time', unit: 'short', width: 10, height: 6,
      description: 'When which alert was pending or fired. Good: an empty graph.' },
    overTime(`max by (alertname) (2 * ${alerts('alertstate="firing"')} or ${alerts('alertstate="pending"')})`, '{{alertname}}'))
      .mappings([words([1, 'pending', WARNING], [2, 'firing', BAD])])
      .thresholds(thresholds(GOOD, [1, WARNING], [2, BAD])).noValue('none'),
  ],
};
