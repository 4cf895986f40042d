import { parseArgs } from 'util';
import { comparisonText } from './comparison';
import { templatesOf } from './templates';
import type { OkyUsage } from '../../cost/cost-options';
import { estimate, estimateText } from '../../cost/estimate';
import { type Assembled, readAssembly, UnusableCall } from '../doctor/assembly';

const USAGE = `Usage: npx cdk synth --quiet && npx cdk-oky-backend cost [options]

Estimates what the deployment in the cloud assembly costs a month, from AWS's list prices. It needs no AWS account.

  --app <folder>          the cloud assembly that cdk synth wrote (default: cdk.out)
  --stack <name>          the stack with the backend, if there are several
  --region <region>       the region of the prices, for an app that leaves it open
  --database-hours <n>    the hours a day that the database is awake, 0 to 24 (default: 8)
  --requests <n>          the requests of a month, in millions (default: 1)
  --against <folder>      another cloud assembly of the same app, such as that of the main branch: print what changes
  --json                  print the estimate as JSON
  --help                  print this

To see the cost of a change before you deploy it:

  npx cdk synth --quiet --output before.out     # without the change
  npx cdk synth --quiet                         # with it
  npx cdk-oky-backend cost --against before.out

Exit code: 0, or 2 if the call can't be answered.`;

const OPTIONS = {
  'app': { type: 'string', default: 'cdk.out' },
  'stack': { type: 'string' },
  'region': { type: 'string' },
  'database-hours': { type: 'string' },
  'requests': { type: 'string' },
  'against': { type: 'string' },
  'json': { type: 'boolean', default: false },
  'help': { type: 'boolean', default: false },
} as const;

/** The command `cost`; gives the exit code. */
export async function cost(args: readonly string[]): Promise<number> {
  try {
    const { values } = parse(args);
    if (values.help) {
      console.log(USAGE);
      return 0;
    }
    const now = readAssembly(values.app, values.stack);
    const before = values.against === undefined ? undefined : counterpart(values.against, now, values.stack);
    const estimateOf = ({ main, companions }: Assembled) => {
      const usage: OkyUsage = {
        region: values.region ?? main.region,
        databaseHoursADay: quantity('--database-hours', values['database-hours'], 24),
        millionRequests: quantity('--requests', values.requests, Infinity),
      };
      return estimate([main, ...companions].flatMap(templatesOf), usage);
    };
    const after = estimateOf(now);
    if (before) {
      const earlier = estimateOf(before);
      console.log(values.json ? JSON.stringify({ before: earlier, after }, undefined, 2) : comparisonText(
        { name: `${before.main.path} in ${values.against}`, estimate: earlier }, { name: `${now.main.path} in ${values.app}`, estimate: after },
      ));
      return 0;
    }
    console.log(values.json ? JSON.stringify(after, undefined, 2) : estimateText(after));
    return 0;
  } catch (error) {
    if (!(error instanceof UnusableCall)) {
      throw error;
    }
    console.error(`cost: ${error.message}`);
    return 2;
  }
}

/** The same deployment in another assembly; where that has only one deployment, that one. */
function counterpart(folder: string, { main }: Assembled, wanted: string | undefined): Assembled {
  try {
    return readAssembly(folder, wanted ?? main.path);
  } catch (error) {
    // The stack may have had another name: the text of the comparison names both.
    if (error instanceof UnusableCall && wanted === undefined) {
      return readAssembly(folder);
    }
    throw error;
  }
}

function quantity(flag: string, text: string | undefined, most: number): number | undefined {
  const value = Number(text);
  if (text !== undefined && !(text !== '' && value >= 0 && value <= most)) {
    throw new UnusableCall(`${flag} must be a number ${most === Infinity ? 'of 0 or more' : `from 0 to ${most}`}, got: '${text}'; give one such as 8`);
  }
  return text === undefined ? undefined : value;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS });
  } catch (error) {
    throw new UnusableCall(`${(error as Error).message}\n\n${USAGE}`);
  }
}
