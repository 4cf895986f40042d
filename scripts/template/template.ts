/** What a proof may know: the JSON that CloudFormation gets, and nothing of the code that made it. */
export type Value = string | number | boolean | null | Value[] | { [key: string]: Value };

export interface Resource {
  Type: string;
  Properties?: Record<string, Value>;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
  CreationPolicy?: Value;
}

export interface Template {
  Resources: Record<string, Resource>;
  Parameters?: Record<string, Value>;
  Conditions?: Record<string, Value>;
  Mappings?: Record<string, Value>;
  Outputs?: Record<string, Value>;
}

/** A resource with what its type has for properties, as far as a proof looks at them. */
export interface Found<P> {
  readonly id: string;
  readonly properties: P;
}

/** An IAM statement, of an identity or of a resource. */
export interface Statement {
  readonly Effect: string;
  readonly Principal?: Value;
  readonly NotPrincipal?: Value;
  readonly Action?: Value;
  readonly NotAction?: Value;
  readonly Resource?: Value;
  readonly NotResource?: Value;
  readonly Condition?: Record<string, Record<string, Value>>;
}

/** All resources of a type. Each proof says which properties it reads; what is absent in the template is undefined. */
export function all<P>(template: Template, type: string): Found<P>[] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type)
    .map(([id, { Properties = {} }]) => ({ id, properties: Properties as P }));
}

export function isObject(value: unknown): value is Record<string, Value> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function list<T>(value: T | T[] | undefined | null): T[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** What a value leads to: the logical id of a resource, or the text itself. */
export function target(value: Value | undefined): string {
  if (isObject(value)) {
    const attribute = value['Fn::GetAtt'];
    const id = value.Ref ?? (typeof attribute === 'string' ? attribute.split('.')[0] : list(attribute)[0]);
    if (typeof id === 'string') {
      return id;
    }
  }
  return text(value);
}

/** A value as one text, references as `${Id}` and `${Id.Attribute}`: alike if CloudFormation would make the same of them. */
export function text(value: Value | undefined): string {
  if (!isObject(value)) {
    return Array.isArray(value) ? `[${value.map(text).join(',')}]` : String(value);
  }
  const { Ref: ref, 'Fn::GetAtt': attribute, 'Fn::Join': join, 'Fn::Sub': sub } = value;
  if (typeof ref === 'string') {
    return `\${${ref}}`;
  }
  if (attribute !== undefined) {
    return `\${${list(attribute).map(text).join('.')}}`;
  }
  if (Array.isArray(join)) {
    return list(join[1]).map(text).join(text(join[0]));
  }
  return typeof sub === 'string' ? sub : JSON.stringify(value);
}

/** Everything within a value, itself first. */
export function* walk(value: Value | undefined): Generator<Value> {
  if (value === undefined) {
    return;
  }
  yield value;
  for (const child of Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []) {
    yield* walk(child);
  }
}

/** The statements of a policy document, which may be a single one. */
export function statements(document: Value | undefined): Statement[] {
  return isObject(document) ? list(document.Statement).filter(isObject).map(statement => statement as unknown as Statement) : [];
}

/** What is there and should not be, and what should be there and is not. */
export function differences(what: string, actual: Iterable<string>, expected: Iterable<string>): string[] {
  const [has, wants] = [new Set(actual), new Set(expected)];
  return [
    ...[...has].filter(each => !wants.has(each)).map(each => `${what}: ${each}, which should not be`),
    ...[...wants].filter(each => !has.has(each)).map(each => `${what}: no ${each}`),
  ];
}

export function expectCount(what: string, found: unknown[], count: number): string[] {
  return found.length === count ? [] : [`there are ${found.length} ${what}, not ${count}`];
}

/** Whether a pattern with `*` and `?` matches all of a text. */
export function matchesWildcards(pattern: string, value: string): boolean {
  const expression = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.');
  return new RegExp(`^${expression}$`, 's').test(value);
}
