/**
 * Compares the table of Oky's routes with a checkout of Oky: `npx tsx scripts/oky-routes.ts FOLDER`. What the source has and
 * the table lacks would be refused by the firewall, or not searched.
 */
import * as fs from 'fs';
import * as path from 'path';
import { ROUTES } from '../src/edge/routes';

const CONTROLLERS = 'packages/api/src/interfaces/api/controllers';
const CMS_ROUTES = 'packages/cms/src/routes.ts';
const CMS_INDEX = 'packages/cms/src/index.ts';

interface Found {
  readonly service: 'api' | 'cms';
  readonly method: string;
  readonly path: string;
  /** Whether the source says that it takes no login; undefined where it does not say. */
  readonly isPublic?: boolean;
}

/** The routes in the source. */
export function routesOf(folder: string): Found[] {
  const read = (file: string) => {
    try {
      // Without what is commented out.
      return fs.readFileSync(path.join(folder, file), 'utf8').replace(/^\s*\/\/.*$/gm, '');
    } catch {
      throw new Error(`${path.join(folder, file)} does not exist: give the folder of a checkout of Oky-period-tracker/periodtracker`);
    }
  };
  const controllers = fs.existsSync(path.join(folder, CONTROLLERS))
    ? fs.readdirSync(path.join(folder, CONTROLLERS), { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('Controller.ts')) : [];
  const api = controllers.flatMap(file => {
    const source = read(`${CONTROLLERS}/${file}`);
    const [, base = ''] = /@(?:Json)?Controller\('([^']*)'\)/.exec(source) ?? [];
    return [...source.matchAll(/@(Get|Post|Put|Delete|Patch)\('([^']*)'\)/g)]
      .map(([, method, route]): Found => ({ service: 'api', method: method.toUpperCase(), path: `${base}${route}`.replace(/\/+/g, '/') }));
  });
  const cms = [...read(CMS_ROUTES).matchAll(/\{\s*method: '(\w+)',\s*route: '([^']+)'[^}]*\}/g)]
    .map(([text, method, route]): Found => ({ service: 'cms', method: method.toUpperCase(), path: route, isPublic: /isPublic: true/.test(text) }));
  const uploads = [...read(CMS_INDEX).matchAll(/app\.(get|post|put|delete)\(\s*'([^']+)'/g)]
    .map(([, method, route]): Found => ({ service: 'cms', method: method.toUpperCase(), path: route }));
  return [...api, ...cms, ...uploads];
}

/** What is wrong with the table by this source, in plain words; empty where it is right. */
export function differences(found: Found[], table = ROUTES): string[] {
  const nameOf = ({ service, method, path: route }: { service: string; method: string; path: string }) => `${service}: ${method} ${route}`;
  const known = new Map(table.map(route => [nameOf(route), route]));
  const names = new Set(found.map(nameOf));
  return [...new Set([
    ...found.filter(route => !known.has(nameOf(route))).map(route => `${nameOf(route)} is in the source, but not in src/edge/routes.ts: add it, with its callers and its largest ordinary body`),
    ...[...known.keys()].filter(name => !names.has(name)).map(name => `${name} is in src/edge/routes.ts, but not in the source: take it out`),
    ...found.filter(({ isPublic, ...route }) => isPublic !== undefined && known.has(nameOf(route)) && known.get(nameOf(route))!.callers.includes('editor') === isPublic)
      .map(route => `${nameOf(route)} ${route.isPublic ? 'takes no login' : 'takes a login'} in the source: correct its callers in src/edge/routes.ts`),
  ])];
}

if (require.main === module) {
  const [folder] = process.argv.slice(2);
  try {
    const wrong = differences(routesOf(folder ?? ''));
    console.log(wrong.length === 0 ? `src/edge/routes.ts has all ${ROUTES.length} routes of the source` : wrong.join('\n'));
    process.exitCode = wrong.length === 0 ? 0 : 1;
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
  }
}
