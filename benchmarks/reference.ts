import * as fs from 'fs';
import * as path from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HandWrittenStack } from './hand-written';
import { PeersStack } from './peers';
import type { Template } from '../scripts/template/template';
import { OkyBackend, type OkyBackendProps } from '../src';

const EXAMPLE = path.join(__dirname, '..', 'examples', 'okyapp-info');
const ACCOUNT = '111122223333';
const REGION = 'eu-west-2';

/** What would be looked up in an account. */
export const CONTEXT = JSON.parse(fs.readFileSync(path.join(EXAMPLE, 'cdk.context.json'), 'utf8')) as Record<string, unknown>;

function templateOf(make: (app: App) => Stack): Template {
  const app = new App({ context: CONTEXT });
  const { stackName } = make(app);
  return app.synth().getStackByName(stackName).template as Template;
}

/** examples/okyapp-info, from the sources, with more props or without. */
export function libraryTemplate(more: Partial<OkyBackendProps> = {}): Template {
  return templateOf(app => {
    const stack = new Stack(app, 'OkyappInfo', { env: { account: ACCOUNT, region: REGION } });
    const certificate = (id: string, region: string, name: string) =>
      Certificate.fromCertificateArn(stack, id, `arn:aws:acm:${region}:${ACCOUNT}:certificate/${name}`);
    const service = (name: string) => ({
      imageTag: '2025_05', repositoryName: `oky/${name}_en`, environmentFileKey: `project_oky_${name}_task_configuration.env`,
    });
    new OkyBackend(stack, 'Oky', {
      domainName: 'okyapp.info',
      certificate: certificate('Certificate', REGION, '11111111-2222-3333-4444-555555555555'),
      edgeCertificate: certificate('EdgeCertificate', 'us-east-1', '66666666-7777-8888-9999-000000000000'),
      api: service('api'),
      cms: service('cms'),
      ...more,
    });
    return stack;
  });
}

export function handWrittenTemplate(): Template {
  return templateOf(app => new HandWrittenStack(app, 'OkyappInfo'));
}

export function peersTemplate(): Template {
  return templateOf(app => new PeersStack(app, 'OkyappInfo'));
}
