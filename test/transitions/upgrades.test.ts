import * as fs from 'fs';
import * as path from 'path';
import { ACCEPTED, type Deployment, isAccepted, impactOf } from './impact';
import { OPTION_SETS, templatesOf } from '../../scripts/deployments/option-sets';
import { FIXTURES, fixtures, REFERENCES } from '../../scripts/fixtures';

const versions = fs.readdirSync(FIXTURES);

/** A deployment of a released version, by the names of its stacks. */
function stored(version: string, name: string): Deployment {
  const files = fs.readdirSync(path.join(FIXTURES, version)).filter(file => file.startsWith(`${name}.`));
  return Object.fromEntries(files.map(file => [file.split('.')[1], JSON.parse(fs.readFileSync(path.join(FIXTURES, version, file), 'utf8')) as Deployment[string]]));
}

describe.each(versions)('an upgrade from %s', version => {
  test.each(Object.entries(REFERENCES))('loses nothing: %s', (name, set) => {
    const { losses, clashes, leftovers } = impactOf(stored(version, name), templatesOf(OPTION_SETS[set]));
    const found = losses.filter(loss => !ACCEPTED.some(each => isAccepted(loss, each)))
      .map(({ stack, id, type, how, properties }) => `${stack}: ${id} (${type}) is ${how} (${properties.join(', ')})`);
    expect([...found, ...clashes, ...leftovers]).toEqual([]);
  });

  test('starts from whole deployments', () => {
    const stacks = Object.keys(REFERENCES).flatMap(name => Object.entries(stored(version, name))
      .map(([stack, { Resources }]) => ({ name, stack, Resources })));
    expect(stacks.map(({ name, stack }) => `${name} ${stack}`).sort()).toEqual(
      ['all-on Oky', 'all-on project-oky-edge', 'all-on project-oky-edge-watch', 'default Oky']);
    expect(stacks.filter(({ stack, Resources }) => stack === 'Oky' && Object.keys(Resources).length < 80)).toEqual([]);
  });
});

test('there is a version to upgrade from', () => {
  expect(versions).toContain('0.1.0');
  expect(versions.filter(version => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('the same templates are written whenever they are', () => {
  const [once, again] = [fixtures(), fixtures()];
  expect(Object.keys(once)).toEqual(['default.Oky.json', 'all-on.project-oky-edge.json', 'all-on.Oky.json', 'all-on.project-oky-edge-watch.json']);
  expect(again).toEqual(once);
});
