// Where panels lead to: the other dashboard, runbooks and the pages of docs.

import { DashboardLinkBuilder, DashboardLinkType,
  type DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';

export const FLEET_UID = 'ssh-keepalive-fleet';
export const HOST_UID = 'ssh-keepalive-host';

const DOCS = 'https://github.com/ssh-keepalive-exporter/ssh_keepalive_exporter/blob/main/docs';

const hostOf = (instance: string) =>
  `/d/${HOST_UID}/?\${datasource:queryparam}&\${job:queryparam}&var-instance=${instance}&\${__url_time_range}`;

function dataLink(title: string, url: string, targetBlank: boolean): DynamicConfigValue {
  return { id: 'links', value: [{ title, url, targetBlank }] };
}

/** Of a column of instances. */
export const toHost = () => dataLink('This host', hostOf('${__value.raw}'), false);

/** Of series that have a label `instance`. */
export const seriesToHost = () => new DashboardLinkBuilder('This host')
  .type(DashboardLinkType.Link).url(hostOf('${__field.labels.instance}'));

/** Of a column of names of alerts. */
export const toRunbook = () =>
  dataLink('Runbook', `${DOCS}/runbooks/\${__value.raw}.md`, true);

/** Of a column of names of checks. */
export const toCheck = () => dataLink('What this check means', `${DOCS}/checks.md#\${__value.raw}`, true);

export function toDashboard(title: string, uid: string): DashboardLinkBuilder {
  return new DashboardLinkBuilder(title).type(DashboardLinkType.Link).icon('dashboard')
    .tooltip(title).url(`/d/${uid}/`).includeVars(true).keepTime(true).targetBlank(false)
    .asDropdown(false);
}

export function toDocs(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Documentation').type(DashboardLinkType.Link).icon('doc')
    .tooltip('What each dashboard and row answers').url(`${DOCS}/dashboards.md`)
    .includeVars(false).keepTime(false).targetBlank(true).asDropdown(false);
}
