// Writes the dashboards into the folder that is named.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { fleet } from './fleet';
import { host } from './host';

const folder = process.argv[2];
if (!folder) {
  console.error('Usage: node main.js FOLDER');
  process.exit(64);
}
for (const dashboard of [fleet(), host()]) {
  writeFileSync(join(folder, `${dashboard.uid}.json`), `${JSON.stringify(dashboard, null, 2)}\n`);
}
