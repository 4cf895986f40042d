/** The one form of every error: which prop, what it must be, what was given, and the fix. */
export function invalid(prop: string, must: string, got: unknown, fix: string): Error {
  return new Error(`${prop} must ${must}, got: ${show(got)}; ${fix}`);
}

/** The one form of every contradiction between two props. */
export function conflict(prop: string, other: string, fix: string): Error {
  return new Error(`${prop} can't be combined with ${other}; ${fix}`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? `[${value.map(show).join(', ')}]` : String(value);
}
