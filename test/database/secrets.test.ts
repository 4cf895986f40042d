import { Match, type Template } from 'aws-cdk-lib/assertions';
import { OkyDatabaseLogin, type OkyDatabaseOptions } from '../../src';
import { deploy, messageOf, templateOf } from '../helpers';
import { type CfnTemplate, changes, readable } from '../transitions/impact';

const templates = (database: OkyDatabaseOptions): CfnTemplate => templateOf({ database }).toJSON() as CfnTemplate;

/** The logical id of the secret that a text refers to, without its hash. */
const secretIn = (value: unknown) => /OkyDatabase(\w*Secret\d*?)(Attachment)?[0-9A-F]{8}\}/.exec(readable(value))?.[1];

/** Which secret the tasks get their user and password from. */
function logins(template: Template): Record<string, (string | undefined)[]> {
  return Object.fromEntries(Object.values(template.findResources('AWS::ECS::TaskDefinition')).map(({ Properties }) => [
    Properties.Family,
    (Properties.ContainerDefinitions[0].Secrets as { Name: string; ValueFrom: unknown }[])
      .filter(({ Name }) => Name.startsWith('DATABASE_')).map(({ ValueFrom }) => secretIn(ValueFrom)),
  ]));
}

function both(secret: string) {
  return { 'project-oky-ecs-api-task': [secret, secret], 'project-oky-ecs-cms-task': [secret, secret] };
}

function passwordOf(template: Template): string | undefined {
  const [{ Properties }] = Object.values(template.findResources('AWS::RDS::DBCluster'));
  return secretIn(Properties.MasterUserPassword);
}

describe('passwordVersion', () => {
  test.each([[undefined, 'Secret'], [1, 'Secret'], [2, 'Secret2'], [12, 'Secret12']])('%s: cluster, tasks and output have the secret', (passwordVersion, secret) => {
    const template = templateOf({ database: { passwordVersion } });
    expect([passwordOf(template), logins(template)]).toEqual([secret, both(secret)]);
    expect(secretIn(template.findOutputs('OkyDatabaseSecretArn').OkyDatabaseSecretArn.Value)).toBe(secret);
    const found = Object.keys(template.findResources('AWS::SecretsManager::Secret')).filter(id => id.startsWith('OkyDatabase'));
    expect(found.map(id => id.slice(0, -8))).toEqual([`OkyDatabase${secret}`]);
  });

  test('another one changes the cluster in place, starts tasks anew, and touches nothing else', () => {
    const [before, after] = [templates({}).Resources, templates({ passwordVersion: 2 }).Resources];
    const found = changes(before, after).map(({ id, impact, properties }) => [id.replace(/[0-9A-F]{8}$/, ''), impact, properties.join()]);
    expect(Object.fromEntries(found.map(([id, impact, properties]) => [id, `${impact} ${properties}`.trim()]))).toMatchObject({
      OkyDatabaseCluster: 'WILL_UPDATE MasterUserPassword',
      OkyDatabaseSecret: 'WILL_ORPHAN',
      OkyDatabaseSecretAttachment: 'WILL_DESTROY',
      OkyDatabaseSecret2: 'WILL_CREATE',
      OkyDatabaseSecret2Attachment: 'WILL_CREATE',
      OkyApiTask: 'WILL_REPLACE ContainerDefinitions',
      OkyCmsTask: 'WILL_REPLACE ContainerDefinitions',
    });
    const others = found.map(([id]) => id).filter(id => !/^OkyDatabase(Cluster|Secret)|^Oky(Api|Cms)(Task|Service|ExecutionRolePolicy)$/.test(id));
    expect(others).toEqual([]);
  });

  test('the new tasks wait for the password: their secret is attached to the cluster, after it has changed', () => {
    const { Resources } = templates({ passwordVersion: 2 });
    const [id] = Object.keys(Resources).filter(each => each.startsWith('OkyDatabaseSecret2Attachment'));
    expect(Resources[id].Properties!.TargetId).toEqual({ Ref: expect.stringMatching(/^OkyDatabaseCluster/) as string });
    const [task] = Object.values(Resources).filter(({ Properties }) => Properties?.Family === 'project-oky-ecs-api-task');
    expect(JSON.stringify(task)).toContain(`"Ref":"${id}"`);
  });

  test('the retired secret stays until somebody deletes it, one of a failed update goes', () => {
    templateOf({ database: { passwordVersion: 2 } }).hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain', Properties: { Description: 'User and password of the Oky database' },
    });
  });

  test('leaves services alone that log in as the application', () => {
    const login = { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION };
    const found = changes(templates(login).Resources, templates({ ...login, passwordVersion: 2 }).Resources).map(({ id }) => id);
    expect(found.filter(id => !/^OkyDatabase(Cluster|Secret)/.test(id))).toEqual([]);
  });
});

