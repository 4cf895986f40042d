import * as s3 from 'aws-cdk-lib/aws-s3';
import { Aws, CfnParameter, Fn, Lazy } from 'aws-cdk-lib/core';
import { conflict, invalid, isKnown, requireInteger, requireKnown, requirePattern, sourceOf } from '../../src/private/validation';
import { makeStack, messageOf } from '../helpers';

const TOKENS = {
  'a lazy string': Lazy.string({ produce: () => 'x' }),
  'a lazy number': Lazy.number({ produce: () => 1 }),
  'a reference': Fn.ref('Parameter'),
  'a text around a reference': `a-${Fn.ref('Parameter')}-b`,
  'a parameter\'s text': new CfnParameter(makeStack(), 'Text').valueAsString,
  'a parameter\'s number': new CfnParameter(makeStack(), 'Number', { type: 'Number' }).valueAsNumber,
};

describe('a value is known', () => {
  test.each([0, '', false, null, 'text', []])('if it is %j', value => expect(isKnown<unknown>(value)).toBe(true));

  test.each([undefined, ...Object.values(TOKENS)])('but not if it is %j', value => expect(isKnown(value)).toBe(false));
});

describe('an error names prop, value and fix', () => {
  test.each([
    ['text', "'text'"],
    ['', "''"],
    [1.5, '1.5'],
    [undefined, 'undefined'],
    [['a', 'b'], "['a', 'b']"],
    [[], '[]'],
  ])('and shows %j as %s', (value, shown) => {
    expect(invalid('some.prop', 'be better', value, 'mend it').message).toBe(`some.prop must be better, got: ${shown}; mend it`);
  });

  test('or the two props that contradict each other', () => {
    expect(conflict('some.prop', 'other.prop', 'leave one of the two out').message)
      .toBe("some.prop can't be combined with other.prop; leave one of the two out");
  });
});

describe('a whole number within bounds', () => {
  const check = (value: number | undefined) => requireInteger('some.prop', value, 1, 5, 'use 3');

  test.each([1, 5, undefined, TOKENS['a lazy number'], TOKENS['a parameter\'s number']])('may be %d', value => {
    expect(() => check(value)).not.toThrow();
  });

  test.each([0, 6, -1, 1.5, NaN, Infinity])('may not be %d', value => {
    expect(messageOf(() => check(value))).toBe(`some.prop must be a whole number from 1 to 5, got: ${value}; use 3`);
  });
});

describe('a text of a pattern', () => {
  const check = (value: string | undefined) => requirePattern('some.prop', value, /^a+$/, 'be of a', "use 'a'");

  test.each(['a', undefined, TOKENS['a lazy string'], TOKENS['a text around a reference'], TOKENS['a parameter\'s text']])('may be %j', value => {
    expect(() => check(value)).not.toThrow();
  });

  test.each(['', 'b', 'a\n'])('may not be %j', value => {
    expect(messageOf(() => check(value))).toBe(`some.prop must be of a, got: '${value}'; use 'a'`);
  });
});

describe('a value that decides what is made', () => {
  test.each([undefined, 0, '', 'text'])('may be %j', value => {
    expect(() => requireKnown('some.prop', value, 'as it decides', 'give it')).not.toThrow();
  });

  test.each(Object.entries(TOKENS))('may not be %s', (_, value) => {
    expect(messageOf(() => requireKnown('some.prop', value, 'as it decides', 'give it')))
      .toBe('some.prop must be known at synthesis, as it decides, got: a token; give it');
  });
});

describe('what a value is read from', () => {
  const stack = makeStack();
  const text = new CfnParameter(stack, 'Text');
  const number = new CfnParameter(stack, 'Number', { type: 'Number' });
  const bucket = new s3.Bucket(stack, 'Bucket');

  test.each([
    ['a parameter', text.valueAsString, text],
    ['a parameter in a text', `a-${text.valueAsString}-b`, text],
    ['a parameter for a number', number.valueAsNumber, number],
    ['a resource', bucket.bucketArn, bucket.node.defaultChild],
  ])('is %s', (_, value, source) => expect(sourceOf(value)).toBe(source));

  test.each([undefined, 'text', 3, Aws.REGION, TOKENS['a lazy string'], TOKENS['a lazy number'], Fn.importValue('Other')])('is nothing for %j', value => {
    expect(sourceOf(value)).toBeUndefined();
  });
});
