import { ALL_ON, synthesise } from '../../scripts/deployments/synthesis';
import { CONTROLS } from '../../scripts/security-hub/controls';
import { OkyEgress } from '../../src';

const normal = synthesise();
const everything = synthesise(ALL_ON);

/** What the reference asks about: a row each, and no row that nobody asked for. */
const ASKED = [
  'CloudFormation.3', 'CloudFront.3', 'CloudFront.4', 'CloudFront.5', 'CloudFront.6', 'CloudFront.7', 'CloudFront.8', 'CloudFront.9', 'CloudFront.10',
  'CloudFront.15', 'CloudFront.17', 'EC2.2', 'EC2.6', 'EC2.10', 'EC2.15', 'EC2.55', 'EC2.56', 'EC2.57', 'EC2.58', 'EC2.60', 'EC2.172', 'ECR.1', 'ECR.2',
  'ECR.3', 'ECS.2', 'ECS.3', 'ECS.4', 'ECS.5', 'ECS.8', 'ECS.9', 'ECS.10', 'ECS.12', 'ECS.16', 'ECS.20', 'ELB.1', 'ELB.4', 'ELB.5', 'ELB.6', 'ELB.12', 'ELB.13',
  'ELB.17', 'ELB.18', 'ELB.21', 'ELB.22', 'IAM.21', 'KMS.1', 'KMS.2', 'RDS.2', 'RDS.3', 'RDS.6', 'RDS.7', 'RDS.8', 'RDS.9', 'RDS.12', 'RDS.13', 'RDS.15',
  'RDS.16', 'RDS.21', 'RDS.22', 'RDS.23', 'RDS.24', 'RDS.27', 'RDS.35', 'RDS.37', 'RDS.46', 'RDS.50', 'S3.1', 'S3.5', 'S3.8', 'S3.9', 'S3.12', 'S3.13',
  'SecretsManager.1', 'SecretsManager.4', 'SNS.4', 'WAF.10', 'WAF.12',
];

/** Of these three no template shows anything: a setting of the account, the past, and a group that AWS makes. */
const INVISIBLE = ['EC2.2', 'S3.1', 'SecretsManager.4'];

describe('a control of Security Hub', () => {
  test('has a row each', () => {
    expect(CONTROLS.map(({ id }) => id).sort()).toEqual([...ASKED].sort());
    expect(CONTROLS.filter(({ holds }) => !holds).map(({ id }) => id).sort()).toEqual([...INVISIBLE].sort());
  });

  test.each(CONTROLS.filter(({ holds }) => holds))('$id is met: $met', ({ met, holds }) => {
    const expected = met.startsWith('with ') ? [false, true] : met.startsWith('without ') ? [true, false] : [met === 'yes', met === 'yes'];
    expect([holds?.(normal), holds?.(everything)]).toEqual(expected);
  });

  test('that public addresses cost: ECS.2, and those that ask for endpoints of ECR', () => {
    const withPublicIp = synthesise({ network: { egress: OkyEgress.publicIp() } });
    expect(CONTROLS.filter(({ holds }) => holds?.(normal) !== holds?.(withPublicIp)).map(({ id }) => id)).toEqual(['EC2.55', 'EC2.56', 'ECS.2']);
  });

  test('that is not met has a reason', () => {
    expect(CONTROLS.filter(({ met, because }) => met === 'no' && because.split(' ').length < 8)).toEqual([]);
  });
});
