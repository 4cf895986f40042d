import * as fc from 'fast-check';

/** A text with a character that no name, tag, path, range, ARN or domain has. */
export const garbled = fc.tuple(fc.string({ maxLength: 20 }), fc.constantFrom(' ', '<', '\n', 'é', '`')).map(parts => parts.join(''));

/** Numbers that are not whole numbers from min to max. */
export function outside(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.integer({ min: -1_000_000, max: min - 1 }),
    fc.integer({ min: max + 1, max: max + 1_000_000 }),
    fc.integer({ min, max }).map(value => value + 0.5),
    fc.constantFrom(NaN, Infinity, -Infinity),
  );
}
