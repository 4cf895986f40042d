import { DefaultStackSynthesizer } from 'aws-cdk-lib/core';
import { deploy } from '../helpers';

test('edge.synthesizer: the stacks in us-east-1 use it', () => {
  const stackWith = (synthesizer?: DefaultStackSynthesizer) => deploy({ waf: {}, edge: { synthesizer } }).backend.edgeStack!;
  const qualifier = (synthesizer?: DefaultStackSynthesizer) => stackWith(synthesizer).synthesizer.bootstrapQualifier;
  expect(qualifier()).toBe('hnb659fds');
  expect(qualifier(new DefaultStackSynthesizer({ qualifier: 'oky1' }))).toBe('oky1');
});
