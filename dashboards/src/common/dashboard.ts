// What both dashboards have: variables, annotations, ids, places.

import { AnnotationQueryBuilder, DashboardBuilder, DashboardCursorSync, DatasourceVariableBuilder,
  QueryVariableBuilder, RowBuilder, VariableRefresh, VariableSort, type Dashboard, type DashboardLinkBuilder,
  type Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';

import { DATASOURCE } from './query';

export interface Row {
  title: string;
  panels: Builder<Panel>[];
}

export interface Description {
  uid: string;
  title: string;
  description: string;
  /** How far back it looks. */
  from: string;
  /** Whether it is for all instances unless one is chosen. */
  allInstances: boolean;
  /** Alerts that are drawn into the graphs. */
  annotation: string;
  links: DashboardLinkBuilder[];
  rows: Row[];
}

function variable(name: string, label: string, query: string, all: boolean): QueryVariableBuilder {
  const builder = new QueryVariableBuilder(name).label(label).query(query)
    .datasource(DATASOURCE).multi(true).includeAll(true).allValue('.+')
    .refresh(VariableRefresh.OnTimeRangeChanged).sort(VariableSort.NaturalAsc);
  return all ? builder.current({ text: 'All', value: '$__all', selected: true }) : builder;
}

function alertsInGraphs(expression: string): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder().name('Alerts').datasource(DATASOURCE).enable(true).hide(false)
    .iconColor('red').expr(expression).titleFormat('{{alertname}}')
    .textFormat('{{severity}} {{instance}} {{check}}').tagKeys('severity').step('60s');
}

/** From left to right, then down; heights of a line are its highest panel's. */
function place(panels: Builder<Panel>[], top: number, built: Panel[]): number {
  let x = 0;
  let y = top;
  let height = 0;
  panels.map((panel) => panel.build()).forEach((panel) => {
    const grid = panel.gridPos!;
    if (x + grid.w > 24) {
      x = 0;
      y += height;
      height = 0;
    }
    grid.x = x;
    grid.y = y;
    x += grid.w;
    height = Math.max(height, grid.h);
    built.push(panel);
  });
  return y + height;
}

export function dashboard(of: Description): Dashboard {
  const builder = new DashboardBuilder(of.title).uid(of.uid).description(of.description)
    .tags(['ssh', 'ssh-keepalive']).readonly().tooltip(DashboardCursorSync.Crosshair)
    .time({ from: of.from, to: 'now' }).timezone('browser').refresh('1m').links(of.links)
    .annotations([alertsInGraphs(of.annotation)])
    .variables([
      new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
      variable('job', 'Job', 'label_values(ssh_keepalive_exporter_build_info, job)', true),
      variable('instance', 'Instance',
        'label_values(ssh_keepalive_exporter_build_info{job=~"$job"}, instance)', of.allInstances),
    ]);
  const result = builder.build();
  const panels: NonNullable<Dashboard['panels']> = [];
  let y = 0;
  of.rows.forEach((row) => {
    panels.push(new RowBuilder(row.title).gridPos({ x: 0, y, w: 24, h: 1 }).build());
    const built: Panel[] = [];
    y = place(row.panels, y + 1, built);
    panels.push(...built);
  });
  panels.forEach((panel, index) => { panel.id = index + 1; });
  result.panels = panels;
  return result;
}
