import { atLoadBalancer, type Request, sentHeaders, throughCloudFront } from './routing';
import { synthesise } from '../../scripts/deployments/synthesis';
import type { Template } from '../../scripts/template/template';
import { OkyOriginAccess } from '../../src';

const HEADER = 'X-Origin-Verify';
const FORBIDDEN = '403 by the load balancer';
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];

const normal = synthesise().main;
const second = synthesise({ edge: { originSecretVersion: 2 } }).main;
const third = synthesise({ edge: { originSecretVersion: 3 } }).main;
const unverified = synthesise({ edge: { verifyOrigin: false } }).main;
const renamed = synthesise({ api: { subdomain: 'app' }, cms: { subdomain: 'admin.app' } }).main;
const cached = synthesise({ edge: { cacheCmsAssets: true } }).main;
const internal = synthesise({ network: { originAccess: OkyOriginAccess.VPC_ORIGIN } }).main;

/** What stands for the value of the secret header. */
const secretOf = (template: Template) => sentHeaders(template)[HEADER];
const withSecret = (host: string, value: string, more: Partial<Request> = {}): Request => ({ host, headers: { [HEADER]: value }, ...more });

type Row = readonly [request: Request, answer: string];

interface Table {
  readonly ask: (request: Request) => string;
  readonly rows: readonly Row[];
}

const edge = (template: Template) => (request: Request) => throughCloudFront(template, request);
const origin = (template: Template, port?: number) => (request: Request) => atLoadBalancer(template, request, port);
const [old, current, next] = [normal, second, third].map(secretOf);

