import { Aws, AwsError, type Ended, quote } from '../../src/cli/doctor/aws';
import { covers } from '../../src/cli/doctor/checks/certificates';
import { lacking, type Statement } from '../../src/cli/doctor/key-policy';
import { evaluate, type Names } from '../../src/cli/doctor/template';

const ended = (stdout: string): Ended => ({ code: 0, stdout, stderr: '' });
const failed = (stderr: string): Ended => ({ code: 254, stdout: '', stderr });

describe('the AWS command line', () => {
  test('is asked once for the same, with region, profile and JSON', async () => {
    const calls: (readonly string[])[] = [];
    const aws = new Aws(async args => { calls.push(args); return ended('{"Vpcs": []}'); }, 'oky');
    expect(await Promise.all([1, 2].map(async () => aws.call('ec2', 'describe-vpcs', ['--x', 'y'], 'eu-west-2')))).toEqual([{ Vpcs: [] }, { Vpcs: [] }]);
    expect(calls).toEqual([['ec2', 'describe-vpcs', '--x', 'y', '--region', 'eu-west-2', '--profile', 'oky', '--output', 'json']]);
    expect(aws.command(['kms', 'list-aliases'], 'eu-west-2')).toBe('aws kms list-aliases --region eu-west-2 --profile oky');
  });

  test('is never asked for more than a few things at a time', async () => {
    let [now, most] = [0, 0];
    const aws = new Aws(async () => {
      most = Math.max(most, now += 1);
      await new Promise(resolve => setTimeout(resolve, 2));
      now -= 1;
      return ended('{}');
    });
    await Promise.all([...Array(30).keys()].map(async index => aws.call('ec2', 'describe-vpcs', [String(index)])));
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(4);
    expect(now).toBe(0);
  });

  test('goes on after a call that failed', async () => {
    const aws = new Aws(async args => args.includes('bad') ? failed('x') : ended('{}'));
    await Promise.allSettled([...Array(9).keys()].map(async index => aws.call('ec2', 'describe-vpcs', ['bad', String(index)])));
    expect(await aws.call('ec2', 'describe-vpcs', [])).toEqual({});
  });

  const errorOf = async (stderr: string, service: string, operation: string): Promise<AwsError> => {
    try {
      return await new Aws(async () => failed(stderr)).call(service, operation, []);
    } catch (error) {
      return error as AwsError;
    }
  };

  test.each([
    ['version 1', '\nAn error occurred (AccessDeniedException) when calling the GetDetector operation: User: x is not authorized to perform: guardduty:GetDetector on resource: y'],
    ['version 2', '\naws: [ERROR]: An error occurred (AccessDeniedException) when calling the GetDetector operation: User: x is not authorized to perform: guardduty:GetDetector'],
    ['after retries', 'An error occurred (AccessDenied) when calling the GetDetector operation (reached max retries: 2): You may not'],
  ])('says what permission is missing, in %s', async (_, stderr) => {
    expect(await errorOf(stderr, 'guardduty', 'get-detector')).toMatchObject({ permission: 'guardduty:GetDetector' });
  });

  test('says it by the name that IAM has', async () => {
    const denied = (operation: string) => `An error occurred (AccessDenied) when calling the ${operation} operation: Access Denied`;
    expect((await errorOf(denied('GetObject'), 's3api', 'get-object')).permission).toBe('s3:GetObject');
    expect((await errorOf(denied('HeadObject').replace('AccessDenied', '403'), 's3api', 'head-object')).permission).toBe('s3:GetObject');
    expect((await errorOf(denied('GetServiceQuota'), 'service-quotas', 'get-service-quota')).permission).toBe('servicequotas:GetServiceQuota');
  });

  test('says what else is wrong in one line', async () => {
    expect(await errorOf('An error occurred (Throttling) when calling the GetX operation: Rate exceeded\nmore', 'x', 'get-x'))
      .toMatchObject({ code: 'Throttling', message: 'Rate exceeded', permission: undefined });
    expect(await errorOf('', 'x', 'get-x')).toMatchObject({ code: '', message: 'aws x get-x failed' });
  });

  test('tells what is not there from what fails', async () => {
    const absent = new Aws(async () => failed('An error occurred (NoSuchKey) when calling the GetObject operation: gone'));
    expect(await absent.find(/^NoSuchKey$/, 's3api', 'get-object', [])).toBeUndefined();
    await expect(absent.find(/^NoSuchBucket$/, 's3api', 'get-object', [])).rejects.toThrow('gone');
  });

  test.each([['a-b/c:d=e.f', 'a-b/c:d=e.f'], ['a b', '\'a b\''], ['a==\'b\'', '"a==\'b\'"'], ['it\'s $5', '\'it\'\\\'\'s $5\''], ['', '\'\'']])('quotes %s', (word, quoted) => {
    expect(quote(word)).toBe(quoted);
  });
});

