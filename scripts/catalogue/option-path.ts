import type { OkyBackendProps } from '../../src';

/** Whether a type is a group of options: an object with named properties that are all optional. */
type IsGroup<T> = T extends object ? {} extends T ? string extends keyof T ? false : true : false : false;

type Paths<T> = {
  [Name in keyof T & string]-?: IsGroup<NonNullable<T[Name]>> extends true ? Name | `${Name}.${Paths<NonNullable<T[Name]>>}` : Name;
}[keyof T & string];

/** The groups that change nothing if they are given without an option in them. */
type PlainGroup = 'api' | 'cms' | 'database' | 'edge' | 'network' | 'operators';

/** Options that are listed once: both services have the same ones, and so have both places of `scaling`. */
type Repeated = `cms.${string}` | `api.scaling.${string}`;

/** Each option by its path, such as `database.backupPlan.retention`. The compiler derives the list from `OkyBackendProps`. */
export type OptionPath = Exclude<Paths<OkyBackendProps>, PlainGroup | Repeated>;
