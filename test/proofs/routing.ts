/**
 * Which service answers a request: what CloudFront and the load balancer would make of the distribution and the listener
 * rules in a template. TLS and the web ACL are not followed: they refuse more, and forward nothing that this would not.
 */
import { all, isObject, list, matchesWildcards, target, type Template, text, type Value } from '../../scripts/template/template';

export interface Request {
  readonly host: string;
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly scheme?: 'http' | 'https';
}

/** The name of the container that answers, or who refuses and how. */
export type Answer = string;

interface Behavior {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
  readonly ViewerProtocolPolicy: string;
  readonly AllowedMethods?: string[];
  readonly OriginRequestPolicyId?: string;
  readonly CachePolicyId?: Value;
}

interface CachePolicy {
  readonly CachePolicyConfig: {
    readonly ParametersInCacheKeyAndForwardedToOrigin: { readonly HeadersConfig: { readonly Headers?: string[] } };
  };
}

interface Distribution {
  readonly DistributionConfig: {
    readonly Aliases?: string[];
    readonly DefaultCacheBehavior: Behavior;
    readonly CacheBehaviors?: Behavior[];
    readonly Origins: {
      readonly Id: string;
      readonly DomainName: Value;
      readonly OriginCustomHeaders?: { readonly HeaderName: string; readonly HeaderValue: Value }[];
    }[];
  };
}

/** The managed policies, by what they tell the origin of the viewer's host. */
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';
const ALL_VIEWER_EXCEPT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

function distribution(template: Template): Distribution['DistributionConfig'] {
  const found = all<Distribution>(template, 'AWS::CloudFront::Distribution');
  if (found.length !== 1) {
    throw new Error(`${found.length} distributions, not 1`);
  }
  return found[0].properties.DistributionConfig;
}

/** What is part of the key goes to the origin, whatever the other policy says. */
function headersInKey(template: Template, behavior: Behavior): string[] {
  const policy = all<CachePolicy>(template, 'AWS::CloudFront::CachePolicy').find(({ id }) => id === target(behavior.CachePolicyId));
  return list(policy?.properties.CachePolicyConfig.ParametersInCacheKeyAndForwardedToOrigin.HeadersConfig.Headers).map(name => name.toLowerCase());
}

/** The headers that the distribution adds, with what stands for the value of a secret. */
export function sentHeaders(template: Template): Record<string, string> {
  return Object.fromEntries(distribution(template).Origins.flatMap(origin => list(origin.OriginCustomHeaders))
    .map(({ HeaderName, HeaderValue }) => [HeaderName, text(HeaderValue)]));
}

/** A request from the internet to CloudFront. */
export function throughCloudFront(template: Template, request: Request): Answer {
  const { host, path = '/', method = 'GET', headers = {}, scheme = 'https' } = request;
  const config = distribution(template);
  // Its own domain leads to a distribution as well as its aliases do.
  const isOurs = [...list(config.Aliases), 'd*.cloudfront.net'].some(alias => matchesWildcards(alias.toLowerCase(), host.toLowerCase()));
  if (!isOurs) {
    return 'not this distribution';
  }
  const special = list(config.CacheBehaviors).find(({ PathPattern }) => PathPattern !== undefined && matchesWildcards(PathPattern, path));
  const behavior = special ?? config.DefaultCacheBehavior;
  if (!(behavior.AllowedMethods ?? ['GET', 'HEAD']).includes(method)) {
    return '403 by CloudFront';
  }
  if (scheme === 'http' && behavior.ViewerProtocolPolicy !== 'allow-all') {
    return behavior.ViewerProtocolPolicy === 'redirect-to-https' ? 'redirect to https' : '403 by CloudFront';
  }
  const origin = config.Origins.find(({ Id }) => Id === behavior.TargetOriginId);
  if (!origin) {
    throw new Error(`no origin ${behavior.TargetOriginId}`);
  }
  const inKey = headersInKey(template, behavior);
  const isForwarded = behavior.OriginRequestPolicyId === ALL_VIEWER || behavior.OriginRequestPolicyId === ALL_VIEWER_EXCEPT_HOST;
  const forwarded = Object.entries(lowerCase(headers)).filter(([name]) => isForwarded || inKey.includes(name));
  // A header that the distribution adds takes the place of one of that name in the request.
  return atLoadBalancer(template, {
    host: behavior.OriginRequestPolicyId === ALL_VIEWER || inKey.includes('host') ? host : text(origin.DomainName),
    path,
    method,
    headers: { ...Object.fromEntries(forwarded), ...lowerCase(sentHeaders(template)) },
  });
}

function lowerCase(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}