describe('a value of a template', () => {
  const names: Names = {
    parameter: name => ({ 'AWS::Region': 'eu-west-2', 'Bucket': 'b' })[name],
    attribute: (id, attribute) => id === 'Repository' ? `arn:aws:ecr:eu-west-2:1:${attribute}` : undefined,
    stackOutput: (stack, output) => `${stack}/${output}`,
  };

  test.each([
    ['x', 'x'],
    [17, '17'],
    [{ Ref: 'Bucket' }, 'b'],
    [{ Ref: 'Unknown' }, undefined],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-eu-west-2'],
    [{ 'Fn::Join': ['', ['a', { Ref: 'Unknown' }]] }, undefined],
    [{ 'Fn::Select': [3, { 'Fn::Split': [':', { 'Fn::GetAtt': ['Repository', 'Arn'] }] }] }, 'eu-west-2'],
    [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    [{ 'Fn::GetAtt': ['Other', 'Arn'] }, undefined],
    [{ 'Fn::GetStackOutput': { StackName: 's', OutputName: 'o', Region: 'r' } }, 's/o'],
    [{ 'Fn::Sub': '${x}' }, undefined],
    [undefined, undefined],
  ])('%j is %s', (value, text) => {
    expect(evaluate(value, names)).toBe(text);
  });
});

describe('the policy of a key', () => {
  const needed: Statement = {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-2:111122223333:alarm:*' } },
  };
  const root: Statement = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: ['kms:Decrypt'], Resource: '*' };

  test.each([
    ['the statement itself', needed],
    ['a wider one', { ...needed, Action: 'kms:*', Condition: undefined }],
    ['the actions one by one', { ...needed, Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:GenerateDataKeyWithoutPlaintext'] }],
    ['a wider condition', { ...needed, Condition: { StringLike: { 'AWS:SourceArn': ['arn:aws:cloudwatch:*'] } } }],
    ['more principals', { ...needed, Principal: { Service: ['logs.amazonaws.com', 'cloudwatch.amazonaws.com'] } }],
    ['anybody', { ...needed, Principal: '*' }],
  ])('is complete with %s', (_, statement) => {
    expect(lacking({ Statement: [statement] }, [needed])).toEqual([]);
  });

  test.each([
    ['one that denies', { ...needed, Effect: 'Deny' }],
    ['another service', { ...needed, Principal: { Service: 'sns.amazonaws.com' } }],
    ['fewer actions', { ...needed, Action: 'kms:Decrypt' }],
    ['another alarm', { ...needed, Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudwatch:eu-west-1:*' } } }],
    ['a condition more', { ...needed, Condition: { ...needed.Condition, StringEquals: { 'kms:ViaService': 'x' } } }],
    ['a condition of another kind', { ...needed, Condition: { StringNotEquals: { 'aws:SourceArn': 'x' } } }],
  ])('lacks it with %s', (_, statement) => {
    expect(lacking({ Statement: statement }, [needed])).toEqual([needed]);
  });

  test('may name the account by its number', () => {
    expect(lacking({ Statement: { ...root, Principal: { AWS: '111122223333' } } }, [root])).toEqual([]);
    expect(lacking({ Statement: { ...root, Principal: { AWS: '999' } } }, [root])).toEqual([root]);
  });

  test('may allow the actions in several statements', () => {
    expect(lacking({ Statement: [{ ...needed, Action: 'kms:Decrypt' }, { ...needed, Action: 'kms:Generate*' }] }, [needed])).toEqual([]);
  });
});

test.each([
  ['api.okyapp.info', true], ['*.okyapp.info', true], ['*.OKYAPP.info', true], ['okyapp.info', false], ['*.info', false], ['*.api.okyapp.info', false],
])('a certificate for %s is one for api.okyapp.info: %s', (name, isIt) => {
  expect(covers(name, 'api.okyapp.info')).toBe(isIt);
});
