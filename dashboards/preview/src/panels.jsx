// A component for each type of panel, of Grafana's own where its package has it.

import React from 'react';
import { FieldColorModeId, FieldType, getDisplayProcessor, getDisplayValueAlignmentFactors, getFieldDisplayValues } from '@grafana/data';
import { BarGauge, BigValue, Table, TimeSeries } from '@grafana/ui';

import { Heatmap } from './heatmap';
import { StateTimeline } from './timeline';

const noData = (panel) => (
  <div style={{ height: '100%', display: 'flex', alignItems: 'center', justifyContent: 'center', opacity: 0.7 }}>
    {panel.fieldConfig.defaults.noValue ?? 'No data'}
  </div>
);

/** What Grafana's panel does before it draws: lines know no infinity. */
function graphable(frames, theme) {
  let series = 0;
  return frames.map((frame) => ({ ...frame, fields: frame.fields.map((field) => {
    if (field.type !== FieldType.number) {
      return field;
    }
    const index = series++;
    const custom = { axisPlacement: 'auto', hideFrom: { viz: false, legend: false, tooltip: false }, ...field.config.custom };
    const color = field.config.color ?? { mode: FieldColorModeId.PaletteClassic };
    const copy = { ...field, config: { ...field.config, custom, color }, state: { ...field.state, seriesIndex: index },
      values: field.values.map((value) => (Number.isFinite(value) ? value : null)) };
    copy.display = getDisplayProcessor({ field: copy, theme, timeZone: 'utc' });
    return copy;
  }) }));
}

/** Alerts as dashed lines, where they begin. */
function markBeginnings(builder, annotations, stepSeconds) {
  builder.addHook('draw', (plot) => {
    const { ctx, bbox } = plot;
    ctx.save();
    ctx.strokeStyle = 'rgba(242, 73, 92, 0.9)';
    ctx.setLineDash([4, 4]);
    annotations.forEach(({ values }) => values.forEach(([time], index) => {
      if (index > 0 && time - values[index - 1][0] <= 2 * stepSeconds) {
        return;
      }
      const x = plot.valToPos(time * 1000, 'x', true);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      ctx.stroke();
    }));
    ctx.restore();
  });
}

function Graph({ panel, frames, width, height, context }) {
  const ready = graphable(frames, context.theme);
  const marked = React.useRef(null);
  return (
    <TimeSeries width={width} height={height} frames={ready} timeRange={context.timeRange} timeZone="utc"
      structureRev={1} legend={panel.options.legend} options={panel.options}>
      {(builder) => {
        if (marked.current !== builder) {
          marked.current = builder;
          markBeginnings(builder, context.annotations, context.step);
        }
        return null;
      }}
    </TimeSeries>
  );
}

const displayed = (panel, frames, context) => getFieldDisplayValues({
  fieldConfig: panel.fieldConfig, reduceOptions: panel.options.reduceOptions, replaceVariables: (text) => text,
  theme: context.theme, data: frames, sparkline: false, timeZone: 'utc',
});

function Stat({ panel, frames, width, height, context }) {
  const values = displayed(panel, frames, context);
  const below = panel.options.orientation === 'horizontal';
  const share = (size) => Math.floor((size - 4 * (values.length - 1)) / values.length);
  return (
    <div style={{ display: 'flex', flexDirection: below ? 'column' : 'row', gap: 4 }}>
      {values.map(({ display }, index) => (
        <BigValue key={index} width={below ? width : share(width)} height={below ? share(height) : height} theme={context.theme} value={display} count={values.length}
          colorMode={panel.options.colorMode} graphMode={panel.options.graphMode} justifyMode={panel.options.justifyMode}
          textMode={values.length > 1 ? 'value_and_name' : 'value'} wideLayout={panel.options.wideLayout} />
      ))}
    </div>
  );
}

function Bars({ panel, frames, width, height, context }) {
  const values = displayed(panel, frames, context);
  const gap = 8;
  const each = Math.min(48, Math.floor((height - gap * (values.length - 1)) / values.length));
  const widest = getDisplayValueAlignmentFactors(values);
  return (
    <div style={{ display: 'flex', flexDirection: 'column', gap }}>
      {values.map(({ display, field, view, colIndex }, index) => (
        <BarGauge key={index} width={width} height={each} theme={context.theme} value={display} field={field}
          display={view?.getFieldDisplayProcessor(colIndex)} orientation="horizontal" displayMode={panel.options.displayMode}
          valueDisplayMode={panel.options.valueMode} showUnfilled={panel.options.showUnfilled}
          namePlacement={panel.options.namePlacement} text={panel.options.text}
          alignmentFactors={widest} />
      ))}
    </div>
  );
}

function Rows({ frames, width, height }) {
  const [frame] = frames;
  return <Table width={width} height={height} data={frame} columnMinWidth={70} cellHeight="sm" />;
}

const COMPONENTS = { timeseries: Graph, stat: Stat, bargauge: Bars, table: Rows, heatmap: Heatmap,
  'state-timeline': StateTimeline };

export function PanelBody({ panel, frames, width, height, context }) {
  if (!frames.some((frame) => frame.length > 0)) {
    return noData(panel);
  }
  const Component = COMPONENTS[panel.type];
  return <Component panel={panel} frames={frames} width={width} height={height} context={context} />;
}
