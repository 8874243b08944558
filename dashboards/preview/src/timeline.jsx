// A state timeline, simply: Grafana's is not in its package.

import React from 'react';
import { FieldType, getFieldDisplayName } from '@grafana/data';

import { TimeAxis } from './axis';

const BOTTOM = 20;

export function StateTimeline({ frames, width, height, context }) {
  const from = context.timeRange.from.valueOf();
  const to = context.timeRange.to.valueOf();
  const names = frames.map((frame) => getFieldDisplayName(frame.fields.find(({ type }) => type === FieldType.number), frame));
  const left = 16 + 6.3 * Math.max(...names.map(({ length }) => length));
  const plotWidth = width - left - 8;
  const rowHeight = (height - BOTTOM) / frames.length;
  const x = (time) => left + ((time - from) / (to - from)) * plotWidth;
  const step = (context.step * 1000 / (to - from)) * plotWidth;
  return (
    <svg width={width} height={height}>
      {frames.map((frame, index) => {
        const value = frame.fields.find(({ type }) => type === FieldType.number);
        const y = index * rowHeight;
        return (
          <g key={frame.name}>
            <text x={left - 8} y={y + rowHeight / 2 + 4} fontSize={11} textAnchor="end"
              fill={context.theme.colors.text.secondary}>
              {names[index]}
            </text>
            {frame.fields[0].values.map((time, at) => (
              <rect key={time} x={x(time) - step} y={y + rowHeight * 0.1} width={step + 0.5} height={rowHeight * 0.8}
                fill={value.display(value.values[at]).color} fillOpacity={0.8} />
            ))}
          </g>
        );
      })}
      <TimeAxis from={from} to={to} left={left} width={plotWidth} y={height - 5} theme={context.theme} />
    </svg>
  );
}
