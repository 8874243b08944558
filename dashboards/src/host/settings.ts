// The settings in force.

import type { Row } from '../common/dashboard';
import { BAD, GOOD, UNKNOWN, words } from '../common/looks';
import { cell, columns, table } from '../common/panels';
import { metric, rows } from '../common/query';

const global = 'scope="global"';
const by = (labels: string, expression: string) => rows(`max by (${labels}) (${expression})`);
const sysctl = (name: string) => by('netns', metric(`sysctl_${name}`));

const yes = words([0, 'no', BAD], [1, 'yes', GOOD]);
const stale = words([0, 'no', GOOD], [1, 'yes', BAD]);

export const settings: Row = {
  title: 'Settings in force',
  panels: [
    columns(table({ title: 'SSH daemons', unit: 'short', width: 14, height: 7,
      description: 'Each SSH daemon, and its settings outside Match blocks. Good: valid, not stale, and ClientAlive well below the time after which the path forgets. Empty cells are unknown.' },
    by('daemon, version, implementation', metric('sshd_info')),
    by('daemon', metric('sshd_config_valid')),
    by('daemon', metric('sshd_config_stale')),
    by('daemon', metric('sshd_client_alive_interval_seconds', global)),
    by('daemon', metric('sshd_client_alive_count_max', global)),
    by('daemon', metric('sshd_tcp_keepalive_enabled', global))), {
      'daemon': 'Daemon', 'implementation': 'Program', 'version': 'Version', 'Value #B': 'Valid', 'Value #C': 'Stale',
      'Value #D': 'ClientAlive', 'Value #E': 'CountMax', 'Value #F': 'TCPKeepAlive',
    }, ['Value #A'])
      .overrideByName('Version', [{ id: 'custom.width', value: 170 }])
      .overrideByName('Valid', [{ id: 'custom.width', value: 70 }, { id: 'mappings', value: [yes] }, cell('color-text')])
      .overrideByName('Stale', [{ id: 'custom.width', value: 70 }, { id: 'mappings', value: [stale] }, cell('color-text')])
      .overrideByName('TCPKeepAlive', [{ id: 'custom.width', value: 120 }, { id: 'mappings', value: [yes] }, cell('color-text')])
      .overrideByName('ClientAlive', [{ id: 'unit', value: 's' },
        { id: 'mappings', value: [words([0, 'off', UNKNOWN])] }]),
    columns(table({ title: 'Kernel', unit: 'short', width: 10, height: 7,
      description: 'The kernel\'s settings for each network namespace with an sshd or sessions. Good: the same everywhere, and a keepalive time (Time) below the time after which the path forgets.' },
    sysctl('tcp_keepalive_time_seconds'), sysctl('tcp_keepalive_intvl_seconds'),
    sysctl('tcp_keepalive_probes'), sysctl('tcp_retries2'),
    sysctl('nf_conntrack_tcp_timeout_established_seconds')), {
      'netns': 'Namespace', 'Value #A': 'Time', 'Value #B': 'Interval', 'Value #C': 'Probes',
      'Value #D': 'retries2', 'Value #E': 'Conntrack',
    })
      .overrideByName('Namespace', [{ id: 'custom.width', value: 110 }])
      .overrideByName('Time', [{ id: 'unit', value: 's' }])
      .overrideByName('Interval', [{ id: 'unit', value: 's' }])
      .overrideByName('Conntrack', [{ id: 'unit', value: 's' }]),
  ],
};
