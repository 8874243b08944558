// How sessions end.

import type { Row } from '../common/dashboard';
import { seriesToHost } from '../common/links';
import { NEUTRAL, OF_CAUSES, plain } from '../common/looks';
import { barGauge, bars, timeSeries, withColors } from '../common/panels';
import { metric, now, overTime, recorded } from '../common/query';

const ends = metric('session_ends_total');

export const sessionEnds: Row = {
  title: 'How sessions end',
  panels: [
    withColors(bars(timeSeries({ title: 'Session ends by cause', unit: 'cpm', width: 10, height: 9,
      description: 'Ends per minute of sessions that were logged in. Good: closed, by logouts. Many of another cause at one time are an event: a rollout, a firewall, a link.' },
    overTime(`60 * sum by (cause) (rate(${ends}[$__rate_interval]))`, '{{cause}}'))), OF_CAUSES),
    timeSeries({ title: 'Abnormal ends by instance', unit: 'short', width: 6, height: 9,
      description: 'Ends within 10 minutes that were neither logouts nor idle kills, of the 10 worst instances. Good: none. One instance alone is its host; many together are the network.' },
    overTime(`topk(10, sum by (instance) (${recorded('instance:abnormal_ends:increase10m')}) > 0)`,
      '{{instance}}')).dataLinks([seriesToHost()]).noValue('none').decimals(0),
    barGauge({ title: 'Ends by cause, in all', unit: 'short', width: 8, height: 9,
      description: 'All ends within the time range. Good: closed is by far the longest bar.' },
    now(`sort_desc(sum by (cause) (increase(${ends}[$__range])))`, '{{cause}}'))
      .colorScheme(plain(NEUTRAL)).decimals(0),
  ],
};
