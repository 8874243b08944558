// The dashboard of one host: what holds its sessions, and what ends them.

import { dashboard } from './common/dashboard';
import { FLEET_UID, HOST_UID, toDashboard, toDocs } from './common/links';
import { FIRING, alerts } from './common/query';
import { findings } from './host/findings';
import { health } from './host/health';
import { layers } from './host/layers';
import { sessions } from './host/sessions';
import { settings } from './host/settings';
import { verdictRow } from './host/verdict';
import { wire } from './host/wire';

export const host = () => dashboard({
  uid: HOST_UID,
  title: 'SSH keepalive / Host',
  description: 'Whether SSH sessions of a host stay intact while idle, what would end them and when, and what is wrong with its settings. Of several instances it shows sums and the worst.',
  from: 'now-6h',
  allInstances: false,
  annotation: alerts(FIRING),
  links: [toDashboard('Fleet', FLEET_UID), toDocs()],
  rows: [verdictRow, layers, sessions, wire, findings, settings, health],
});
