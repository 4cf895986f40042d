import * as path from 'path';
import * as ts from 'typescript';
import { generate, KINDS } from './helpers';

const ROOT = path.join(__dirname, '..', '..');

test('the TypeScript of every kind compiles with the compiler options that are written beside it, and its tests do', async () => {
  const kinds = await Promise.all(Object.values(KINDS).map(generate));
  const files = new Map(kinds.map((written, index) => [path.join(ROOT, 'generated', `${index}`, 'app.ts'), written['app.ts']]));
  // The tests are the same in all.
  files.set(path.join(ROOT, 'generated', '0', 'app.test.ts'), kinds[0]['app.test.ts']);
  const { compilerOptions } = JSON.parse(kinds[0]['tsconfig.json']) as { compilerOptions: object };
  const { options, errors } = ts.convertCompilerOptionsFromJson({ ...compilerOptions, paths: { 'cdk-oky-backend': ['./src/index.ts'] } }, ROOT);
  expect(errors).toEqual([]);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile } = host;
  host.fileExists = name => files.has(path.normalize(name)) || fileExists(name);
  host.readFile = name => files.get(path.normalize(name)) ?? readFile(name);
  // The folders are not there either.
  host.directoryExists = undefined;
  const program = ts.createProgram([...files.keys()], options, host);
  const faults = [...files.keys()].flatMap(name => ts.getPreEmitDiagnostics(program, program.getSourceFile(name))
    .map(({ messageText }) => `${path.relative(ROOT, name)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`));
  expect(faults).toEqual([]);
});
