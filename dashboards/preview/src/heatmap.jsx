// A heatmap of buckets with `le`, simply: Grafana's is not in its package.

import React from 'react';
import { FieldType, getValueFormat, formattedValueToString } from '@grafana/data';

import { TimeAxis } from './axis';

const LEFT = 62;
const BOTTOM = 20;

/** From "up to" to "between", as Grafana does. */
function rowsOf(frames) {
  const sorted = frames.map((frame) => {
    const value = frame.fields.find(({ type }) => type === FieldType.number);
    const le = value.labels.le === '+Inf' ? Infinity : Number(value.labels.le);
    return { le, at: new Map(frame.fields[0].values.map((time, index) => [time, value.values[index]])) };
  }).sort((a, b) => a.le - b.le);
  return sorted.map((row, index) => ({ le: row.le, cells: [...row.at].map(([time, count]) =>
    [time, count - (sorted[index - 1]?.at.get(time) ?? 0)]) }));
}

export function Heatmap({ frames, width, height, context }) {
  const rows = rowsOf(frames);
  const most = Math.max(1, ...rows.flatMap(({ cells }) => cells.map(([, count]) => count)));
  const from = context.timeRange.from.valueOf();
  const to = context.timeRange.to.valueOf();
  const plotWidth = width - LEFT;
  const rowHeight = (height - BOTTOM) / rows.length;
  const step = (context.step * 1000 / (to - from)) * plotWidth;
  const top = (index) => height - BOTTOM - (index + 1) * rowHeight;
  return (
    <svg width={width} height={height}>
      {rows.map(({ le, cells }, index) => (
        <g key={le}>
          <text x={LEFT - 8} y={Math.max(11, top(index) + 4)} fontSize={11} textAnchor="end" fill={context.theme.colors.text.secondary}>
            {Number.isFinite(le) ? formattedValueToString(getValueFormat('s')(le)) : '+Inf'}
          </text>
          {cells.filter(([, count]) => count > 0).map(([time, count]) => (
            <rect key={time} x={LEFT + ((time - from) / (to - from)) * plotWidth - step} y={top(index) + 1}
              width={step + 0.5} height={rowHeight - 2} fill="#ff9830" fillOpacity={0.2 + 0.8 * (count / most)} />
          ))}
        </g>
      ))}
      <TimeAxis from={from} to={to} left={LEFT} width={plotWidth} y={height - 5} theme={context.theme} />
    </svg>
  );
}
