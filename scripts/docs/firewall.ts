/** The tables of docs/firewall.md: Oky's routes with what the web ACL in today's template answers, and the limits where users share an address. */
import { cells, type Tables } from './marked-tables';
import { type Route, ROUTES } from '../../src/edge/routes';
import { A_MINUTE, MINUTES, OF_A_START, refusedAt } from '../capacity/shared-addresses';
import { deploy, usEast1Templates } from '../deployments/sample';
import type { Template } from '../template/template';
import { ALLOWED, askWebAcl, type WafRequest, type WebAcl, webAclIn } from '../template/web-acl';

const KB = 1024;

function webAcl(): WebAcl {
  return webAclIn(usEast1Templates(deploy({ waf: {} }).stack)['project-oky-edge'].toJSON() as Template);
}

/** An ordinary request to a route, as its callers send it. */
export function ordinaryRequest({ service, method, path, callers, body }: Route): WafRequest {
  return {
    host: service === 'api' ? 'api.okyapp.info' : 'cms.okyapp.info',
    method,
    path: path.replace(/:\w+/g, 'x'),
    headers: {
      'user-agent': 'okhttp/4.9.2',
      ...(body && { 'content-type': service === 'api' ? 'application/json' : 'application/x-www-form-urlencoded; charset=UTF-8' }),
      ...(callers.includes('editor') && { cookie: 'session=eyJ9; session.sig=x' }),
      ...(service === 'api' && method === 'POST' && { authorization: 'Bearer x.y.z' }),
    },
    body: body && body * KB,
  };
}

const sizeOf = (kilobytes: number | undefined) => kilobytes === undefined ? '–' : kilobytes >= 1000 ? `${kilobytes / 1000} MB` : `${kilobytes} KB`;

/** One row for each kind: the routes of editors are many, and all alike. */
function routeTable(): string {
  const acl = webAcl();
  const kindOf = (route: Route) => route.service === 'api' || (route.callers[0] !== 'editor' && (route.method === 'POST' || !route.path.startsWith('/mobile/')))
    ? `\`${route.method} ${route.path}\`` : route.callers[0] === 'editor' ? `${route.method} by editors` : `${route.method} under \`/mobile/\``;
  const kinds = new Map<string, Route[]>();
  ROUTES.forEach(route => {
    const kind = `${route.service.toUpperCase()}: ${kindOf(route)}`;
    kinds.set(kind, [...kinds.get(kind) ?? [], route]);
  });
  const answers = (routes: Route[], change: (request: WafRequest) => WafRequest) =>
    [...new Set(routes.map(route => askWebAcl(acl, change(ordinaryRequest(route)))))].map(answer => answer === ALLOWED ? ALLOWED : `\`${answer}\``).join(', ');
  return [
    cells('Route', 'Routes', 'Callers', 'Largest ordinary body', 'With it', '9 KB', '9 KB without a session or token', 'gzip'),
    cells('---', '---:', '---', '---:', '---', '---', '---', '---'),
    ...[...kinds].map(([kind, routes]) => cells(
      kind, String(routes.length), [...new Set(routes.flatMap(({ callers }) => callers))].join(', '), sizeOf(routes[0].body),
      answers(routes, request => request),
      answers(routes, request => ({ ...request, body: 9 * KB })),
      answers(routes, request => ({ ...request, body: 9 * KB, headers: {} })),
      answers(routes, request => ({ ...request, headers: { ...request.headers, 'content-encoding': 'gzip' } })),
    )),
  ].join('\n');
}

/** By what users do behind one address: apps that start in five minutes, and the share of these that sign up or log in. */
const SITUATIONS: [what: string, starts: number, logins: number][] = [
  ['an evening, 1,000 users of Oky behind the address', 1.7, 0.02],
  ['an evening, a carrier with 300,000 users on 16 addresses', 31, 0.02],
  ['a campaign on the radio, ten times as many', 313, 0.2],
  ['a school: 500 pupils sign up within ten minutes', 250, 1],
  ['a campaign, a carrier with 300,000 users on 4 addresses', 1250, 0.2],
];

function addressTable(): string {
  const acl = webAcl();
  const limitOf = (name: string) => acl.rules.find(rule => rule.Name === name)!.Statement.RateBasedStatement!.Limit;
  const limits = { before: { requests: 2000, logins: 100 }, now: { requests: limitOf('RateLimit'), logins: limitOf('LoginRateLimit') } };
  const percent = (share: number) => share === 0 ? '0' : `${(share * 100).toFixed(1)} %`;
  return [
    cells('Behind one IPv4 address', 'App starts in 5 minutes', 'Requests', 'Logins', ...['Requests', 'Logins'].map(what => `${what} refused at 2,000 and 100`),
      ...['Requests', 'Logins'].map(what => `${what} refused now`)),
    cells('---', ...new Array<string>(7).fill('---:')),
    ...SITUATIONS.map(([what, starts, logins]) => {
      const [before, now] = [limits.before, limits.now].map(each => refusedAt({ starts, logins }, each));
      return cells(what, starts.toLocaleString('en-US'), Math.round(starts * (OF_A_START + MINUTES * A_MINUTE + logins)).toLocaleString('en-US'), Math.round(starts * logins).toLocaleString('en-US'),
        percent(before.requests), percent(before.logins), percent(now.requests), percent(now.logins));
    }),
  ].join('\n');
}

export const FIREWALL_TABLES: Tables = { routes: routeTable, addresses: addressTable };
