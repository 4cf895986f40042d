import * as fs from 'fs';
import * as path from 'path';
import { templateOf } from '../helpers';

const PAGE = fs.readFileSync(path.join(__dirname, '..', '..', 'docs', 'releases.md'), 'utf8');

/** A number of seconds in the table of docs/releases.md, by the beginning of its row. */
function seconds(row: string): number {
  const [, found] = new RegExp(`^\\| \\**${row}[^|]*\\| (?:about )?\\**(\\d+)\\**`, 'm').exec(PAGE)!;
  return Number(found);
}

describe('the time that a bad image lasts, in docs/releases.md', () => {
  const template = templateOf();
  const [{ Properties: service }] = Object.values(template.findResources('AWS::ECS::Service'));
  const [{ Properties: group }] = Object.values(template.findResources('AWS::ElasticLoadBalancingV2::TargetGroup'));
  const attributes = group.TargetGroupAttributes as { Key: string; Value: string }[];
  const deregistration = Number(attributes.find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')!.Value);
  const START = seconds('network interface');
  const NOTICED = seconds('until ECS sees it');

  test('has the numbers of the templates', () => {
    expect(seconds('grace period')).toBe(service.HealthCheckGracePeriodSeconds);
    expect(seconds('the target is unhealthy')).toBe(group.UnhealthyThresholdCount * group.HealthCheckIntervalSeconds);
    expect(seconds('the requests of the stopped task')).toBe(deregistration);
    expect(service.DeploymentConfiguration).toMatchObject({
      DeploymentCircuitBreaker: { Enable: true, Rollback: true }, MinimumHealthyPercent: 100, MaximumPercent: 200,
    });
  });

  test('adds up, to about ten minutes', () => {
    // The target is unhealthy before the grace period is over, which then decides.
    expect(seconds('the target is unhealthy')).toBeLessThan(seconds('grace period'));
    const attempt = START + seconds('grace period') + NOTICED;
    const failures = Math.min(200, Math.max(3, Math.ceil(0.5 * service.DesiredCount)));
    expect([seconds('one attempt'), seconds('three attempts')]).toEqual([attempt, failures * attempt]);
    expect(PAGE).toContain(`if the next attempt waited for it each time: ${failures * (attempt + deregistration)} s`);
    expect(failures * attempt).toBeLessThanOrEqual(10 * 60);
    expect(failures * (attempt + deregistration)).toBeLessThanOrEqual(12 * 60);
  });

  test('leaves a task time to wait for a database that resumes after a day', () => {
    const [resume, boot] = [30, 30];
    expect(service.HealthCheckGracePeriodSeconds).toBeGreaterThanOrEqual(resume + boot + 2 * group.HealthCheckIntervalSeconds);
  });
});
