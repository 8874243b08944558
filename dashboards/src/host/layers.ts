// The layers side by side, against what the path and the policy allow.

import { ScaleDistribution, ScaleDistributionConfigBuilder } from '@grafana/grafana-foundation-sdk/common';

import type { Row } from '../common/dashboard';
import { BAD, GOOD, byThresholds, colored, limitLine, never, thresholds } from '../common/looks';
import { againstLimit, barGauge, timeSeries, withLongNames } from '../common/panels';
import { metric, now, overTime } from '../common/query';

const path = `min(${metric('policy_path_idle_timeout_seconds')})`;
const usable = `min(${metric('policy_path_idle_timeout_seconds')} * ignoring (source) (1 - ${metric('policy_safety_margin_ratio')}))`;
const longestDead = `min(${metric('policy_maximum_dead_peer_seconds')})`;
const leastIdle = `max(${metric('policy_minimum_idle_seconds')})`;
const kills = metric('idle_kill_seconds');

const LATEST = 'bound="latest"';
const OF_ALL = 'scope="global"';

/** What refreshes an idle connection, and after how long at the latest. */
const refreshes: [expression: string, legend: string][] = [
  [`max by (netns) (${metric('tcp_refresh_interval_seconds')})`, 'kernel, {{netns}}'],
  [`max by (daemon) (${metric('sshd_refresh_interval_seconds', OF_ALL, LATEST)})`, 'ClientAlive, {{daemon}}'],
  [`max by (daemon) (${metric('sshd_refresh_interval_seconds', 'scope="worst_configured"', LATEST)})`, 'at worst, {{daemon}}'],
  [`max by (profile) (${metric('ssh_refresh_interval_seconds', LATEST)})`, 'ServerAlive, {{profile}}'],
];

/** What ends a session whose peer is gone, and after how long at the latest. */
const deaths: [expression: string, legend: string][] = [
  [`max by (netns) (${metric('tcp_dead_peer_seconds')})`, 'kernel, idle, {{netns}}'],
  [`max by (netns) (${metric('tcp_retransmission_limit_seconds')})`, 'kernel, data sent, {{netns}}'],
  [`max by (daemon) (${metric('sshd_dead_peer_seconds', OF_ALL, LATEST)})`, 'ClientAlive, {{daemon}}'],
  [`max by (profile) (${metric('ssh_dead_peer_seconds', LATEST)})`, 'ServerAlive, {{profile}}'],
];

const newest = (all: [string, string][]) => all.map(([expression, legend]) => now(expression, legend));

export const layers: Row = {
  title: 'Layers against the path',
  panels: [
    withLongNames(againstLimit(barGauge({ title: 'Refresh of each layer', unit: 's', width: 9, height: 9,
      description: 'The longest silence that each layer lets happen (at worst: ClientAlive in the worst Match block). The middle of a bar\'s way is the time after which the path forgets; red reaches it. Good: one green bar of each end that acts; the kernel\'s acts where TCPKeepAlive is on. never: this layer is off.' },
    ...newest(refreshes), now(path, 'limit'), now(`2 * ${path}`, 'end')), 'E', 'F'))
      .mappings([never(BAD)]).thresholds(thresholds(GOOD)),
    withLongNames(againstLimit(barGauge({ title: 'End of a session whose peer is gone', unit: 's', width: 9, height: 9,
      description: 'When each layer ends a session whose peer has vanished; the first one that acts does. The middle is [policy] maximum_dead_peer_time. Good: green, and not so short that an outage ends sessions.' },
    ...newest(deaths), now(longestDead, 'limit'), now(`2 * ${longestDead}`, 'end')), 'E', 'F'))
      .mappings([never(BAD)]).thresholds(thresholds(GOOD)),
    withLongNames(barGauge({ title: 'Pause that ends a session', unit: 's', width: 6, height: 9,
      description: 'Pauses of a user after which ChannelTimeout, logind or a shell ends the session; red is shorter than [policy] minimum_idle. Good: never, or no red.' },
    now(`min by (mechanism) (${kills} >= ignoring (mechanism) group_left () ${metric('policy_minimum_idle_seconds')})`, '{{mechanism}}'),
    now(`min by (mechanism) (${kills} < ignoring (mechanism) group_left () ${metric('policy_minimum_idle_seconds')})`, '{{mechanism}}'),
    now(leastIdle, 'policy: at least')))
      .mappings([never(GOOD)]).max(14400).thresholds(thresholds(GOOD)).colorScheme(byThresholds())
      .overrideByQuery('B', [{ id: 'thresholds', value: thresholds(BAD).build() }])
      .overrideByQuery('C', [{ id: 'thresholds', value: thresholds('blue').build() }]),
    timeSeries({ title: 'Refresh of each layer over time', unit: 's', width: 24, height: 8,
      description: 'The same over time, with the path\'s timeout as a line and its usable part (less the safety margin) below. Good: a layer of each end that acts runs below both. A layer that is off has no line.' },
    ...refreshes.map(([expression, legend]) => overTime(expression, legend)),
    overTime(path, 'path forgets'), overTime(usable, 'usable part'))
      .fillOpacity(0).lineWidth(2)
      .scaleDistribution(new ScaleDistributionConfigBuilder().type(ScaleDistribution.Log).log(10))
      .overrideByName('path forgets', limitLine(BAD))
      .overrideByName('usable part', [...limitLine('orange'), colored('orange')]),
  ],
};
