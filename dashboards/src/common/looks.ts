// Colours, thresholds, and values that have a word.

import { FieldColorBuilder, FieldColorModeId, MappingType, ThresholdsConfigBuilder, ThresholdsMode,
  type DynamicConfigValue, type Threshold, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

export const GOOD = 'green';
export const WARNING = 'orange';
export const BAD = 'red';
export const NEUTRAL = 'blue';
export const UNKNOWN = '#8e8e8e';

/** `steps`: from this value on, this colour. */
export function thresholds(base: string, ...steps: [number, string][]): ThresholdsConfigBuilder {
  const all: Threshold[] = [{ value: null, color: base }];
  steps.forEach(([value, color]) => all.push({ value, color }));
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(all);
}

/** More than none is bad. */
export const NONE_IS_GOOD = () => thresholds(GOOD, [1, BAD]);

/** Of a share: all is good, more than a tenth missing is bad. */
export const ALL_IS_GOOD = () => thresholds(BAD, [0.9, WARNING], [1, GOOD]);

/** Of a refresh margin: negative is too late, little is thin. */
export const MARGIN = () => thresholds(BAD, [0, WARNING], [30, GOOD]);

export function byThresholds(): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Thresholds);
}

export function plain(color: string): FieldColorBuilder {
  return new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(color);
}

/** Text and colour of single values. */
export function words(...values: [value: number, text: string, color: string][]): ValueMapping {
  return {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      values.map(([value, text, color], index) => [String(value), { text, color, index }])),
  };
}

/** +Inf, which stands for never. */
export function never(color: string): ValueMapping {
  return { type: MappingType.RangeToText,
    options: { from: 1e9, to: null, result: { text: 'never', color } } };
}

/** A margin of -Inf: nothing refreshes. */
export function neverRefreshed(): ValueMapping {
  return { type: MappingType.RangeToText,
    options: { from: null, to: -1e9, result: { text: 'never refreshed', color: BAD } } };
}

/** An override that gives a series its own colour. */
export function colored(color: string): DynamicConfigValue {
  return { id: 'color', value: { mode: FieldColorModeId.Fixed, fixedColor: color } };
}

/** A dashed line without area: a limit, not a measurement. */
export function limitLine(color: string): DynamicConfigValue[] {
  return [
    colored(color),
    { id: 'custom.lineStyle', value: { fill: 'dash', dash: [10, 10] } },
    { id: 'custom.lineWidth', value: 2 },
    { id: 'custom.fillOpacity', value: 0 },
    { id: 'custom.stacking', value: { mode: 'none', group: 'A' } },
  ];
}

type Colors = Record<string, string>;

export const OF_FATES: Colors = { intact: GOOD, lost_by_path: BAD, idle_kill: WARNING,
  dying: 'dark-red', unknown: UNKNOWN };
export const OF_REFRESHES: Colors = { ssh: GOOD, tcp: NEUTRAL, none: BAD, unknown: UNKNOWN };
export const OF_CAUSES: Colors = { closed: GOOD, reset: BAD, tcp_keepalive: 'dark-red',
  retransmission_limit: 'purple', ssh_keepalive: 'dark-orange', channel_timeout: 'yellow',
  idle_kill: WARNING, unknown: UNKNOWN };