interface Listener {
  readonly Port?: number;
  readonly DefaultActions?: Action[];
}

interface Rule {
  readonly ListenerArn?: Value;
  readonly Priority?: number;
  readonly Conditions?: Condition[];
  readonly Actions?: Action[];
}

interface Action {
  readonly Type: string;
  readonly Order?: number;
  readonly TargetGroupArn?: Value;
  readonly ForwardConfig?: { readonly TargetGroups?: { readonly TargetGroupArn?: Value; readonly Weight?: number }[] };
  readonly FixedResponseConfig?: { readonly StatusCode: string };
  readonly RedirectConfig?: { readonly StatusCode: string };
}

interface Condition {
  readonly Field: string;
  readonly Values?: Value[];
  readonly HostHeaderConfig?: { readonly Values?: Value[] };
  readonly PathPatternConfig?: { readonly Values?: Value[] };
  readonly HttpHeaderConfig?: { readonly HttpHeaderName?: string; readonly Values?: Value[] };
  readonly HttpRequestMethodConfig?: { readonly Values?: Value[] };
}

/** A request to the load balancer itself: from any distribution, ours or another's. */
export function atLoadBalancer(template: Template, request: Request, port = 443): Answer {
  const listener = all<Listener>(template, 'AWS::ElasticLoadBalancingV2::Listener').find(({ properties }) => properties.Port === port);
  if (!listener) {
    return 'nobody listens';
  }
  const rules = all<Rule>(template, 'AWS::ElasticLoadBalancingV2::ListenerRule').map(({ properties }) => properties)
    .filter(({ ListenerArn }) => target(ListenerArn) === listener.id).sort((a, b) => Number(a.Priority) - Number(b.Priority));
  // All conditions of a rule must hold, and the first rule of which they do decides.
  const matching = rules.find(({ Conditions }) => list(Conditions).every(condition => holds(condition, request)));
  return perform(template, matching ? matching.Actions : listener.properties.DefaultActions);
}

/** @see https://docs.aws.amazon.com/elasticloadbalancing/latest/application/rule-condition-types.html */
function holds(condition: Condition, { host, path = '/', method = 'GET', headers = {} }: Request): boolean {
  const matchesAny = (values: Value[] | undefined, value: string | undefined) => value !== undefined
    && list(values).some(pattern => matchesWildcards(text(pattern).toLowerCase(), value.toLowerCase()));
  switch (condition.Field) {
    case 'host-header':
      return matchesAny(condition.HostHeaderConfig?.Values ?? condition.Values, host);
    case 'http-header':
      return matchesAny(condition.HttpHeaderConfig?.Values, lowerCase(headers)[condition.HttpHeaderConfig?.HttpHeaderName?.toLowerCase() ?? '']);
    case 'path-pattern':
      // Paths, unlike hosts and headers, are compared with regard to case.
      return list(condition.PathPatternConfig?.Values ?? condition.Values).some(pattern => matchesWildcards(text(pattern), path));
    case 'http-request-method':
      return list(condition.HttpRequestMethodConfig?.Values).map(text).includes(method);
    default:
      throw new Error(`a condition on ${condition.Field} can't be evaluated`);
  }
}

function perform(template: Template, actions: Action[] | undefined): Answer {
  const action = list(actions).sort((a, b) => (a.Order ?? 0) - (b.Order ?? 0)).at(-1);
  switch (action?.Type) {
    case 'fixed-response':
      return `${action.FixedResponseConfig?.StatusCode} by the load balancer`;
    case 'redirect':
      return `${action.RedirectConfig?.StatusCode} by the load balancer`;
    case 'forward': {
      const weighted = list(action.ForwardConfig?.TargetGroups).filter(({ Weight }) => Weight !== 0).map(({ TargetGroupArn }) => TargetGroupArn);
      const groups = new Set([...list(action.TargetGroupArn), ...weighted].map(target));
      return [...groups].map(group => containerBehind(template, group)).join(' or ');
    }
    default:
      throw new Error(`an action of type ${action?.Type} can't be evaluated`);
  }
}

interface Service {
  readonly LoadBalancers?: { readonly ContainerName?: string; readonly TargetGroupArn?: Value }[];
}

function containerBehind(template: Template, targetGroup: string): Answer {
  const found = all<Service>(template, 'AWS::ECS::Service').flatMap(({ properties }) => list(properties.LoadBalancers))
    .filter(each => isObject(each.TargetGroupArn) && target(each.TargetGroupArn) === targetGroup).map(({ ContainerName }) => String(ContainerName));
  return found.join(' and ') || 'nobody behind the target group';
}
