// Usage: node draw.mjs DASHBOARDS ANSWERS FOLDER
// Bundles the preview, and writes a picture of each dashboard into FOLDER:
// drawn in headless Chromium, which may not reach any network.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { buildSync } from 'esbuild';

const [dashboards, answersFile, folder] = process.argv.slice(2);
const CHROMIUM = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync', '--hide-scrollbars',
  '--host-resolver-rules=MAP * ~NOTFOUND', '--allow-file-access-from-files', '--virtual-time-budget=20000'];
const WIDTH = 1440;

// Their ES modules do not bundle; the same code as CommonJS does.
const alias = Object.fromEntries(['data', 'schema', 'ui'].map((name) =>
  [`@grafana/${name}`, `./node_modules/@grafana/${name}/dist/cjs/index.cjs`]));

buildSync({
  entryPoints: ['src/main.jsx'], bundle: true, outfile: 'out/main.js', alias, minifyWhitespace: true,
  define: { 'process.env.NODE_ENV': '"production"' }, logLevel: 'error',
  loader: { '.svg': 'dataurl', '.ttf': 'dataurl', '.woff': 'dataurl', '.woff2': 'dataurl' },
});

function chromium(...words) {
  const profile = mkdtempSync(join(tmpdir(), 'preview-'));
  try {
    return execFileSync('chromium', [...CHROMIUM, `--user-data-dir=${profile}`, ...words],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 180_000, maxBuffer: 1 << 28 });
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

function page(dashboard, answers) {
  const data = JSON.stringify({ dashboard, answers }).replaceAll('<', '\\u003c');
  return `<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="main.css">
<style>body { margin: 0; font-family: Inter, "DejaVu Sans", sans-serif; }</style>
<div id="root"></div><script>Object.assign(window, ${data});</script><script src="main.js"></script>\n`;
}

/** The texts of panels that could not be drawn. */
const failures = (html) => [...html.matchAll(/<pre class="failure">([^<]*)/g)].map(([, text]) => text);

mkdirSync(folder, { recursive: true });
const all = JSON.parse(readFileSync(answersFile, 'utf8'));
for (const [name, answers] of Object.entries(all)) {
  const dashboard = JSON.parse(readFileSync(join(dashboards, `${name}.json`), 'utf8'));
  const file = join(process.cwd(), 'out', `${name}.html`);
  writeFileSync(file, page(dashboard, answers));
  const html = chromium('--dump-dom', `--window-size=${WIDTH},1000`, `file://${file}`);
  const height = Number(html.match(/id="page" style="[^"]*height: (\d+)px/)?.[1]);
  if (!height || failures(html).length) {
    console.error(`${name} could not be drawn:`, ...failures(html));
    process.exit(1);
  }
  chromium(`--screenshot=${join(folder, `${name}.png`)}`, `--window-size=${WIDTH},${height}`, `file://${file}`);
}
