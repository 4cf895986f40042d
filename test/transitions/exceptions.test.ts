import { type Deployment, impactOf } from './impact';
import { OPTIONS } from '../../scripts/catalogue/catalogue';
import { declarationOfOption } from '../../scripts/catalogue/declarations';
import { templatesOf } from '../../scripts/deployments/option-sets';
import type { OkyDatabaseOptions } from '../../src';
import type { Overrides } from '../helpers';

/** The whole list: nothing else may lose anything, by the tests of the transitions. */
const REPLACEMENTS = OPTIONS.flatMap(([option, { given, replacement }]) => replacement ? [[option, { given, ...replacement }] as const] : []);

const DEFAULTS: Overrides = {};
const deployments = new Map<Overrides, Deployment>();

/** Synthesised once. */
function deployed(overrides: Overrides): Deployment {
  const found = deployments.get(overrides) ?? templatesOf(overrides);
  deployments.set(overrides, found);
  return found;
}

function lost(from: Overrides, to: Overrides): string[] {
  const { losses, clashes } = impactOf(deployed(from), deployed(to));
  return [...losses.map(({ id, how }) => `${id.replace(/[0-9A-F]{8}$/, '')} is ${how}`), ...clashes].sort();
}

describe('an unavoidable replacement', () => {
  test.each(REPLACEMENTS)('%s: what giving it loses', (_, { given, loses }) => {
    expect(lost(DEFAULTS, given)).toEqual([...loses].sort());
  });

  test.each(REPLACEMENTS)('%s: what taking it away loses', (_, { given, losesBack }) => {
    expect(lost(given, DEFAULTS)).toEqual([...losesBack].sort());
  });

  test.each(REPLACEMENTS)('%s: its documentation says so', (option, { at, says }) => {
    expect(declarationOfOption(at ?? option).text).toMatch(says);
  });
});

test('a named resource that stays behind when its option changes stands in the way of going back: these do', () => {
  const found = REPLACEMENTS.filter(([, { given }]) => impactOf(deployed(DEFAULTS), deployed(given)).leftovers.length > 0);
  expect(found.map(([option]) => option).sort()).toEqual(['api.repository', 'api.repositoryName', 'namePrefix']);
});

test('a major upgrade of the engine keeps the database', () => {
  expect(lost({ database: { engineVersion: '16' } }, { database: { engineVersion: '17' } })).toEqual([]);
});

describe('what an option of the database leaves behind', () => {
  const given = (database: OkyDatabaseOptions): Overrides => ({ database });

  test.each([
    ['database.passwordVersion', { passwordVersion: 2 }, { passwordVersion: 3 }, ['OkyDatabaseSecret2 is left behind'], /The retired secret stays behind, without a stack/],
    ['database.applicationUsername', { applicationUsername: 'oky' }, {}, ['OkyDatabaseApplicationSecret is left behind'], /without it the secret stays behind/],
    [
      'database.applicationUsername', { applicationUsername: 'oky' }, { applicationUsername: 'oky_services' }, ['OkyDatabaseApplicationSecret is generated anew'],
      /A change generates another password in the same secret/,
    ],
    [
      'database.backupPlan', { backupPlan: { airGappedVaultName: 'oky-air-gapped' } }, { backupPlan: {} }, ['OkyDatabaseBackupAirGapped is left behind'],
      /it leaves its vaults behind, with their snapshots/,
    ],
    ['database.backupPlan', { backupPlan: {} }, {}, ['OkyDatabaseBackupVault is left behind'], /it leaves its vaults behind, with their snapshots/],
  ])('%s: %j to %j', (option, from, to, loses, says) => {
    expect(lost(given(from), given(to))).toEqual(loses);
    expect(declarationOfOption(option).text).toMatch(says);
  });
});
