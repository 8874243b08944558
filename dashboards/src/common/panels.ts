// Panels: every one has a title, a text that says what good looks like, a unit
// and a least step, and nothing is left to Grafana's defaults that matters.

import * as common from '@grafana/grafana-foundation-sdk/common';
import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DynamicConfigValue, GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as BarGauge } from '@grafana/grafana-foundation-sdk/bargauge';
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline';
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table';
import { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';

import { byThresholds, colored } from './looks';
import { DATASOURCE } from './query';

export interface About {
  title: string;
  /** What it shows, and what good looks like. */
  description: string;
  unit: string;
  width: number;
  height: number;
}

interface AnyPanel extends Builder<Panel> {
  title(title: string): this;
  description(description: string): this;
  datasource(datasource: common.DataSourceRef): this;
  unit(unit: string): this;
  interval(interval: string): this;
  gridPos(gridPos: GridPos): this;
  withTarget(target: Builder<Dataquery>): this;
}

/** Rules and docs are made for scrapes of up to a minute. */
const LEAST_STEP = '1m';

/** A place is given to it where the dashboard is put together. */
export function described<T extends AnyPanel>(panel: T, about: About, queries: DataqueryBuilder[]): T {
  panel.title(about.title).description(about.description).unit(about.unit)
    .datasource(DATASOURCE).interval(LEAST_STEP)
    .gridPos({ x: 0, y: 0, w: about.width, h: about.height });
  queries.forEach((query, index) =>
    panel.withTarget(query.refId(String.fromCharCode(65 + index)).datasource(DATASOURCE)));
  return panel;
}

const newest = () => new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false);

const legendBelow = () => new common.VizLegendOptionsBuilder().showLegend(true)
  .displayMode(common.LegendDisplayMode.List).placement(common.LegendPlacement.Bottom).calcs([]);

const allInTooltip = () => new common.VizTooltipOptionsBuilder()
  .mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending);

export function timeSeries(about: About, ...queries: DataqueryBuilder[]): TimeSeries {
  const panel = described(new TimeSeries(), about, queries)
    .drawStyle(common.GraphDrawStyle.Line).lineWidth(1).fillOpacity(10)
    .lineInterpolation(common.LineInterpolation.StepAfter)
    .showPoints(common.VisibilityMode.Never).axisSoftMin(0)
    .legend(legendBelow()).tooltip(allInTooltip());
  // So that a line of zeros lies at the bottom of a plain axis.
  return about.unit === 'short' ? panel.axisSoftMax(1) : panel;
}

/** Parts of a whole, one upon the other. */
export function stacked(panel: TimeSeries, mode = common.StackingMode.Normal): TimeSeries {
  return panel.fillOpacity(60).lineWidth(0)
    .stacking(new common.StackingConfigBuilder().mode(mode).group('A'));
}

export function bars(panel: TimeSeries): TimeSeries {
  return stacked(panel).drawStyle(common.GraphDrawStyle.Bars).fillOpacity(80);
}

export function stat(about: About, ...queries: DataqueryBuilder[]): Stat {
  return described(new Stat(), about, queries).reduceOptions(newest()).colorScheme(byThresholds())
    .colorMode(common.BigValueColorMode.Value).graphMode(common.BigValueGraphMode.None)
    .textMode(common.BigValueTextMode.Auto).justifyMode(common.BigValueJustifyMode.Auto)
    .wideLayout(true);
}

export function barGauge(about: About, ...queries: DataqueryBuilder[]): BarGauge {
  return described(new BarGauge(), about, queries).reduceOptions(newest()).colorScheme(byThresholds())
    .orientation(common.VizOrientation.Horizontal).displayMode(common.BarGaugeDisplayMode.Basic)
    .valueMode(common.BarGaugeValueMode.Color).showUnfilled(true).min(0)
    .namePlacement(common.BarGaugeNamePlacement.Left).sizing(common.BarGaugeSizing.Auto);
}

/** Bars with long names, which Grafana would make so large that it cuts them. */
export function withLongNames(panel: BarGauge): BarGauge {
  return panel.text(new common.VizTextDisplayOptionsBuilder().titleSize(12).valueSize(14));
}

export function table(about: About, ...queries: DataqueryBuilder[]): Table {
  return described(new Table(), about, queries).showHeader(true)
    .cellHeight(common.TableCellHeight.Sm).filterable(false);
}

export function stateTimeline(about: About, ...queries: DataqueryBuilder[]): StateTimeline {
  return described(new StateTimeline(), about, queries).colorScheme(byThresholds())
    .mergeValues(true).showValue(common.VisibilityMode.Never).rowHeight(0.8).fillOpacity(80)
    .lineWidth(0).legend(legendBelow()).tooltip(allInTooltip());
}

/** Shows these columns, in this order, under these names, and no others. */
export function columns(panel: Table, names: Record<string, string>, hidden: string[] = []): Table {
  const order = Object.keys(names);
  return panel
    .withTransformation({ id: 'merge', options: {} })
    .withTransformation({ id: 'organize', options: {
      excludeByName: Object.fromEntries(['Time', ...hidden].map((name) => [name, true])),
      indexByName: Object.fromEntries(order.map((name, index) => [name, index])),
      renameByName: names,
    } });
}

/** A column whose text or background is coloured. */
export const cell = (type: 'color-text' | 'color-background'): DynamicConfigValue =>
  ({ id: 'custom.cellOptions', value: { type } });

/** Each value of a label in its own colour, wherever it is in the legend. */
export function withColors(panel: TimeSeries, colors: Record<string, string>): TimeSeries {
  Object.entries(colors).forEach(([value, color]) =>
    panel.overrideByRegexp(`.*\\b${value}`, [colored(color)]));
  return panel;
}

/**
 * Bars that are red where they reach a limit, which is a query too: `limit` is
 * its refId, and its legend must be "limit". So is `end`, what a whole bar
 * stands for.
 */
export function againstLimit(panel: BarGauge, limit: string, end: string): BarGauge {
  const mapping = (refId: string, fieldName: string, handlerKey: string) => ({
    id: 'configFromData',
    options: { configRefId: refId, mappings: [{ fieldName, handlerKey, reducerId: 'lastNotNull',
      handlerArguments: { threshold: { color: 'red' } } }] },
  });
  return panel.withTransformation(mapping(limit, 'limit', 'threshold1'))
    .withTransformation(mapping(end, 'end', 'max'));
}
