import { isUtf8 } from 'buffer';
import * as fs from 'fs';
import { CONTAINERS } from './containers';
import type { ServiceName } from '../private/names';
import { invalid } from '../private/validation';

const BYTE_ORDER_MARK = '\uFEFF';
const AS_UNIX = 'save it as UTF-8 without a byte-order mark, and with the line ends of Unix (LF)';

/** What an environment file must not hold, since the construct sets it, or since it is a secret. */
export interface FileContext {
  readonly service: ServiceName;
  /** Names that are set as environment or secrets, which win over the file. */
  readonly set: ReadonlySet<string>;
}

/**
 * Refuses a file that would keep tasks from starting, or do otherwise than it says. ECS takes each line as it is.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
 */
export function requireEnvironmentFile(file: string, context: FileContext): void {
  const prop = `${context.service}.environmentFile`;
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw invalid(prop, 'be the path of a file', file, 'give it from where the app is started, or leave it out');
  }
  const content = fs.readFileSync(file);
  if (!isUtf8(content)) {
    throw invalid(prop, 'be text in UTF-8', file, AS_UNIX);
  }
  const text = content.toString();
  if (text.startsWith(BYTE_ORDER_MARK)) {
    throw invalid(prop, 'not begin with a byte-order mark, which becomes part of the first name', file, AS_UNIX);
  }
  if (text.includes('\r')) {
    throw invalid(prop, 'not have the line ends of Windows, which become part of each value', file, AS_UNIX);
  }
  const names = new Set<string>();
  text.split('\n').forEach((line, index) => {
    const refuse = (must: string, fix: string) => {
      // Not the value: what is wrong may be that it is a secret.
      throw invalid(`${prop}, line ${index + 1},`, must, line.includes('=') ? line.split('=')[0] : '…', fix);
    };
    if (line === '' || line.startsWith('#')) {
      return;
    }
    const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      return refuse('be VARIABLE=value', 'write it so, without spaces or export before it');
    }
    if (/^["'\s]|["'\s]$/.test(value)) {
      refuse('have a value without quotes or spaces around it', 'take them away: they become part of the value');
    }
    if (names.has(name)) {
      refuse('not repeat a variable', 'keep one of the lines');
    }
    names.add(name);
    if (context.set.has(name)) {
      refuse('not set what the construct sets, which wins over the file', 'take the line out');
    }
    if (/SECRET|PASSWORD|TOKEN|PRIVATE_KEY/.test(name)) {
      refuse('not hold a secret', `put it into Secrets Manager and give it in ${context.service}.secrets`);
    }
    if (context.service === 'cms' && name === 'GOOGLE_APPLICATION_CREDENTIALS') {
      refuse('not name a file, which the image does not have', 'give the secret that holds it in cms.googleCredentials, or its path in cms.environment if the image is one that has it');
    }
    if (!CONTAINERS[context.service].optionalVariables.includes(name)) {
      refuse('be one that the image reads', `give it in ${context.service}.environment if the image is one that does`);
    }
  });
}
