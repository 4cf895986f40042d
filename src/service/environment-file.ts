import * as fs from 'fs';
import { environmentFileFaults, type FileContext } from './environment-file-rules';
import { invalid } from '../private/validation';

/** Refuses a file that would keep tasks from starting, or do otherwise than it says. */
export function requireEnvironmentFile(file: string, context: FileContext): void {
  const prop = `${context.service}.environmentFile`;
  if (!fs.statSync(file, { throwIfNoEntry: false })?.isFile()) {
    throw invalid(prop, 'be the path of a file', file, 'give it from where the app is started, or leave it out');
  }
  const [fault] = environmentFileFaults(fs.readFileSync(file), context);
  if (fault) {
    throw invalid(fault.line === undefined ? prop : `${prop}, line ${fault.line},`, fault.must, fault.got ?? file, fault.fix);
  }
}
