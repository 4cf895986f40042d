import { isUtf8 } from 'buffer';
import type { ServiceName } from '../private/names';

const BYTE_ORDER_MARK = '\uFEFF';
const AS_UNIX = 'save it as UTF-8 without a byte-order mark, and with the line ends of Unix (LF)';

/** Further variables that the image of each service reads, which may be in its environment file. */
export const OPTIONAL_VARIABLES: Record<ServiceName, readonly string[]> = {
  api: ['DELETE_ACCOUNT_URL', 'USE_AVATAR_CUSTOMIZATION'],
  cms: ['STORAGE_BASE_URL', 'STORAGE_BUCKET'],
};

/**
 * What the value of a variable must be, and the fix; undefined if the app can use it, as it can use none.
 *
 * @see https://fetch.spec.whatwg.org/#origin-header
 */
export function valueFault(variable: string, value: string): [must: string, fix: string] | undefined {
  switch (value && variable) {
    case 'DELETE_ACCOUNT_URL':
      return isOrigin(value) ? undefined : ['be the origin of the page, such as https://delete.example.org',
        'leave out the path and the slash at the end: the API compares it with the origin that the browser sends, in lower case'];
    case 'USE_AVATAR_CUSTOMIZATION':
      return /^(true|false)$/.test(value) ? undefined : ['be true or false', 'the API takes anything else for false'];
    case 'STORAGE_BASE_URL':
      return /^https:\/\/\S+\/$/.test(value) ? undefined : ['be an address that begins with https:// and ends with a slash',
        'the CMS puts the name of the file right behind it: https://firebasestorage.googleapis.com/v0/b/BUCKET/o/'];
    default:
      return undefined;
  }
}

function isOrigin(value: string): boolean {
  try {
    return new URL(value).origin === value && value.startsWith('https://');
  } catch {
    return false;
  }
}

/** What an environment file must not hold, since the construct sets it, or since it is a secret. */
export interface FileContext {
  readonly service: ServiceName;
  /** Names that are set as environment or secrets, which win over the file. */
  readonly set: ReadonlySet<string>;
}

/** What is wrong with a file, or with a line of it. */
export interface FileFault {
  /** From 1; undefined for the whole file. */
  readonly line?: number;
  readonly must: string;
  /** The variable of the line, without its value: what is wrong may be that it is a secret. */
  readonly got?: string;
  readonly fix: string;
}

/**
 * What would keep tasks from starting, or do otherwise than the file says. ECS takes each line as it is. The command line
 * uses it too, so nothing here needs the CDK.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/use-environment-file.html
 */
export function environmentFileFaults(content: Buffer, context: FileContext): FileFault[] {
  const text = content.toString();
  const wrong = !isUtf8(content) ? 'be text in UTF-8'
    : text.startsWith(BYTE_ORDER_MARK) ? 'not begin with a byte-order mark, which becomes part of the first name'
      : text.includes('\r') ? 'not have the line ends of Windows, which become part of each value' : undefined;
  if (wrong !== undefined) {
    return [{ must: wrong, fix: AS_UNIX }];
  }
  const names = new Set<string>();
  return text.split('\n').flatMap((line, index) => {
    const fault = line === '' || line.startsWith('#') ? undefined : faultOf(line, context, names);
    return fault ? [{ line: index + 1, got: line.includes('=') ? line.split('=')[0] : '…', must: fault[0], fix: fault[1] }] : [];
  });
}

/** What the line must be, and the fix. */
function faultOf(line: string, { service, set }: FileContext, names: Set<string>): [must: string, fix: string] | undefined {
  const [, name, value] = /^([A-Za-z_]\w*)=(.*)$/.exec(line) ?? [];
  if (name === undefined) {
    return ['be VARIABLE=value', 'write it so, without spaces or export before it'];
  }
  if (/^["'\s]|["'\s]$/.test(value)) {
    return ['have a value without quotes or spaces around it', 'take them away: they become part of the value'];
  }
  if (names.has(name)) {
    return ['not repeat a variable', 'keep one of the lines'];
  }
  names.add(name);
  if (set.has(name)) {
    return ['not set what the construct sets, which wins over the file', 'take the line out'];
  }
  if (/SECRET|PASSWORD|TOKEN|PRIVATE_KEY/.test(name)) {
    return ['not hold a secret', `put it into Secrets Manager and give it in ${service}.secrets`];
  }
  if (service === 'cms' && name === 'GOOGLE_APPLICATION_CREDENTIALS') {
    return ['not name a file, which the image does not have',
      'give the secret that holds it in cms.googleCredentials, or its path in cms.environment if the image is one that has it'];
  }
  if (!OPTIONAL_VARIABLES[service].includes(name)) {
    return ['be one that the image reads', `give it in ${service}.environment if the image is one that does`];
  }
  return valueFault(name, value);
}
