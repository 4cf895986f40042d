import { app } from './integ.oky-backend';

test('the integration test deploys what its snapshot holds', () => {
  const { stacks } = app.synth();
  // The stack of the assertions holds code of the CDK's own.
  const templates = stacks.filter(({ stackName }) => !stackName.includes('DeployAssert')).map(({ stackName, template }) => [stackName, template]);
  expect(Object.fromEntries(templates)).toMatchSnapshot();
  expect(templates.map(([name]) => name)).toEqual(['oky-integ-edge', 'OkyInteg']);
});
