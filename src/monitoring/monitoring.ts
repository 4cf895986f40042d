import type * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as ec2 from 'aws-cdk-lib/aws-ec2';
import type * as ecs from 'aws-cdk-lib/aws-ecs';
import type * as elbv2 from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { addCertificateEvents, addHealthEvents, addKeyEvents } from './account-events';
import { AlarmTopic } from './alarm-topic';
import { Alarms } from './alarms';
import { Dashboard } from './dashboard';
import { DatabaseAlarms, databaseMetrics } from './database-alarms';
import { addBackupEvents, addDatabaseEvents } from './database-events';
import { edgeMetrics } from './edge-metrics';
import { EventMessages } from './event-messages';
import { addBalancerAlarm, addCertificateAlarm, balancerMetrics } from './load-balancer-alarms';
import type { MonitoringSettings } from './monitoring-settings';
import { addNatInstanceAlarm } from './nat-alarms';
import { ServiceAlarms, serviceMetrics } from './service-alarms';
import { addServiceEvents } from './service-events';
import type { IOkyDatabase } from '../database/database-options';
import type { DatabaseSettings } from '../database/database-settings';
import type { PhysicalNames } from '../private/names';
import { isInUsEast1 } from '../private/regions';
import type { IOkyService } from '../service/service-options';
import type { ServiceSettings } from '../service/service-settings';
import type { EncryptionKeys } from '../storage/encryption-keys';

export interface MonitoringProps {
  readonly settings: MonitoringSettings;
  readonly names: PhysicalNames;
  readonly encryption: EncryptionKeys;
  /** The NAT instances that are made here. */
  readonly natInstances: ec2.Instance[];
  readonly cluster: ecs.ICluster;
  readonly services: { readonly service: IOkyService; readonly settings: ServiceSettings }[];
  readonly database: IOkyDatabase;
  readonly databaseSettings: DatabaseSettings;
  readonly loadBalancer: elbv2.ApplicationLoadBalancer;
  readonly certificate: acm.ICertificate;
  readonly distributionId: string;
  readonly hasWebAcl: boolean;
}

/** The alarms of the deployment's region, what hears them, and the dashboard. Those of CloudFront are made in us-east-1. */
export class Monitoring extends Construct {
  public readonly topic: sns.ITopic;
  public readonly dashboard?: cloudwatch.Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { settings, names } = props;
    this.topic = settings.alarmTopic ?? new AlarmTopic(this, 'Topic', {
      names,
      alarmEmail: settings.alarmEmail,
      hearsBudget: isInUsEast1(this) && settings.monthlyBudgetUsd !== undefined,
    }).topic;
    const alarms = new Alarms(this, 'Alarms', names, this.topic);
    const services = props.services.map(each => ({
      ...each,
      title: each.settings.name.toUpperCase(),
      logGroup: each.service.logGroup,
      metrics: serviceMetrics(each.service, each.settings, names),
    }));
    services.forEach(each => new ServiceAlarms(this, each.service.node.id, { names, alarms, ...each }));
    const balancer = balancerMetrics(props.loadBalancer);
    addBalancerAlarm(alarms, balancer);
    addCertificateAlarm(alarms, 'Certificate', props.certificate, 'the load balancer');
    const database = databaseMetrics(props.database.cluster);
    new DatabaseAlarms(this, 'Database', { alarms, settings: props.databaseSettings, metrics: database });
    props.natInstances.forEach((instance, index) => addNatInstanceAlarm(alarms, instance, index));
    const messages = new EventMessages(this, 'Events', {
      names,
      topic: this.topic,
      topicKey: settings.alarmTopic?.masterKey,
      isReadBySlack: settings.slack !== undefined,
    });
    addServiceEvents(messages, alarms, { cluster: props.cluster, services: services.map(({ service }) => service) });
    addDatabaseEvents(messages, props.database.cluster);
    if (props.databaseSettings.backupPlan) {
      addBackupEvents(messages);
    }
    addKeyEvents(messages, props.databaseSettings.encryptionKey ?? props.encryption.databaseKey);
    addCertificateEvents(messages, props.certificate);
    addHealthEvents(messages, 'regional');
    if (settings.dashboard) {
      this.dashboard = new Dashboard(this, 'Dashboard', {
        names,
        edge: edgeMetrics(names, props.distributionId),
        hasWebAcl: props.hasWebAcl,
        balancer,
        services,
        database,
        isServerless: props.databaseSettings.instanceType === undefined,
      }).dashboard;
    }
  }
}