describe('the role for the services', () => {
  test('has a secret and nothing else, until the services log in as it', () => {
    const template = templateOf({ database: { applicationUsername: 'oky' } });
    template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        GenerateSecretString: { SecretStringTemplate: '{"username":"oky"}', GenerateStringKey: 'password', PasswordLength: 32, ExcludePunctuation: true },
        KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^OkyEncryption'), 'Arn'] },
      },
    });
    expect(logins(template)).toEqual(both('Secret'));
    expect(secretIn(template.findOutputs('OkyApplicationSecretArn').OkyApplicationSecretArn.Value)).toBe('ApplicationSecret');
    const changed = changes(templates({}).Resources, template.toJSON().Resources as CfnTemplate['Resources']).map(({ id, impact }) => [id.slice(0, -8), impact]);
    expect(changed).toEqual([['OkyDatabaseApplicationSecret', 'WILL_CREATE']]);
  });

  test('is whom the services log in as, and the master user stays the cluster\'s', () => {
    const template = templateOf({ database: { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION } });
    expect([passwordOf(template), logins(template)]).toEqual(['Secret', both('ApplicationSecret')]);
  });

  test('keeps its password when the services log in as the master user again', () => {
    const [master, application] = [OkyDatabaseLogin.MASTER, OkyDatabaseLogin.APPLICATION].map(login => templates({ applicationUsername: 'oky', login }));
    for (const [before, after] of [[master, application], [application, master]]) {
      expect(changes(before.Resources, after.Resources).filter(({ type }) => /Secret|RDS/.test(type))).toEqual([]);
    }
  });

  test('is a property of the construct', () => {
    expect(deploy({ database: { applicationUsername: 'oky' } }).backend.database.applicationSecret).toBeDefined();
    expect(deploy().backend.database.applicationSecret).toBeUndefined();
  });

  test('must be named before the services log in as it', () => {
    expect(messageOf(() => deploy({ database: { login: OkyDatabaseLogin.APPLICATION } }))).toBe('database.login APPLICATION can\'t be combined with no '
      + 'database.applicationUsername; name the role that the services log in as, after it was created');
  });
});

describe('a database from a snapshot', () => {
  const snapshot = { snapshotIdentifier: 'before-the-move' };

  test.each([
    ['the first password', {}, 'Secret', 'Secret'],
    ['a later password', { passwordVersion: 3 }, 'Secret3', 'Secret3'],
    ['a role for the services', { applicationUsername: 'oky', login: OkyDatabaseLogin.APPLICATION }, 'Secret', 'ApplicationSecret'],
  ])('gets the password of the secret that the services log in with: %s', (_, options, master, login) => {
    const template = templateOf({ database: { ...snapshot, ...options } });
    template.hasResourceProperties('AWS::RDS::DBCluster', { SnapshotIdentifier: 'before-the-move' });
    expect([passwordOf(template), logins(template)]).toEqual([master, both(login)]);
    const [attachment] = Object.values(template.findResources('AWS::SecretsManager::SecretTargetAttachment'));
    expect(secretIn(attachment.Properties.SecretId)).toBe(master);
    expect(readable(attachment.Properties.TargetId)).toMatch(/^\$\{OkyDatabaseCluster\w{8}\}$/);
  });
});
