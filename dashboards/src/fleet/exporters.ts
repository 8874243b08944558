// Whether what is shown above can be believed.

import type { Row } from '../common/dashboard';
import { seriesToHost } from '../common/links';
import { BAD, GOOD, colored } from '../common/looks';
import { stacked, timeSeries } from '../common/panels';
import { metric, overTime, series } from '../common/query';

const up = series('up');
const ok = metric('scrape_collector_success');

export const exporters: Row = {
  title: 'Exporters',
  panels: [
    stacked(timeSeries({ title: 'Exporters up and down', unit: 'short', width: 8, height: 7,
      description: 'Targets that answer Prometheus, and those that do not. Good: none down.' },
    overTime(`sum(${up} == bool 0)`, 'down'), overTime(`sum(${up} == bool 1)`, 'up')))
      .overrideByName('down', [colored(BAD)]).overrideByName('up', [colored(GOOD)]),
    timeSeries({ title: 'Collectors that miss something', unit: 'short', width: 8, height: 7,
      description: 'Instances on which a collector cannot read all that it should. Good: none; often a missing right, see the runbook of SSHKeepaliveCollectorFailing.' },
    overTime(`sum by (collector) (${ok} == bool 0)`, '{{collector}}')),
    timeSeries({ title: 'Slowest scrapes', unit: 's', width: 8, height: 7,
      description: 'Time that the collectors of the five slowest instances take together. Good: milliseconds; up to some tenths of a second with thousands of sessions.' },
    overTime(`topk(5, sum by (instance) (${metric('scrape_collector_duration_seconds')}))`, '{{instance}}'))
      .dataLinks([seriesToHost()]),
  ],
};
