// Whether what is shown above can be believed.

import type { Row } from '../common/dashboard';
import { BAD, GOOD, NONE_IS_GOOD, thresholds, words } from '../common/looks';
import { stat, stateTimeline, timeSeries } from '../common/panels';
import { metric, now, overTime, series } from '../common/query';

const age = (name: string) => `time() - min by (collector) (${metric(name)})`;

export const health: Row = {
  title: 'Collectors and exporter',
  panels: [
    stateTimeline({ title: 'Collectors', unit: 'short', width: 12, height: 7,
      description: 'Whether each collector could read all it should. Good: green throughout; else see the exporter\'s log and the runbook of SSHKeepaliveCollectorFailing.' },
    overTime(`min by (collector) (${metric('scrape_collector_success')})`, '{{collector}}'))
      .mappings([words([0, 'something is missing', BAD], [1, 'read all', GOOD])])
      .thresholds(thresholds(BAD, [1, GOOD])),
    timeSeries({ title: 'Time of each collector', unit: 's', width: 12, height: 7,
      description: 'How long each collector took at a scrape. Good: milliseconds.' },
    overTime(`max by (collector) (${metric('scrape_collector_duration_seconds')})`, '{{collector}}')),
    stat({ title: 'Last complete read', unit: 's', width: 8, height: 5,
      description: 'Age of the last read that missed nothing, by collector. Good: no older than a scrape; host is read once a minute.' },
    now(age('scrape_collector_last_success_timestamp_seconds'), '{{collector}}'))
      .thresholds(thresholds(GOOD, [300, BAD])),
    stat({ title: 'Configuration in force', unit: 'short', width: 4, height: 5,
      description: 'Whether the exporter runs with the configuration that was last asked for. Good: yes; else its log names file and line.' },
    now(`min(${metric('config_last_reload_successful')})`, 'the one asked for'))
      .mappings([words([0, 'of before', BAD], [1, 'as asked', GOOD])]).thresholds(thresholds(BAD, [1, GOOD])),
    stat({ title: 'News of ends lost', unit: 'short', width: 4, height: 5,
      description: 'Times within the range that the kernel had no room for news of closed sockets. Good: 0; else causes of ends are told less exactly.' },
    now(`sum(increase(${metric('session_events_lost_total')}[$__range]))`, 'lost')).thresholds(NONE_IS_GOOD()).decimals(0),
    timeSeries({ title: 'Exporter: processor', unit: 'percentunit', width: 4, height: 5,
      description: 'Share of one processor that the exporter uses. Good: well below 1 %.' },
    overTime(`sum(rate(${series('process_cpu_seconds_total')}[$__rate_interval]))`, 'exporter')),
    timeSeries({ title: 'Exporter: memory', unit: 'bytes', width: 4, height: 5,
      description: 'Resident memory. Good: ten to some tens of MiB, and level.' },
    overTime(`sum(${series('process_resident_memory_bytes')})`, 'exporter')),
  ],
};
