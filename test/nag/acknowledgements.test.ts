import { Validations } from 'aws-cdk-lib/core';
import { acknowledgements, byPack, stale } from './packs';
import { EVERYTHING, FURTHER, NOTHING, props } from '../../scripts/deployments/matrix';
import { deploy } from '../helpers';

describe('an acknowledgement', () => {
  test.each([['everything off', props(NOTHING)], ['everything on', props(EVERYTHING)], ...Object.entries(FURTHER)])(
    'is never stale: %s', (_name, overrides) => {
      expect(stale(overrides)).toEqual([]);
    });

  test('has a reason that says why', () => {
    const reasons = deploy(props(EVERYTHING)).stack.node.findAll()
      .flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY))
      .flatMap(({ data }) => Object.values(data as Record<string, string>));
    expect(reasons.filter(reason => reason.split(' ').length < 8)).toEqual([]);
  });

  test('is counted: no more than 45 by default', () => {
    const byDefault = acknowledgements(deploy(props(NOTHING)).stack);
    expect(byDefault.length).toBeLessThanOrEqual(45);
    expect(byPack(byDefault)).toEqual({ 'AwsSolutions': 15, 'NIST.800.53.R5': 12, 'HIPAA.Security': 11, 'PCI.DSS.321': 7 });
  });

  test('is counted with all six switches on', () => {
    const all = acknowledgements(deploy(props({ ...EVERYTHING, importedVpc: false })).stack);
    expect(byPack(all)).toEqual({ 'AwsSolutions': 15, 'NIST.800.53.R5': 14, 'HIPAA.Security': 13, 'PCI.DSS.321': 8 });
  });
});
