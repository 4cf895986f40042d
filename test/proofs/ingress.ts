/** How requests come in: by which names, to which origin, and what of them the load balancer answers. */
import { interfaces } from '../../scripts/template/network';
import { all, expectCount, list, target, type Template, text, type Value } from '../../scripts/template/template';

const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const DISTRIBUTION = 'AWS::CloudFront::Distribution';

interface Distribution {
  readonly DistributionConfig: {
    readonly DefaultCacheBehavior?: { readonly ViewerProtocolPolicy?: string };
    readonly CacheBehaviors?: { readonly ViewerProtocolPolicy?: string }[];
    readonly Origins?: {
      readonly DomainName?: Value;
      readonly CustomOriginConfig?: { readonly OriginProtocolPolicy?: string };
      readonly VpcOriginConfig?: { readonly VpcOriginId?: Value };
      readonly OriginCustomHeaders?: { readonly HeaderName: string; readonly HeaderValue: Value }[];
    }[];
  };
}

interface VpcOrigin {
  readonly VpcOriginEndpointConfig?: { readonly Arn?: Value; readonly OriginProtocolPolicy?: string };
}

/** CloudFront hands on to the load balancer and nothing else, encrypted, and names lead to CloudFront. */
export function entrances(template: Template): string[] {
  const balancers = interfaces(template).filter(({ kind }) => kind === 'load balancer').map(({ id }) => id);
  const origins = new Map(all<VpcOrigin>(template, 'AWS::CloudFront::VpcOrigin').map(({ id, properties }) => [id, properties.VpcOriginEndpointConfig]));
  const distributions = all<Distribution>(template, DISTRIBUTION);
  const found = expectCount('distributions', distributions, 1);
  for (const { id, properties: { DistributionConfig: config } } of distributions) {
    for (const behavior of [config.DefaultCacheBehavior, ...list(config.CacheBehaviors)]) {
      if (!['redirect-to-https', 'https-only'].includes(behavior?.ViewerProtocolPolicy ?? '')) {
        found.push(`${id} answers without encryption`);
      }
    }
    for (const origin of list(config.Origins)) {
      const vpcOrigin = origin.VpcOriginConfig && origins.get(target(origin.VpcOriginConfig.VpcOriginId));
      if (!balancers.includes(target(origin.DomainName)) || (origin.VpcOriginConfig && !balancers.includes(target(vpcOrigin?.Arn)))) {
        found.push(`${id} hands requests on to ${text(origin.DomainName)}`);
      }
      if ((vpcOrigin ?? origin.CustomOriginConfig)?.OriginProtocolPolicy !== 'https-only') {
        found.push(`${id} hands requests on without encryption`);
      }
    }
  }
  const names = all<{ readonly AliasTarget?: { readonly DNSName?: Value }; readonly ResourceRecords?: Value }>(template, 'AWS::Route53::RecordSet');
  return [...found, ...names.filter(({ properties }) => !distributions.some(({ id }) => id === target(properties.AliasTarget?.DNSName)))
    .map(({ id }) => `${id} leads to ${text(names.find(each => each.id === id)?.properties.AliasTarget?.DNSName)}, which is not the distribution`)];
}

interface Listener {
  readonly LoadBalancerArn?: Value;
  readonly Port?: number;
  readonly Protocol?: string;
  readonly Certificates?: Value[];
  readonly DefaultActions?: Action[];
}

interface Action {
  readonly Type: string;
  readonly FixedResponseConfig?: { readonly StatusCode?: string };
}

interface ListenerRule {
  readonly Actions?: Action[];
  readonly Conditions?: { readonly HttpHeaderConfig?: { readonly HttpHeaderName?: string; readonly Values?: Value[] } }[];
}

export function listeners(template: Template): string[] {
  const found = all<Listener>(template, LISTENER);
  return [
    ...expectCount('listeners', found, 1),
    ...found.filter(({ properties }) => properties.Port !== 443 || properties.Protocol !== 'HTTPS' || list(properties.Certificates).length === 0)
      .map(({ id, properties }) => `${id} listens by ${properties.Protocol} on ${properties.Port}, with ${list(properties.Certificates).length} certificates`),
  ];
}

function isForbidden(actions: Action[] | undefined): boolean {
  return list(actions).length === 1 && list(actions).every(({ Type, FixedResponseConfig: answer }) => Type === 'fixed-response' && answer?.StatusCode === '403');
}

interface Secret {
  readonly GenerateSecretString?: { readonly PasswordLength?: number; readonly ExcludePunctuation?: boolean; readonly GenerateStringKey?: string };
}

/** The secrets whose whole value is long, and free of what a listener rule takes for wildcards, each as what stands for its value. */
function unguessable(template: Template): Set<string> {
  const isLongEnough = (length = 0) => length >= 32 && length <= 128;
  return new Set(all<Secret>(template, 'AWS::SecretsManager::Secret').filter(({ properties: { GenerateSecretString: made } }) =>
    made?.ExcludePunctuation === true && isLongEnough(made.PasswordLength) && made.GenerateStringKey === undefined)
    .map(({ id }) => `{{resolve:secretsmanager:\${${id}}:SecretString:::}}`));
}

export function answersWithoutHeader(template: Template): string[] {
  const secrets = unguessable(template);
  const defaults = all<Listener>(template, LISTENER).filter(({ properties }) => !isForbidden(properties.DefaultActions)).map(({ id }) => `${id}: its default is not 403`);
  const open = all<ListenerRule>(template, RULE).filter(({ properties }) => !isForbidden(properties.Actions) && !list(properties.Conditions)
    .some(({ HttpHeaderConfig: header }) => list(header?.Values).length > 0 && list(header?.Values).every(value => secrets.has(text(value)))));
  return [...defaults, ...open.map(({ id }) => `${id} forwards without a secret header`)];
}

/** What the distribution sends is accepted by every rule that forwards. */
export function sentHeader(template: Template): string[] {
  const sent = all<Distribution>(template, DISTRIBUTION).flatMap(({ properties }) => list(properties.DistributionConfig.Origins))
    .flatMap(origin => list(origin.OriginCustomHeaders)).map(({ HeaderName, HeaderValue }) => `${HeaderName.toLowerCase()}: ${text(HeaderValue)}`);
  const rules = all<ListenerRule>(template, RULE).filter(({ properties }) => !isForbidden(properties.Actions));
  const deaf = rules.filter(({ properties }) => !list(properties.Conditions).some(({ HttpHeaderConfig: header }) =>
    list(header?.Values).some(value => sent.includes(`${header?.HttpHeaderName?.toLowerCase()}: ${text(value)}`))));
  return [...expectCount('rules that forward', rules, 3), ...deaf.map(({ id }) => `${id} does not accept what the distribution sends`)];
}
