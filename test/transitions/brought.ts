import type { Loss } from './impact';
import { OPTIONS } from '../../scripts/catalogue/catalogue';
import { optionsOf } from '../../scripts/deployments/option-sets';
import type { OkyBackendProps } from '../../src';
import type { Overrides } from '../helpers';

/** A resource that comes with one of these options, and that may go when the option changes. */
export interface Brought {
  readonly by: readonly string[];
  readonly id: RegExp;
  readonly how: Loss['how'];
}

export const BROUGHT: readonly Brought[] = OPTIONS.flatMap(([option, { brings = [] }]) => brings.map(each => ({ by: [option], ...each })));

const props = new Map<Overrides, Partial<OkyBackendProps>>();

/** An option by its path, as text. */
function given(overrides: Overrides, path: string): string {
  const all = props.get(overrides) ?? optionsOf(overrides);
  props.set(overrides, all);
  const value = path.split('.').reduce<unknown>((each, name) => (each as Record<string, unknown> | undefined)?.[name], all);
  // A construct has no text, and is another one in each deployment.
  return JSON.stringify(value, (_, each: unknown) => typeof each === 'object' && each !== null && 'node' in each ? 'a construct' : each) ?? 'left out';
}

export function isBrought({ id }: Loss, [from, to]: [Overrides, Overrides], { by, id: pattern }: Pick<Brought, 'by' | 'id'>): boolean {
  return pattern.test(id) && by.some(path => given(from, path) !== given(to, path));
}
