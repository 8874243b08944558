// Which programs run, and what is odd about them: docs/openssh_versions.md.

import type { Row } from '../common/dashboard';
import { NEUTRAL, plain } from '../common/looks';
import { barGauge, columns, table } from '../common/panels';
import { metric, now, rows } from '../common/query';

/** Regular expressions of Debian's versions, and what such an sshd does. The last that matches counts. */
const QUIRKS: [version: string, quirk: string][] = [
  ['(.*:)?([0-8][.].*|9[.][01]p.*)', 'no ChannelTimeout and no UnusedConnectionTimeout'],
  ['(.*:)?(9[.][5-9]p.*|[1-9][0-9][.].*)', 'ClientAlive starved by output'],
  ['(.*:)?9[.][234]p.*', 'ClientAlive up to twice its interval, starved by output'],
];

const daemons = `count by (implementation, version) (${metric('sshd_info')})`;
const withQuirks = QUIRKS.reduce((expression, [version, quirk]) =>
  `label_replace(${expression}, "quirk", "${quirk}", "version", "${version}")`, daemons);

export const versions: Row = {
  title: 'Versions',
  panels: [
    columns(table({ title: 'SSH daemons and their known quirks', unit: 'short', width: 16, height: 8,
      description: 'Running SSH daemons by version of their package. Good: few versions, and intervals that allow for their quirks (docs/checks.md: client_alive_doubled, client_alive_starved). No version: a program that is no package\'s, or a package database that may not be read.' },
    rows(withQuirks)),
    { implementation: 'Daemon', version: 'Version', quirk: 'Known quirk', Value: 'Running' })
      .overrideByName('Daemon', [{ id: 'custom.width', value: 110 }])
      .overrideByName('Version', [{ id: 'custom.width', value: 190 }])
      .overrideByName('Running', [{ id: 'custom.width', value: 90 }]),
    barGauge({ title: 'Exporters by version', unit: 'short', width: 8, height: 8,
      description: 'Instances by version of this exporter. Good: one version, or two during a rollout.' },
    now(`count by (version) (${metric('exporter_build_info')})`, '{{version}}')).colorScheme(plain(NEUTRAL)),
  ],
};
