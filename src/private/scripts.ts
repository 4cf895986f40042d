/** A script without its full-line comments, which a template need not carry. */
export function withoutComments(script: string): string {
  return script.replace(/^\s*\/\/.*\n/gm, '');
}
