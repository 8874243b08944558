// PromQL of this exporter's metrics, always with both selectors, and targets.

import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';

export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

const TARGETS = 'job=~"$job", instance=~"$instance"';

/** Series of any name, of the chosen targets; `labels` like `role="server"`. */
export function series(name: string, ...labels: string[]): string {
  return `${name}{${[TARGETS, ...labels].join(', ')}}`;
}

/** Series of this exporter. */
export function metric(name: string, ...labels: string[]): string {
  return series(`ssh_keepalive_${name}`, ...labels);
}

/** A recording of alerts/rules/fleet.rules.yml, which keeps `instance`. */
export function recorded(name: string, ...labels: string[]): string {
  const [level, rest] = name.split(/:(.*)/);
  return series(`${level}:ssh_keepalive_${rest}`, ...labels);
}

/** Alerts of this project; FIRING is one of the labels. */
export function alerts(...labels: string[]): string {
  return series('ALERTS', 'alertname=~"SSHKeepalive.+"', ...labels);
}

export const FIRING = 'alertstate="firing"';

/** Fates of a session that is not going to last. */
export const DOOMED = 'fate=~"lost_by_path|idle_kill|dying"';

/** A line for each series. */
export function overTime(expression: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expression).legendFormat(legend).range();
}

/** The newest value of each series. */
export function now(expression: string, legend: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expression).legendFormat(legend).instant();
}

/** The newest values as rows, with a column for each label. */
export function rows(expression: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expression).instant().format(PromQueryFormat.Table);
}

/** Cumulative buckets with a label `le`. */
export function buckets(expression: string): DataqueryBuilder {
  return new DataqueryBuilder().expr(expression).legendFormat('{{le}}').range()
    .format(PromQueryFormat.Heatmap);
}
