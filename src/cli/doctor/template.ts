/** A template as CDK writes it. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, { readonly Default?: unknown }>;
  readonly Outputs?: Record<string, { readonly Value: unknown }>;
}

/** A resource of a template. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
}

/** What a template leaves open: answers for names it refers to, undefined where they are not known yet. */
export interface Names {
  readonly parameter: (name: string) => string | undefined;
  readonly attribute: (logicalId: string, attribute: string) => string | undefined;
  readonly stackOutput: (stackName: string, output: string) => string | undefined;
}

/** What is at a place in a JSON value. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => (typeof inner === 'object' && inner !== null ? (inner as Record<string | number, unknown>)[key] : undefined), value);
}

/** The list at a place in a JSON value; none is an empty one. */
export function listAt(value: unknown, ...path: (string | number)[]): readonly unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The text that CloudFormation will make of a value of the template; undefined if a part of it is not known yet. */
export function evaluate(value: unknown, names: Names): string | undefined {
  const [result] = valuesOf(value, names) ?? [];
  return result;
}

/** A text is a list of one, so that `Fn::Split` and what selects from it need nothing else. */
function valuesOf(value: unknown, names: Names): readonly string[] | undefined {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return [String(value)];
  }
  if (Array.isArray(value)) {
    return allKnown(value.map(each => evaluate(each, names)));
  }
  const [[name, argument]] = typeof value === 'object' && value !== null && Object.keys(value).length === 1 ? Object.entries(value) : [['', undefined]];
  const one = (text: string | undefined) => text === undefined ? undefined : [text];
  switch (name) {
    case 'Ref':
      return one(names.parameter(String(argument)));
    case 'Fn::GetAtt':
      return one(names.attribute(String(at(argument, 0)), String(at(argument, 1))));
    case 'Fn::GetStackOutput':
      return one(names.stackOutput(String(at(argument, 'StackName')), String(at(argument, 'OutputName'))));
    case 'Fn::Join': {
      const parts = valuesOf(at(argument, 1), names);
      return parts && [parts.join(String(at(argument, 0)))];
    }
    case 'Fn::Split':
      return evaluate(at(argument, 1), names)?.split(String(at(argument, 0)));
    case 'Fn::Select':
      return one(valuesOf(at(argument, 1), names)?.[Number(at(argument, 0))]);
    default:
      return undefined;
  }
}

function allKnown(texts: (string | undefined)[]): string[] | undefined {
  const known = texts.filter(text => text !== undefined);
  return known.length === texts.length ? known : undefined;
}
