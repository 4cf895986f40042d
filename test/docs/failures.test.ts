import * as fs from 'fs';
import * as path from 'path';
import { everyAlarm, FAILURES, messagesOf } from '../../scripts/docs/failures';

const RUNBOOKS = path.join(__dirname, '..', '..', 'docs', 'runbooks');
const alarms = [...everyAlarm().keys()];
const messages = [...messagesOf().keys()];
const anchorsOf = (page: string) => [...fs.readFileSync(path.join(RUNBOOKS, page), 'utf8').matchAll(/^#+ (.*)$/gm)]
  .map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));

/** Runbooks of plans, which no failure leads to. */
const PLANNED = ['README.md', 'create-database.md', 'exec.md', 'failed-first-deployment.md', 'first-deployment.md', 'maintenance.md', 'move-database-in.md', 'new-region.md', 'release.md', 'rotate-origin-secret.md',
  'rotate-secrets.md', 'scale-up.md', 'switch-origin-access.md', 'take-down.md', 'turn-ha-on.md', 'turn-waf-off.md', 'turn-waf-on.md'];

describe('each failure', () => {
  test.each(FAILURES.map(failure => [failure.what, failure] as const))('%s: an alarm or a message exists, and the section of its runbook', (_, failure) => {
    expect([failure.alarms, failure.events, failure.besides].some(each => each !== undefined && each.length > 0)).toBe(true);
    expect(alarms).toEqual(expect.arrayContaining(failure.alarms ?? []));
    expect(messages).toEqual(expect.arrayContaining(failure.events ?? []));
    const [page, section] = failure.runbook.split('#');
    expect(fs.existsSync(path.join(RUNBOOKS, page))).toBe(true);
    expect(anchorsOf(page)).toEqual(expect.arrayContaining(section === undefined ? [] : [section]));
  });
});

describe('there is no hole', () => {
  test('each alarm tells of a failure', () => {
    const used = new Set(FAILURES.flatMap(failure => failure.alarms ?? []));
    expect(alarms.filter(name => !used.has(name))).toEqual([]);
    expect(alarms.length).toBeGreaterThan(30);
  });

  test('each message tells of a failure', () => {
    const used = new Set(FAILURES.flatMap(failure => failure.events ?? []));
    expect(messages.filter(id => !used.has(id))).toEqual([]);
    expect(messages.length).toBeGreaterThanOrEqual(9);
  });

  test('each section of the incident runbook is what a failure leads to', () => {
    const sections = [...fs.readFileSync(path.join(RUNBOOKS, 'incident.md'), 'utf8').matchAll(/^## (.*)$/gm)]
      .map(([, heading]) => heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').replace(/ /g, '-'));
    const led = FAILURES.map(({ runbook }) => runbook.replace('incident.md#', ''));
    expect(sections.filter(section => !led.includes(section))).toEqual([]);
  });

  test('each runbook is for a plan, or what a failure leads to', () => {
    const led = FAILURES.map(({ runbook }) => runbook.split('#')[0]);
    const pages = fs.readdirSync(RUNBOOKS).filter(name => name.endsWith('.md'));
    expect(pages.filter(page => !led.includes(page) && !PLANNED.includes(page))).toEqual([]);
    expect(PLANNED.filter(page => led.includes(page) || !pages.includes(page))).toEqual([]);
  });
});
