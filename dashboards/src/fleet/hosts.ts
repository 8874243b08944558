// Which hosts are the worst, with the way to each.

import type { Row } from '../common/dashboard';
import { toHost } from '../common/links';
import { BAD, GOOD, MARGIN, NONE_IS_GOOD, WARNING, colored, neverRefreshed } from '../common/looks';
import { cell, columns, stacked, table, timeSeries } from '../common/panels';
import { DOOMED, metric, overTime, recorded, rows } from '../common/query';

const margin = recorded('instance:refresh_margin_seconds:min');
const worst = `bottomk(20, min by (instance) (${margin}))`;
const ofWorst = (expression: string) => `${expression} and on (instance) ${worst}`;
const fates = recorded('instance_fate:sessions:sum', DOOMED);

export const hosts: Row = {
  title: 'Which hosts',
  panels: [
    columns(table({ title: 'Instances by worst refresh margin', unit: 'short', width: 16, height: 10,
      description: 'The 20 instances with the least time between the refresh of new sessions and the usable part of the path\'s timeout. Good: no red margin, no sessions that will be lost, no abnormal ends (within 10 minutes). An instance leads to its own dashboard.' },
    rows(worst),
    rows(ofWorst(`sum by (instance) (${recorded('instance:sessions:sum')})`)),
    rows(ofWorst(`sum by (instance) (${fates})`)),
    rows(ofWorst(`sum by (instance) (${recorded('instance:abnormal_ends:increase10m')})`)),
    rows(ofWorst(`sum by (instance) (${metric('findings')})`))), {
      'instance': 'Instance',
      'Value #A': 'Refresh margin',
      'Value #B': 'Sessions',
      'Value #C': 'Will be lost',
      'Value #D': 'Abnormal ends',
      'Value #E': 'Findings',
    })
      .overrideByName('Instance', [toHost()])
      .overrideByName('Refresh margin', [{ id: 'unit', value: 's' }, cell('color-text'),
        { id: 'thresholds', value: MARGIN().build() }, { id: 'mappings', value: [neverRefreshed()] }])
      .overrideByName('Will be lost', [cell('color-text'),
        { id: 'thresholds', value: NONE_IS_GOOD().build() }])
      .overrideByName('Abnormal ends', [{ id: 'decimals', value: 0 }]),
    stacked(timeSeries({ title: 'Instances by refresh margin', unit: 'short', width: 8, height: 10,
      description: 'How many instances refresh too late (margin below 0), with hardly any time to spare (under 30 s), or in time. Good: all in time.' },
    overTime(`sum(${margin} < bool 0)`, 'too late'),
    overTime(`sum(${margin} < bool 30) - sum(${margin} < bool 0)`, 'thin'),
    overTime(`sum(${margin} >= bool 30)`, 'in time')))
      .overrideByName('too late', [colored(BAD)])
      .overrideByName('thin', [colored(WARNING)])
      .overrideByName('in time', [colored(GOOD)]),
  ],
};
