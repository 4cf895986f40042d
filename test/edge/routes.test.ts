import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { differences, routesOf } from '../../scripts/oky-routes';
import { type Route, ROUTES } from '../../src/edge/routes';

let folder: string;
beforeEach(() => { folder = fs.mkdtempSync(path.join(os.tmpdir(), 'oky-')); });
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** A source in small, in the shape of Oky's. */
function source(files: Record<string, string>): string {
  for (const [name, content] of Object.entries({ 'packages/cms/src/routes.ts': '', 'packages/cms/src/index.ts': '', ...files })) {
    fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    fs.writeFileSync(path.join(folder, name), content);
  }
  return folder;
}

const SOURCE = {
  'packages/api/src/interfaces/api/controllers/pets/PetsController.ts': "@JsonController('/pets')\nclass Pets {\n  @Get('/:name')\n  one() {}\n  @Post('/feed')\n  feed() {}\n  // @Post('/gone')\n}",
  'packages/api/src/interfaces/api/controllers/root/RootController.ts': "@Controller('/')\nclass Root {\n  @Get('/')\n  root() {}\n}",
  'packages/cms/src/routes.ts': `[
  { method: 'get', route: '/login', controller: A, action: 'a',
    isPublic: true },
  // { method: 'get', route: '/gone', controller: A, action: 'a' },
  { method: 'put', route: '/pets/:id', controller: A, action: 'b' },
]`,
  'packages/cms/src/index.ts': "app.post(\n  '/pets/upload',\n  upload.single('file'))",
};

const TABLE: Route[] = [
  { service: 'api', method: 'GET', path: '/pets/:name', callers: ['app'] },
  { service: 'api', method: 'POST', path: '/pets/feed', callers: ['app'] },
  { service: 'api', method: 'GET', path: '/', callers: ['anyone'] },
  { service: 'cms', method: 'GET', path: '/login', callers: ['anyone'] },
  { service: 'cms', method: 'PUT', path: '/pets/:id', callers: ['editor'] },
  { service: 'cms', method: 'POST', path: '/pets/upload', callers: ['editor'] },
];

describe('the comparison with a source', () => {
  test('finds the routes of controllers, of the table of the CMS, and of its uploads', () => {
    expect(routesOf(source(SOURCE)).map(({ service, method, path: route }) => `${service} ${method} ${route}`)).toEqual([
      'api GET /pets/:name', 'api POST /pets/feed', 'api GET /', 'cms GET /login', 'cms PUT /pets/:id', 'cms POST /pets/upload',
    ]);
    expect(differences(routesOf(folder), TABLE)).toEqual([]);
  });

  test('names a route that the table lacks', () => {
    expect(differences(routesOf(source(SOURCE)), TABLE.filter(route => route.path !== '/pets/feed')))
      .toEqual(['api: POST /pets/feed is in the source, but not in src/edge/routes.ts: add it, with its callers and its largest ordinary body']);
  });

  test('names a route that the source has no more', () => {
    expect(differences(routesOf(source(SOURCE)), [...TABLE, { service: 'cms', method: 'GET', path: '/gone', callers: ['editor'] }]))
      .toEqual(['cms: GET /gone is in src/edge/routes.ts, but not in the source: take it out']);
  });

  test('names a route that takes a login in one of the two only', () => {
    const table = TABLE.map((route): Route => route.path === '/pets/:id' ? { ...route, callers: ['app'] } : route.path === '/login' ? { ...route, callers: ['editor'] } : route);
    expect(differences(routesOf(source(SOURCE)), table)).toEqual([
      'cms: GET /login takes no login in the source: correct its callers in src/edge/routes.ts',
      'cms: PUT /pets/:id takes a login in the source: correct its callers in src/edge/routes.ts',
    ]);
  });

  test('says where there is no source', () => {
    expect(() => routesOf(folder)).toThrow(`${path.join(folder, 'packages/cms/src/routes.ts')} does not exist: give the folder of a checkout of Oky-period-tracker/periodtracker`);
  });
});

test('no route is in the table twice', () => {
  const names = ROUTES.map(({ service, method, path: route }) => `${service} ${method} ${route}`);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
