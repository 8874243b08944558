// What is wrong, by check and by alert.

import type { Row } from '../common/dashboard';
import { toCheck, toRunbook } from '../common/links';
import { BAD, NEUTRAL, WARNING } from '../common/looks';
import { cell, columns, table, timeSeries } from '../common/panels';
import { FIRING, alerts, metric, overTime, rows } from '../common/query';
import { MappingType, type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';

const findings = metric('findings');

const severities: DynamicConfigValue = { id: 'mappings', value: [{ type: MappingType.ValueToText, options: {
  critical: { color: BAD, index: 0 }, warning: { color: WARNING, index: 1 }, info: { color: NEUTRAL, index: 2 },
} }] };

export const findingsOfFleet: Row = {
  title: 'Findings',
  panels: [
    columns(table({ title: 'Findings by check', unit: 'short', width: 12, height: 9,
      description: 'Open findings of all instances, and how many instances have any. Good: an empty table. A check leads to its page.' },
    rows(`sum by (check) (${findings}) > 0`),
    rows(`count by (check) (${findings} > 0)`)),
    { 'check': 'Check', 'Value #A': 'Findings', 'Value #B': 'Instances' })
      .overrideByName('Check', [toCheck(), { id: 'custom.width', value: 260 }]).noValue('nothing found'),
    columns(table({ title: 'Alerts', unit: 'short', width: 12, height: 9,
      description: 'Alerts of this project that fire, by name and severity. Good: an empty table. An alert leads to its runbook.' },
    rows(`count by (alertname, severity) (${alerts(FIRING)})`)),
    { alertname: 'Alert', severity: 'Severity', Value: 'Firing' })
      .overrideByName('Alert', [toRunbook(), { id: 'custom.width', value: 300 }])
      .overrideByName('Severity', [severities, cell('color-text')]).noValue('no alert fires'),
    timeSeries({ title: 'Instances with findings', unit: 'short', width: 24, height: 7,
      description: 'Instances that have findings of a check, over time. Good: lines that fall. A line that rises at once follows a rollout.' },
    overTime(`count by (check) (${findings} > 0)`, '{{check}}')).noValue('none'),
  ],
};
