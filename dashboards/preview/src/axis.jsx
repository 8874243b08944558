// A time axis for what is drawn without Grafana's components.

import React from 'react';
import { dateTimeFormat } from '@grafana/data';

export function TimeAxis({ from, to, left, width, y, theme }) {
  const hours = (to - from) / 3600e3;
  const every = hours > 12 ? 4 : 1;
  const first = Math.ceil(from / (every * 3600e3)) * every * 3600e3;
  const ticks = [];
  for (let time = first; time <= to; time += every * 3600e3) {
    ticks.push(time);
  }
  return ticks.map((time) => (
    <text key={time} x={left + ((time - from) / (to - from)) * width} y={y} fontSize={11} textAnchor="middle"
      fill={theme.colors.text.secondary}>
      {dateTimeFormat(time, { timeZone: 'utc', format: 'HH:mm' })}
    </text>
  ));
}