const TABLES: Record<string, Table> = {
  'each host has its service, in any case, on any path': {
    ask: edge(normal),
    rows: [
      [{ host: 'api.okyapp.info' }, 'api'],
      [{ host: 'cms.okyapp.info' }, 'cms'],
      [{ host: 'API.OKYAPP.INFO' }, 'api'],
      [{ host: 'Cms.OkyApp.Info' }, 'cms'],
      [{ host: 'api.okyapp.info', path: '/account/login' }, 'api'],
      [{ host: 'cms.okyapp.info', path: '/account/login' }, 'cms'],
      [{ host: 'api.okyapp.info', path: '/cms.okyapp.info' }, 'api'],
      [{ host: 'cms.okyapp.info', path: '/api' }, 'cms'],
    ],
  },
  'every method that HTTP has is forwarded, and no other': {
    ask: edge(normal),
    rows: [
      ...METHODS.map((method): Row => [{ host: 'api.okyapp.info', method }, 'api']),
      ...METHODS.map((method): Row => [{ host: 'cms.okyapp.info', method }, 'cms']),
      [{ host: 'api.okyapp.info', method: 'TRACE' }, '403 by CloudFront'],
      [{ host: 'cms.okyapp.info', method: 'CONNECT' }, '403 by CloudFront'],
      [{ host: 'api.okyapp.info', method: 'get' }, '403 by CloudFront'],
    ],
  },
  'files of the CMS that are cached come from the host that they are asked of, and are only read': {
    ask: edge(cached),
    rows: [
      ...['/stylesheets/main.css', '/scripts/quiz.js', '/assets/images/logo.png'].flatMap((path): Row[] => [
        [{ host: 'cms.okyapp.info', path }, 'cms'],
        [{ host: 'CMS.okyapp.info', path, method: 'HEAD' }, 'cms'],
        [{ host: 'api.okyapp.info', path }, 'api'],
        [{ host: 'cms.okyapp.info', path, method: 'POST' }, '403 by CloudFront'],
        [{ host: 'cms.okyapp.info', path, scheme: 'http' }, 'redirect to https'],
      ]),
      [{ host: 'cms.okyapp.info', path: '/articles', method: 'POST' }, 'cms'],
      [{ host: 'cms.okyapp.info', path: '/mobile/articles/en' }, 'cms'],
      [{ host: 'api.okyapp.info', path: '/account/login', method: 'POST' }, 'api'],
    ],
  },
  'foreign hosts and addresses are nobody\'s': {
    ask: edge(normal),
    rows: [
      [{ host: 'okyapp.info' }, 'not this distribution'],
      [{ host: 'www.okyapp.info' }, 'not this distribution'],
      [{ host: 'api.okyapp.info.example.org' }, 'not this distribution'],
      [{ host: 'xapi.okyapp.info' }, 'not this distribution'],
      [{ host: 'apixokyapp.info' }, 'not this distribution'],
      [{ host: 'api.okyapp.inf' }, 'not this distribution'],
      [{ host: '203.0.113.7' }, 'not this distribution'],
      [{ host: '[2001:db8::7]' }, 'not this distribution'],
      [{ host: '' }, 'not this distribution'],
      // The load balancer would answer; CloudFront refuses the certificate before, which does not hold that name.
      [{ host: 'd111111abcdef8.cloudfront.net' }, 'api'],
    ],
  },
  'a header of the viewer\'s own does not matter': {
    ask: edge(normal),
    rows: [
      [{ host: 'api.okyapp.info', headers: { [HEADER]: 'guessed' } }, 'api'],
      [{ host: 'cms.okyapp.info', headers: { 'x-origin-verify': '' } }, 'cms'],
      [{ host: 'd111111abcdef8.cloudfront.net', headers: { 'X-Forwarded-Host': 'cms.okyapp.info' } }, 'api'],
    ],
  },
  'without encryption nothing is forwarded': {
    ask: edge(normal),
    rows: [
      [{ host: 'api.okyapp.info', scheme: 'http' }, 'redirect to https'],
      [{ host: 'cms.okyapp.info', scheme: 'http', method: 'POST' }, 'redirect to https'],
    ],
  },
  'a VPC origin changes nothing of it': {
    ask: edge(internal),
    rows: [
      [{ host: 'api.okyapp.info' }, 'api'],
      [{ host: 'CMS.okyapp.info' }, 'cms'],
      [{ host: 'okyapp.info' }, 'not this distribution'],
    ],
  },
  'custom subdomains take the place of the usual ones': {
    ask: edge(renamed),
    rows: [
      [{ host: 'app.okyapp.info' }, 'api'],
      [{ host: 'admin.app.okyapp.info' }, 'cms'],
      [{ host: 'ADMIN.APP.okyapp.info' }, 'cms'],
      [{ host: 'api.okyapp.info' }, 'not this distribution'],
      [{ host: 'cms.okyapp.info' }, 'not this distribution'],
    ],
  },
  'past CloudFront, or through another\'s distribution, nothing answers without the secret': {
    ask: origin(normal),
    rows: [
      [{ host: 'api.okyapp.info' }, FORBIDDEN],
      [{ host: 'cms.okyapp.info' }, FORBIDDEN],
      [withSecret('api.okyapp.info', ''), FORBIDDEN],
      [withSecret('api.okyapp.info', 'wrong'), FORBIDDEN],
      [withSecret('cms.okyapp.info', '*'), FORBIDDEN],
      [withSecret('api.okyapp.info', old.slice(0, -1)), FORBIDDEN],
      [withSecret('api.okyapp.info', `${old}0`), FORBIDDEN],
      [{ host: 'api.okyapp.info', headers: { Authorization: old } }, FORBIDDEN],
      [withSecret('api.okyapp.info', 'wrong', { path: '/', method: 'POST' }), FORBIDDEN],
      [{ host: '203.0.113.7' }, FORBIDDEN],
    ],
  },
  'with the secret, the API answers under any other name': {
    ask: origin(normal),
    rows: [
      [withSecret('okyapp.info', old), 'api'],
      [withSecret('203.0.113.7', old), 'api'],
      [withSecret('[2001:db8::7]', old), 'api'],
      [withSecret('oky-1234567890.eu-west-2.elb.amazonaws.com', old), 'api'],
      [withSecret('', old), 'api'],
    ],
  },
  'with both, the name of the header in any case, the service does': {
    ask: origin(normal),
    rows: [
      [withSecret('api.okyapp.info', old), 'api'],
      [withSecret('cms.okyapp.info', old), 'cms'],
      [{ host: 'Api.okyapp.info', headers: { 'x-ORIGIN-verify': old } }, 'api'],
    ],
  },
  'nobody listens without encryption': {
    ask: origin(normal, 80),
    rows: [
      [{ host: 'api.okyapp.info' }, 'nobody listens'],
      [withSecret('cms.okyapp.info', old), 'nobody listens'],
    ],
  },
  'where the origin is not verified, hosts decide, and the API has the rest': {
    ask: origin(unverified),
    rows: [
      [{ host: 'api.okyapp.info' }, 'api'],
      [{ host: 'CMS.okyapp.info' }, 'cms'],
      [{ host: 'example.org' }, 'api'],
      [{ host: '203.0.113.7' }, 'api'],
    ],
  },
  'nor does CloudFront need the header then': {
    ask: edge(unverified),
    rows: [
      [{ host: 'api.okyapp.info' }, 'api'],
      [{ host: 'cms.okyapp.info' }, 'cms'],
      [{ host: 'example.org' }, 'not this distribution'],
    ],
  },
  'while the secret is rotated, what is sent and what was sent are accepted': {
    ask: origin(second),
    rows: [
      [withSecret('api.okyapp.info', old), 'api'],
      [withSecret('cms.okyapp.info', old), 'cms'],
      [withSecret('api.okyapp.info', current), 'api'],
      [withSecret('cms.okyapp.info', current), 'cms'],
      [withSecret('api.okyapp.info', next), FORBIDDEN],
      [{ host: 'api.okyapp.info' }, FORBIDDEN],
    ],
  },
  'the distribution then sends one of them': {
    ask: edge(second),
    rows: [
      [{ host: 'api.okyapp.info' }, 'api'],
      [{ host: 'cms.okyapp.info' }, 'cms'],
    ],
  },
  'a second rotation retires the first value': {
    ask: origin(third),
    rows: [
      [withSecret('api.okyapp.info', old), FORBIDDEN],
      [withSecret('api.okyapp.info', current), 'api'],
      [withSecret('api.okyapp.info', next), 'api'],
    ],
  },
};

