import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Annotations } from 'aws-cdk-lib/core';
import type { Construct } from 'constructs';
import { resolveDatabase } from './database/database-settings';
import { requireCertificates } from './edge/certificates';
import { requireUsEast1Stack, resolveEdge, resolveWaf } from './edge/edge-settings';
import { type CheckedHost, checkerRegions, warnOfNoChecks } from './monitoring/checker-regions';
import { resolveMonitoring } from './monitoring/monitoring-settings';
import { OkyEndpoints } from './network/network-options';
import { resolveNetwork } from './network/network-settings';
import type { OkyBackendProps } from './oky-backend-props';
import { resolveOperators } from './operators/operators-settings';
import { requireOwnPrefix } from './private/deployments';
import { resolveAdditionalHosts, resolveHosts } from './private/domains';
import { requireGivenResources } from './private/given-resources';
import { PhysicalNames, requireRepositories } from './private/names';
import { requireStackRegion } from './private/regions';
import { conflict } from './private/validation';
import type { OkyServiceOptions } from './service/service-options';
import { resolveService, type ServiceSettings } from './service/service-settings';

/** The props of a deployment, checked and with their defaults in place: what the modules are built from. */
export type Settings = ReturnType<typeof resolveSettings>;

interface OutsideInputs {
  readonly hosts: { readonly api: string; readonly cms: string };
  readonly api: ServiceSettings;
  readonly cms: ServiceSettings;
}

/** Checks everything before anything is made. Warnings go to the scope. */
export function resolveSettings(scope: Construct, props: OkyBackendProps) {
  requireStackRegion(scope);
  const names = new PhysicalNames(props.namePrefix ?? 'project-oky');
  requireOwnPrefix(scope, names.prefix);
  const hosts = resolveHosts(props);
  const network = resolveNetwork(scope, props.network ?? {});
  const edge = resolveEdge(scope, props.edge ?? {});
  const waf = props.waf && resolveWaf(props.waf);
  warnOfOneZone(scope, props);
  warnOfNoCredentials(scope, props);
  const additionalHosts = resolveAdditionalHosts(props.edge?.additionalHosts, hosts);
  requireCertificates(scope, props, Object.values(hosts), additionalHosts);
  requireGivenResources(scope, props);
  requireUsEast1Stack(scope, props);
  requireRepositories(names, props.api, props.cms);
  const database = resolveDatabase(scope, props.database ?? {});
  requireSqlTask(database.sqlTask, props.api);
  const operators = resolveOperators(scope, props.operators ?? {}, database.sqlTask);
  const deletionProtection = props.deletionProtection ?? true;
  const highAvailability = props.highAvailability ?? false;
  const choices = {
    highAvailability,
    scaling: props.scaling,
    databasePauses: !database.instanceType && database.minCapacity === 0,
  };
  const api = resolveService(scope, 'api', props.api ?? {}, choices);
  const cms = resolveService(scope, 'cms', props.cms ?? {}, choices);
  return {
    names,
    hosts,
    additionalHosts,
    network,
    edge,
    database,
    highAvailability,
    api,
    cms,
    waf,
    monitoring: props.monitoring && resolveMonitoring(scope, props.monitoring),
    outside: resolveOutside(scope, props, { hosts, api, cms }),
    operators,
    deletionProtection,
    usEast1Stack: { terminationProtection: deletionProtection, synthesizer: edge.synthesizer },
    hostedZone: props.hostedZone,
    certificate: props.certificate,
    edgeCertificate: props.edgeCertificate,
    configBucket: props.configBucket,
    encryptionKey: props.encryptionKey,
    containerInsights: props.containerInsights ?? true,
    logRetention: props.logRetention ?? RetentionDays.ONE_WEEK,
  };
}

/** What is asked from outside, and from where: hosts that have tasks, and that answer to anyone. */
function resolveOutside(scope: Construct, { monitoring, edge, waf }: OkyBackendProps, { hosts, api, cms }: OutsideInputs) {
  const runs = ({ hasImage, desiredCount }: ServiceSettings) => hasImage && desiredCount !== 0;
  const checked: (CheckedHost | false)[] = [
    runs(api) && { id: 'ApiOutside', title: 'API', host: hosts.api, path: api.healthCheckPath },
    runs(cms) && waf?.cmsAllowedCidrs === undefined && { id: 'CmsOutside', title: 'CMS', host: hosts.cms, path: cms.healthCheckPath },
  ];
  const regions = checkerRegions(edge?.geoRestriction);
  if (monitoring && !regions) {
    warnOfNoChecks(scope);
  }
  return { hosts: checked.filter(each => each !== false), regions };
}

/** The task has no image of its own. */
function requireSqlTask(sqlTask: boolean, { image, imageTag, imageTagParameter }: OkyServiceOptions = {}): void {
  if (sqlTask && [image, imageTag, imageTagParameter].every(given => given === undefined)) {
    throw conflict('database.sqlTask', 'no image of the API', 'the task runs in that image: push one and set api.imageTag, or leave database.sqlTask out until then');
  }
}

function warnOfOneZone(scope: Construct, { highAvailability, network }: OkyBackendProps): void {
  if (highAvailability && network?.endpoints === OkyEndpoints.ONE_ZONE) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:endpointsInOneZone',
      'highAvailability is true, but network.endpoints is ONE_ZONE: with that zone the tasks in all zones lose images, secrets and logs; use ALL_ZONES');
  }
}

/** A way out is for Google alone, and without credentials it is of no use, as silently as none. */
function warnOfNoCredentials(scope: Construct, { network, cms = {} }: OkyBackendProps): void {
  const isGiven = cms.googleCredentials !== undefined
    || [cms.environment, cms.secrets].some(variables => variables?.GOOGLE_APPLICATION_CREDENTIALS !== undefined);
  // They may be in the image, for what isn't seen here.
  const isUnknown = cms.command !== undefined || (cms.environmentFileKey !== undefined && cms.environmentFile === undefined);
  if (network?.egress?._bind() && !isGiven && !isUnknown) {
    Annotations.of(scope).addWarningV2('cdk-oky-backend:noGoogleCredentials',
      'network.egress gives the CMS a way out, but it has no credentials of Google: push messages and voice-over uploads fail, and it still reports a push '
      + 'message as sent; give cms.googleCredentials, or leave network.egress out');
  }
}
