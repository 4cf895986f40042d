import { US_EAST_1 } from './credentials';
import { type Check, forEach } from '../check';
import { finding } from '../findings';

/**
 * The roles that services of AWS work with in an account, by what needs them first. A service creates its role with the first such resource and
 * uses it at once; IAM needs a moment longer, so the first deployment of an account fails, above all at its ECS cluster.
 *
 * @see https://github.com/aws-cloudformation/cloudformation-coverage-roadmap/issues/818
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using-service-linked-roles.html
 * @see https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/elb-service-linked-roles.html
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAM.ServiceLinkedRoles.html
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-service-linked-roles.html
 */
const ROLES: Record<string, { readonly role: string; readonly service: string }> = {
  'AWS::ECS::Cluster': { role: 'AWSServiceRoleForECS', service: 'ecs.amazonaws.com' },
  'AWS::ElasticLoadBalancingV2::LoadBalancer': { role: 'AWSServiceRoleForElasticLoadBalancing', service: 'elasticloadbalancing.amazonaws.com' },
  'AWS::RDS::DBCluster': { role: 'AWSServiceRoleForRDS', service: 'rds.amazonaws.com' },
  'AWS::ApplicationAutoScaling::ScalableTarget': {
    role: 'AWSServiceRoleForApplicationAutoScaling_ECSService', service: 'ecs.application-autoscaling.amazonaws.com',
  },
};

export const serviceLinkedRoles: Check = {
  name: 'service-linked roles',
  run: async ({ aws, deployment }) => forEach(Object.keys(ROLES).filter(type => deployment.toBeMade(type).length > 0), async type => {
    const { role, service } = ROLES[type];
    const found = await aws.find<object>(/^NoSuchEntity$/, 'iam', 'get-role', ['--role-name', role], US_EAST_1);
    return found ? [] : [finding('service-linked-role', `the account has no role ${role}, which ${type} needs`,
      aws.command(['iam', 'create-service-linked-role', '--aws-service-name', service]), 'wait a minute after it before you deploy')];
  }),
};
