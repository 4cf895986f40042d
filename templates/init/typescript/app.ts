__IMPORTS__

export const app = new App();
export const stack = new Stack(app, 'OkyBackend', { env: { __ACCOUNT__region: '__REGION__' } });

new OkyBackend(stack, 'Oky', {
  __PROPS__
  // Off in the first deployment alone, so that one which fails can roll back: npx cdk deploy --all --context firstDeployment=true
  deletionProtection: app.node.tryGetContext('firstDeployment') === undefined,
  // There is no image yet, and the first deployment needs none. Later: api: { imageTag: '2026_01' }, cms: { imageTag: '2026_01' }
});
