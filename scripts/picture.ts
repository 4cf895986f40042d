/** Draws docs/architecture.svg anew, from the templates of today: `npx tsx scripts/picture.ts`. */
import * as fs from 'fs';
import * as path from 'path';
import * as route53 from 'aws-cdk-lib/aws-route53';
import type { Overrides } from './deployments/sample';
import { synthesise } from './deployments/synthesis';
import { type Picture, pictureOf } from './picture/model';
import { svgOf } from './picture/svg';

export const PICTURE = path.join(__dirname, '..', 'docs', 'architecture.svg');

/** The default, with what most deployments add to it: a hosted zone, and the firewall. */
const DRAWN: Overrides = stack => ({
  hostedZone: route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', { hostedZoneId: 'Z0123456789EXAMPLE01', zoneName: 'okyapp.info' }),
  certificate: undefined,
  edgeCertificate: undefined,
  waf: {},
});

export function drawn(): Picture {
  return pictureOf(synthesise(DRAWN));
}

if (require.main === module) {
  process.env.CDK_VALIDATION = 'false';
  void svgOf(drawn()).then(svg => fs.writeFileSync(PICTURE, svg));
}
