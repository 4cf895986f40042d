import { SAFEGUARDS, unguarded } from './data-protection';
import { FAULTS } from './faults';
import { CHECKS, misfits } from './graph';
import { disproved, type Expectations, LOOKED_UP, PROOFS } from './reachability';
import { atLoadBalancer, sentHeaders, throughCloudFront } from './routing';
import { type Example, type Synthesis, synthesise, templates } from '../../scripts/deployments/synthesis';
import { unmet } from '../../scripts/security-hub/controls';
import type { Template } from '../../scripts/template/template';

const synthesised = new Map<Example['overrides'] | undefined, Synthesis>();

/** A deployment of its own for each fault, from one synthesis for each set of props. */
function sound(example?: Example): Synthesis {
  const found = synthesised.get(example?.overrides) ?? synthesise(example?.overrides, example?.options);
  synthesised.set(example?.overrides, found);
  const main = structuredClone(found.main);
  const stacks = Object.entries(found.stacks).map(([name, stack]) =>
    [name, stack.template === found.main ? { ...stack, template: main } : stack] as const);
  return { ...found, main, stacks: Object.fromEntries(stacks) };
}

/** Both hosts by CloudFront, and by the load balancer without the header. */
function answers(template: Template): string[] {
  const hosts = ['api.okyapp.info', 'cms.okyapp.info'];
  return [
    ...hosts.map(host => throughCloudFront(template, { host })),
    ...hosts.map(host => atLoadBalancer(template, { host })),
    ...hosts.map(host => atLoadBalancer(template, { host, headers: { ...sentHeaders(template), 'X-Origin-Verify': 'guessed' } })),
  ];
}

const usual = answers(sound().main);

/** Everything that sees something, as `where: what`. */
function alarms(synthesis: Synthesis, { egress = false, closedDns }: Partial<Expectations> = {}): string[] {
  const routing = answers(synthesis.main).join() === usual.join() ? [] : ['the usual answers'];
  return Object.entries({
    reachability: Object.keys(disproved(templates(synthesis), { prefixListId: LOOKED_UP, egress, closedDns })),
    graph: Object.keys(misfits(synthesis)),
    safeguards: Object.keys(unguarded(templates(synthesis))),
    controls: unmet(synthesis),
    routing,
  }).flatMap(([where, found]) => found.map(what => `${where}: ${what}`));
}

test('in the templates that faults are put into nothing is seen', () => {
  const deployments = [...new Set(FAULTS.map(({ into }) => into))];
  expect(deployments.map(into => alarms(sound(into), into))).toEqual(deployments.map(() => []));
});

describe('a deliberate fault is seen', () => {
  test.each(FAULTS.map(fault => [fault.name, fault.caughtBy.join('; '), fault] as const))('%s, by %s', (_name, _by, { into, apply, caughtBy }) => {
    const synthesis = sound(into);
    apply(synthesis.main);
    expect(alarms(synthesis, into).sort()).toEqual([...caughtBy].sort());
  });

  test('by every proof, check and safeguard there is', () => {
    const caught = new Set(FAULTS.flatMap(({ caughtBy }) => caughtBy));
    const expected = [
      ...Object.keys(PROOFS).map(name => `reachability: ${name}`),
      ...Object.keys(CHECKS).map(name => `graph: ${name}`),
      ...Object.keys(SAFEGUARDS).map(name => `safeguards: ${name}`),
    ];
    expect(expected.filter(name => !caught.has(name))).toEqual([]);
    expect(FAULTS.length).toBeGreaterThanOrEqual(70);
  });
});
