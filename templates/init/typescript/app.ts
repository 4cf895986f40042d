__IMPORTS__

export const app = new App();
// Off in the first deployment alone, so that one which fails can roll back: npx cdk deploy OkyBackend 'OkyBackend/**' --context firstDeployment=true
const isProtected = app.node.tryGetContext('firstDeployment') === undefined;
export const stack = new Stack(app, 'OkyBackend', { env: { __ACCOUNT__region: '__REGION__' }, terminationProtection: isProtected });

new OkyBackend(stack, 'Oky', {
  __PROPS__
  deletionProtection: isProtected,
  // There is no image yet, and the first deployment needs none. README.md says what comes here later.
});
