// What is seen on the wire, and how sessions ended.

import { HeatmapColorMode, HeatmapColorOptionsBuilder, HeatmapTooltipBuilder, PanelBuilder as Heatmap,
  YAxisConfigBuilder } from '@grafana/grafana-foundation-sdk/heatmap';
import { AxisPlacement, HeatmapCellLayout, TooltipDisplayMode } from '@grafana/grafana-foundation-sdk/common';
import { RowsHeatmapOptionsBuilder } from '@grafana/grafana-foundation-sdk/heatmap';

import type { Row } from '../common/dashboard';
import { BAD, OF_CAUSES, limitLine } from '../common/looks';
import { bars, described, timeSeries, withColors } from '../common/panels';
import { buckets, metric, overTime } from '../common/query';

const total = `sum(${metric('sessions')})`;
const silent = metric('sessions_silent');

/** Silent for up to `le`: all but those that are silent for longer. */
const silentFor = `clamp_min(${total} - on () group_right () sum by (le) (label_replace(${silent}, "le", "$1", "longer_than_seconds", "(.*)")), 0)`
  + ` or (label_replace(${total}, "le", "+Inf", "", "") and on () ${silent})`;

const silence = described(new Heatmap(), { title: 'Wire silence', unit: 'short', width: 12, height: 9,
  description: 'How many sessions have been silent for how long, at most: the peer\'s probes do not show. Good: none above the time after which the path forgets, unless they are refreshed by the other end.' },
[buckets(silentFor)])
  .calculate(false).cellGap(1).hideLegend()
  .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Le).value('sessions'))
  .yAxis(new YAxisConfigBuilder().unit('s').axisPlacement(AxisPlacement.Left))
  .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').steps(32))
  .tooltip(new HeatmapTooltipBuilder().mode(TooltipDisplayMode.Single).yHistogram(false));

export const wire: Row = {
  title: 'On the wire',
  panels: [
    silence,
    timeSeries({ title: 'Unanswered probes and retransmissions', unit: 'short', width: 12, height: 9,
      description: 'Sessions whose peer answers neither keepalive probes nor data: about to end. Good: 0; some for minutes are laptops that sleep, many at once are a link that is cut.' },
    overTime(`sum by (role) (${metric('sessions_probing')})`, '{{role}}: unanswered probes'),
    overTime(`sum by (role) (${metric('sessions_retransmitting')})`, '{{role}}: retransmitting')),
    timeSeries({ title: 'What sessions have shown of the path', unit: 's', width: 12, height: 8,
      description: 'The longest silence that a session survived, and the shortest that one was lost after, beside what the path is taken to allow. Good: survived below the line, lost above it or absent; else correct path_idle_timeout.' },
    overTime(`max(${metric('path_observed_idle_seconds', 'bound="longest_survived"')})`, 'longest survived'),
    overTime(`min(${metric('path_observed_idle_seconds', 'bound="shortest_lost"')})`, 'shortest lost'),
    overTime(`min(${metric('policy_path_idle_timeout_seconds')})`, 'path forgets'))
      .fillOpacity(0).lineWidth(2).overrideByName('path forgets', limitLine(BAD)),
    withColors(bars(timeSeries({ title: 'Session ends by cause', unit: 'cpm', width: 12, height: 8,
      description: 'Ends per minute of sessions that were logged in. Good: closed, by logouts. The command why says what ended the last ones.' },
    overTime(`60 * sum by (cause) (rate(${metric('session_ends_total')}[$__rate_interval]))`, '{{cause}}'))),
    OF_CAUSES),
  ],
};
