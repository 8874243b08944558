// Is the fleet intact? Recordings of single instances are used, and added up
// here, so that the choice of instances counts everywhere.

import { StackingMode } from '@grafana/grafana-foundation-sdk/common';

import type { Row } from '../common/dashboard';
import { ALL_IS_GOOD, MARGIN, NONE_IS_GOOD, OF_FATES, neverRefreshed } from '../common/looks';
import { stacked, stat, timeSeries, withColors } from '../common/panels';
import { DOOMED, FIRING, alerts, now, overTime, recorded, series } from '../common/query';

const margins = recorded('instance:refresh_margin_seconds:min');
const byFate = (...labels: string[]) => recorded('instance_fate:sessions:sum', ...labels);
const lost = `sum by (job, instance) (${byFate('fate=~"lost_by_path|idle_kill"')})`;
const intactInstances = `sum(${lost} == bool 0) / count(${lost})`;
const intactSessions = `sum(${byFate('fate="intact"')}) / (sum(${byFate('fate!="unknown"')}) > 0)`;

const STAT = { width: 4, height: 4 };

export const overview: Row = {
  title: 'Is the fleet intact?',
  panels: [
    stat({ ...STAT, title: 'Instances intact', unit: 'percentunit',
      description: 'Share of instances without an open session that the path forgets or that something ends for want of use. Good: 100 %.' },
    now(intactInstances, 'instances')).thresholds(ALL_IS_GOOD()).min(0).max(1),
    stat({ ...STAT, title: 'Sessions intact', unit: 'percentunit',
      description: 'Share of open sessions that stay when nobody uses them, of those whose fate is known. Good: 100 %; a few are always dying, since laptops close.' },
    now(intactSessions, 'sessions')).thresholds(ALL_IS_GOOD()).min(0).max(1).noValue('no sessions'),
    stat({ ...STAT, title: 'Sessions that will be lost', unit: 'short',
      description: 'Open sessions that the path forgets, that something ends for want of use, or whose peer does not answer. Good: 0, or some dying ones.' },
    now(`sum(${byFate(DOOMED)})`, 'sessions')).thresholds(NONE_IS_GOOD()),
    stat({ ...STAT, title: 'Worst refresh margin', unit: 's',
      description: 'Time to spare between the refresh of new sessions and the usable part of the path\'s timeout, of the worst instance. Good: over 30 s; negative is too late.' },
    now(`min(${margins})`, 'margin')).thresholds(MARGIN()).mappings([neverRefreshed()]),
    stat({ ...STAT, title: 'Exporters down', unit: 'short',
      description: 'Targets that do not answer Prometheus: nothing is known of those hosts. Good: 0.' },
    now(`sum(${series('up')} == bool 0)`, 'down')).thresholds(NONE_IS_GOOD()),
    stat({ ...STAT, title: 'Firing alerts', unit: 'short',
      description: 'Alerts of this project that fire; see the table below. Good: 0.' },
    now(`count(${alerts(FIRING)}) or vector(0)`, 'alerts')).thresholds(NONE_IS_GOOD()),
    timeSeries({ title: 'Instances and sessions intact', unit: 'percentunit', width: 12, height: 8,
      description: 'The shares above over time. Good: both lines at 100 %. A step down of instances is a change of configuration; one of sessions alone is the network.' },
    overTime(intactInstances, 'instances'), overTime(intactSessions, 'sessions'))
      .min(0).max(1),
    withColors(stacked(timeSeries({ title: 'Sessions by fate', unit: 'short', width: 12, height: 8,
      description: 'What becomes of the open sessions if nobody uses them, as shares. Good: all intact. unknown: settings that the exporter may not read.' },
    overTime(`sum by (fate) (${byFate()})`, '{{fate}}')), StackingMode.Percent), OF_FATES),
  ],
};
