// The dashboard of all instances: is the fleet intact, and where is it not?

import { dashboard } from './common/dashboard';
import { FLEET_UID, HOST_UID, toDashboard, toDocs } from './common/links';
import { sessionEnds } from './fleet/ends';
import { exporters } from './fleet/exporters';
import { findingsOfFleet } from './fleet/findings';
import { hosts } from './fleet/hosts';
import { overview } from './fleet/overview';
import { versions } from './fleet/versions';

export const fleet = () => dashboard({
  uid: FLEET_UID,
  title: 'SSH keepalive / Fleet',
  description: 'Whether SSH sessions of all hosts stay intact while idle, and which hosts, checks and versions are the reason where they do not.',
  from: 'now-24h',
  allInstances: true,
  // Alerts of the whole fleet have no instance.
  annotation: 'ALERTS{alertname=~"SSHKeepalive.+", alertstate="firing", severity="critical", job=~"$job", instance=~"($instance)|"}',
  links: [toDashboard('Host', HOST_UID), toDocs()],
  rows: [overview, hosts, sessionEnds, findingsOfFleet, versions, exporters],
});