const answers = ({ ask, rows }: Table) => rows.map(([request]) => [request, ask(request)]);

describe('a request', () => {
  test.each(Object.entries(TABLES))('%s', (_, table) => {
    expect(answers(table)).toEqual(table.rows);
  });

  test('is one of 104 in these tables', () => {
    expect(Object.values(TABLES).flatMap(({ rows }) => rows)).toHaveLength(104);
  });
});

describe('the secret header', () => {
  test('has another value in each generation, and none where the origin is not verified', () => {
    expect(new Set([old, current, next]).size).toBe(3);
    expect(sentHeaders(unverified)).toEqual({});
  });
});

describe('the evaluation itself', () => {
  const forward = (group: string) => [{ Type: 'forward', TargetGroupArn: { Ref: group } }];
  const rule = (priority: number, group: string, ...conditions: object[]) =>
    ({ Type: 'AWS::ElasticLoadBalancingV2::ListenerRule', Properties: { ListenerArn: { Ref: 'Listener' }, Priority: priority, Conditions: conditions, Actions: forward(group) } });
  const service = (name: string) => ({ Type: 'AWS::ECS::Service', Properties: { LoadBalancers: [{ ContainerName: name, TargetGroupArn: { Ref: name } }] } });
  const made = (rules: object[], DefaultActions: object[] = forward('rest')) => ({
    Resources: {
      Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { Port: 443, DefaultActions } },
      ...Object.fromEntries(['a', 'b', 'c', 'rest'].map(name => [name, service(name)])),
      ...Object.fromEntries(rules.map((each, index) => [`Rule${index}`, each])),
    },
  }) as Template;
  const host = (...Values: string[]) => ({ Field: 'host-header', HostHeaderConfig: { Values } });
  const header = (HttpHeaderName: string, ...Values: string[]) => ({ Field: 'http-header', HttpHeaderConfig: { HttpHeaderName, Values } });

  test('the lowest priority that fits decides, wherever it stands in the template', () => {
    const template = made([rule(20, 'b', host('*.example.org')), rule(9, 'a', host('x.example.org')), rule(100, 'c', host('*'))]);
    const rows: Row[] = [
      [{ host: 'x.example.org' }, 'a'],
      [{ host: 'y.example.org' }, 'b'],
      [{ host: 'y.z.example.org' }, 'b'],
      [{ host: 'example.org' }, 'c'],
    ];
    expect(answers({ ask: origin(template), rows })).toEqual(rows);
  });

  test('wildcards stand for any characters, or for one', () => {
    const template = made([rule(1, 'a', host('api-?.example.org')), rule(2, 'b', header('X-Kind', 'old*', '?ew'))]);
    const rows: Row[] = [
      [{ host: 'API-1.example.org' }, 'a'],
      [{ host: 'api-12.example.org' }, 'rest'],
      [{ host: 'api-1xexample.org' }, 'rest'],
      [{ host: 'z', headers: { 'x-kind': 'OLDER' } }, 'b'],
      [{ host: 'z', headers: { 'x-kind': 'new' } }, 'b'],
      [{ host: 'z', headers: { 'x-kind': 'very old' } }, 'rest'],
      [{ host: 'z' }, 'rest'],
    ];
    expect(answers({ ask: origin(template), rows })).toEqual(rows);
  });

  test('all conditions of a rule must hold; paths keep their case, methods are whole', () => {
    const path = { Field: 'path-pattern', Values: ['/Admin/*'] };
    const method = { Field: 'http-request-method', HttpRequestMethodConfig: { Values: ['GET'] } };
    const template = made([rule(1, 'a', host('x'), path, method)], [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_302' } }]);
    const rows: Row[] = [
      [{ host: 'x', path: '/Admin/1' }, 'a'],
      [{ host: 'x', path: '/admin/1' }, 'HTTP_302 by the load balancer'],
      [{ host: 'x', path: '/Admin/1', method: 'POST' }, 'HTTP_302 by the load balancer'],
      [{ host: 'y', path: '/Admin/1' }, 'HTTP_302 by the load balancer'],
    ];
    expect(answers({ ask: origin(template), rows })).toEqual(rows);
  });

  test('what it does not know it does not guess', () => {
    const template = made([rule(1, 'a', { Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.0/8'] } })]);
    expect(() => atLoadBalancer(template, { host: 'x' })).toThrow("a condition on source-ip can't be evaluated");
    expect(() => atLoadBalancer(made([], [{ Type: 'authenticate-oidc' }]), { host: 'x' })).toThrow("an action of type authenticate-oidc can't be evaluated");
    expect(atLoadBalancer(made([rule(1, 'nobody', host('x'))]), { host: 'x' })).toBe('nobody behind the target group');
  });
});
