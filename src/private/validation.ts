import { CfnElement, Reference, Token, Tokenization } from 'aws-cdk-lib/core';
import { invalid } from './errors';

export { conflict, invalid } from './errors';

/** True for a value that is given and known now; tokens are resolved by CloudFormation and pass every validator. */
export function isKnown<T>(value: T | undefined): value is T {
  return value !== undefined && !Token.isUnresolved(value);
}

/** A value that decides what is made, and so can't be left to CloudFormation. */
export function requireKnown(prop: string, value: unknown, why: string, fix: string): void {
  if (Token.isUnresolved(value)) {
    throw new Error(`${prop} must be known at synthesis, ${why}, got: a token; ${fix}`);
  }
}

/** The resource or parameter of this app that a value is read from when it is deployed. */
export function sourceOf(value: string | number | undefined): CfnElement | undefined {
  const tokens = typeof value === 'string' ? Tokenization.reverseString(value).tokens : value === undefined ? [] : [Tokenization.reverseNumber(value)];
  return tokens.filter(Reference.isReference).map(({ target }) => target).find(CfnElement.isCfnElement);
}

/** A whole number within bounds. */
export function requireInteger(prop: string, value: number | undefined, min: number, max: number, fix: string): void {
  if (isKnown(value) && !(Number.isInteger(value) && value >= min && value <= max)) {
    throw invalid(prop, `be a whole number from ${min} to ${max}`, value, fix);
  }
}

/** A text that matches a pattern; `must` says in words what the pattern says. */
export function requirePattern(prop: string, value: string | undefined, pattern: RegExp, must: string, fix: string): void {
  if (isKnown(value) && !pattern.test(value)) {
    throw invalid(prop, must, value, fix);
  }
}
