// Draws one dashboard: window.dashboard with window.answers, as Grafana would.

import 'uplot/dist/uPlot.min.css';
import React from 'react';
import { createRoot } from 'react-dom/client';
import { createTheme, dateTime } from '@grafana/data';
import { GlobalStyles, PanelChrome, ThemeContext } from '@grafana/ui';

import { framesOf } from './frames';
import { PanelBody } from './panels';

const { dashboard, answers } = window;
const theme = createTheme({ colors: { mode: 'dark' } });
// Grafana's grid: 24 columns, rows of 30 pixels, and gaps of 8.
const WIDTH = 1440;
const CELL = (WIDTH - 16) / 24;
const ROW = 38;
const GAP = 8;

const moment = (seconds) => dateTime(seconds * 1000);
const context = {
  theme,
  annotations: answers.annotations,
  step: answers.step,
  timeRange: { from: moment(answers.from), to: moment(answers.to), raw: { from: moment(answers.from), to: moment(answers.to) } },
};

class Guard extends React.Component {
  state = {};

  static getDerivedStateFromError(error) {
    return { error };
  }

  render() {
    return this.state.error ? <pre className="failure">{String(this.state.error.stack)}</pre> : this.props.children;
  }
}

function Panel({ panel }) {
  const { x, y, w, h } = panel.gridPos;
  const place = { position: 'absolute', left: 8 + x * CELL, top: 48 + y * ROW, width: w * CELL - GAP, height: h * ROW - GAP };
  if (panel.type === 'row') {
    return <div style={{ ...place, fontSize: 16, fontWeight: 500, paddingTop: 6 }}>{`⌄ ${panel.title}`}</div>;
  }
  const frames = framesOf(panel, answers.answers[panel.id], theme, answers.step * 1000);
  return (
    <div style={place}>
      <PanelChrome title={panel.title} description={panel.description} width={place.width} height={place.height}>
        {(width, height) => (
          <Guard><PanelBody panel={panel} frames={frames} width={width} height={height} context={context} /></Guard>
        )}
      </PanelChrome>
    </div>
  );
}

function Page() {
  const bottom = Math.max(...dashboard.panels.map(({ gridPos }) => gridPos.y + gridPos.h));
  const { job, instance } = answers.variables;
  return (
    <ThemeContext.Provider value={theme}>
      <GlobalStyles hackNoBackdropBlur={true} isExtensionSidebarOpen={false} />
      <div id="page" style={{ position: 'relative', width: WIDTH, height: 48 + bottom * ROW + 8, background: theme.colors.background.canvas }}>
        <div style={{ padding: '14px 12px', fontSize: 16 }}>
          <b>{dashboard.title}</b>
          <span style={{ opacity: 0.7 }}>{`  ·  Job ${job}  ·  Instance ${instance}`}</span>
        </div>
        {dashboard.panels.map((panel) => <Panel key={panel.id} panel={panel} />)}
      </div>
    </ThemeContext.Provider>
  );
}

createRoot(document.getElementById('root')).render(<Guard><Page /></Guard>);
