/** Who calls a route: the apps of all users, the page on which they delete their account, editors of the CMS, or anyone. */
export type Caller = 'app' | 'deletion page' | 'editor' | 'anyone';

/** A route of Oky's API or CMS, as far as the firewall needs to know it. */
export interface Route {
  readonly service: 'api' | 'cms';
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** As Express takes it: a part that begins with a colon is any text. */
  readonly path: string;
  readonly callers: readonly Caller[];
  /** The largest ordinary body, in KB; undefined where there is none. */
  readonly body?: number;
  /** Whether it takes a password or the answer to a secret question, which could be guessed, and hashes it, which takes long. */
  readonly isLogin?: boolean;
}

/** What a form or a short message has at most. */
const FORM = 4;
/** The whole history of a user; the API takes up to 1 MB. */
const HISTORY = 200;
/** An article or a file. */
const UPLOAD = 45_000;

function api(method: Route['method'], path: string, further: Partial<Route> = {}): Route {
  return { service: 'api', method, path, callers: ['app'], ...further };
}

function editors(path: string, ...methods: Route['method'][]): Route[] {
  return methods.map(method => ({
    service: 'cms', method, path, callers: ['editor'], ...(method === 'POST' || method === 'PUT' ? { body: UPLOAD } : {}),
  }));
}

function pages(...paths: string[]): Route[] {
  return paths.flatMap(path => editors(path, 'GET'));
}

/** A kind of content: its list and its single items. */
function content(path: string, ...ofList: Route['method'][]): Route[] {
  return [...editors(path, ...ofList), ...editors(`${path}/:id`, 'GET', 'PUT', 'DELETE')];
}

function forApps(...names: string[]): Route[] {
  return names.map(name => ({ service: 'cms', method: 'GET', path: `/mobile/${name}`, callers: ['app'] }));
}

/**
 * Every route of Oky, by its source of April 2026 (commit 4f1a7f11): facts, from which the rules of the web ACL and their
 * tests are made. `npx tsx scripts/oky-routes.ts FOLDER` compares it with another version of the source.
 *
 * @see https://github.com/Oky-period-tracker/periodtracker/tree/master/packages/api/src/interfaces/api/controllers
 * @see https://github.com/Oky-period-tracker/periodtracker/blob/master/packages/cms/src/routes.ts
 * @see https://github.com/Oky-period-tracker/periodtracker/blob/master/packages/cms/src/index.ts
 */
export const ROUTES: readonly Route[] = [
  // packages/api/src/interfaces/api/controllers, and app/src/services/HttpClient.ts for who calls them.
  api('GET', '/', { callers: ['anyone'] }),
  api('GET', '/account/info/:userName', { callers: ['app', 'deletion page'] }),
  // With the history that a guest has so far.
  api('POST', '/account/signup', { body: HISTORY, isLogin: true }),
  api('POST', '/account/login', { body: FORM, isLogin: true }),
  api('POST', '/account/reset-password', { body: FORM, isLogin: true }),
  api('POST', '/account/delete-from-password', { body: FORM, isLogin: true, callers: ['app', 'deletion page'] }),
  api('POST', '/account/delete'),
  api('POST', '/account/replace-store', { body: HISTORY }),
  // All period dates: over 8 KB from the third to sixth cycle on.
  api('POST', '/account/update-verified-dates', { body: HISTORY }),
  api('POST', '/account/edit-info', { body: HISTORY }),
  api('POST', '/account/edit-secret-answer', { body: FORM }),
  api('POST', '/account/update-avatar', { body: FORM }),
  // What a phone noted while it was offline; without a token, too.
  api('POST', '/analytics/append-events', { body: HISTORY }),

  // packages/cms/src/routes.ts: those without a login.
  { service: 'cms', method: 'GET', path: '/', callers: ['anyone'] },
  { service: 'cms', method: 'GET', path: '/login', callers: ['anyone'] },
  { service: 'cms', method: 'POST', path: '/login', callers: ['anyone'], body: FORM, isLogin: true },
  { service: 'cms', method: 'POST', path: '/mobile/suggestions', callers: ['app'], body: FORM },
  ...forApps('articles/:lang', 'videos/:lang', 'avatar-messages/:lang', 'quizzes/:lang', 'didyouknows/:lang', 'surveys/:lang', 'new-surveys/:lang',
    'notification/:lang', 'help-center/:lang', 'help-center-attribute/:lang', 'privacy-policy/:lang', 'terms-and-conditions/:lang', 'about/:lang',
    'about-banner/:lang', 'about-banner-conditional/:lang', 'permanent-notification/:ver&:lang&:user'),

  // The same: those with one.
  ...pages('/encyclopedia', '/quiz-management', '/didyouknow-management', '/user-management', '/categories-management', '/categories-management/:id',
    '/subcategories-management/:id', '/video-management', '/survey-management', '/answered-surveys', '/suggestions-management', '/notifications-management',
    '/help-center-management', '/about-management', '/terms-and-conditions-management', '/privacy-policy-management', '/analytics-management',
    '/avatar-message-management', '/logout', '/help-center-attributes', '/suggestions', '/data', '/data/generate-content-ts',
    '/data/generate-content-sheet', '/data/generate-cms-translations-sheet', '/data/generate-countries-sheet', '/data/generate-provinces-sheet'),
  ...editors('/register', 'POST'),
  ...editors('/analytics/events', 'POST'),
  ...content('/articles', 'GET', 'POST', 'PUT'),
  ...content('/videos', 'GET', 'POST', 'PUT'),
  ...content('/categories', 'GET', 'POST', 'PUT'),
  ...content('/subcategories', 'GET', 'POST', 'PUT'),
  ...content('/quiz', 'GET', 'POST'),
  ...content('/user', 'GET', 'POST'),
  ...content('/avatar-message', 'GET', 'POST'),
  ...content('/didyouknow', 'POST'),
  ...content('/help-center', 'GET', 'POST', 'PUT'),
  ...content('/privacy-policy', 'GET', 'POST'),
  ...content('/terms-and-conditions', 'GET', 'POST'),
  ...content('/about', 'GET', 'POST'),
  ...content('/survey', 'GET', 'POST'),
  ...editors('/user/change-location/', 'PUT'),
  ...editors('/about-banner-management', 'POST'),
  ...editors('/about-banner-management/:id', 'DELETE'),
  ...editors('/toggle-suggestions-status', 'POST'),
  ...editors('/suggestions/:id', 'DELETE'),
  ...editors('/notification', 'POST'),
  ...editors('/notification/:id', 'DELETE'),
  ...editors('/permanent-alert', 'POST'),
  ...editors('/permanent-alert/:id', 'PUT', 'DELETE'),
  ...editors('/api/age-restriction', 'POST'),
  ...editors('/api/content-filter', 'POST'),
  ...editors('/api/voice-over/article', 'GET'),
  ...editors('/api/voice-over/article/remove', 'POST'),

  // packages/cms/src/index.ts.
  ...editors('/api/voice-over/article/upload', 'POST'),
  ...editors('/data/upload-content-sheet', 'POST'),
  ...editors('/data/upload-app-translations-sheet', 'POST'),
  ...editors('/data/upload-cms-translations-sheet', 'POST'),
  ...editors('/data/upload-countries-sheet', 'POST'),
  ...editors('/data/upload-provinces-sheet', 'POST'),
];
