/** A value in the code of an app, in no language yet. */
export type Value = string | number | boolean | Expression;

/** A member of a class, or a static method that is called. */
export interface Expression {
  readonly module: string;
  readonly of: string;
  readonly name: string;
  /** The arguments, if it is called: `stack` and an id, and then properties. */
  readonly args?: { readonly id?: string; readonly value?: string; readonly properties?: Record<string, string> };
}

/** A prop that an app sets, by its path in the props, and why. */
export interface Choice {
  readonly prop: string;
  /** @default - the group with nothing in it, as in `waf: {}` */
  readonly value?: Value;
  readonly why?: string;
}

export function member(module: string, of: string, name: string): Expression {
  return { module, of, name };
}

export function called(module: string, of: string, name: string, args: Expression['args'] = {}): Expression {
  return { module, of, name, args };
}

/** How a language writes what the two have in common. */
export interface Language {
  readonly module: (module: string) => string;
  readonly imported: (module: string, names: string[]) => string;
  readonly literal: (value: string | number | boolean) => string;
  /** The name of a prop or method, which the library has in camel case. */
  readonly name: (camel: string) => string;
  readonly comment: (text: string) => string;
  readonly indent: string;
  readonly field: (name: string, value: string) => string;
  readonly properties: (fields: string[]) => string;
  /** What stands around the fields of a group of options. */
  readonly group: (type: string) => readonly [string, string];
}

export const TYPESCRIPT: Language = {
  module: module => module,
  imported: (module, names) => `import { ${names.join(', ')} } from '${module}';`,
  literal: value => typeof value === 'string' ? `'${value.replace(/[\\']/g, '\\$&')}'` : String(value),
  name: camel => camel,
  comment: text => `// ${text}`,
  indent: '  ',
  field: (name, value) => `${name}: ${value}`,
  properties: fields => `{ ${fields.join(', ')} }`,
  group: () => ['{', '}'],
};

export const PYTHON: Language = {
  module: module => module.replace('aws-cdk-lib', 'aws_cdk').replace('/', '.').replaceAll('-', '_'),
  imported: (module, names) => `from ${module} import ${names.join(', ')}`,
  literal: value => typeof value === 'string' ? JSON.stringify(value) : typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value),
  name: camel => camel.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`),
  comment: text => `# ${text}`,
  indent: '    ',
  field: (name, value) => `${name}=${value}`,
  properties: fields => fields.join(', '),
  group: type => [`${type}(`, ')'],
};

/** The groups of options among the props, and the names of their types, which Python writes. */
const GROUPS: Record<string, string> = {
  api: 'OkyServiceOptions',
  cms: 'OkyServiceOptions',
  database: 'OkyDatabaseOptions',
  monitoring: 'OkyMonitoringOptions',
  network: 'OkyNetworkOptions',
  operators: 'OkyOperatorsOptions',
  scaling: 'OkyScalingOptions',
  waf: 'OkyWafOptions',
};

/** The lines between the brackets of `OkyBackend`, in the order of the choices. */
export function propsIn(language: Language, choices: readonly Choice[]): string[] {
  const names = [...new Set(choices.map(({ prop }) => prop.split('.')[0]))];
  return names.flatMap(name => {
    const own = choices.find(({ prop }) => prop === name);
    const fields = choices.filter(({ prop }) => prop.startsWith(`${name}.`)).flatMap(({ prop, value, why }) => [
      ...commentIn(language, why), `${language.field(language.name(prop.slice(name.length + 1)), valueIn(language, value!))},`,
    ]);
    const [open, close] = language.group(GROUPS[name]);
    const field = (value: string) => language.field(language.name(name), value);
    return [
      ...commentIn(language, own?.why),
      ...own?.value !== undefined ? [`${field(valueIn(language, own.value))},`]
        : fields.length === 0 ? [`${field(open + close)},`]
          : [field(open), ...fields.map(line => language.indent + line), `${close},`],
    ];
  });
}

/** All import statements that the props need, with those that the app has anyway. */
export function importsIn(language: Language, choices: readonly Choice[], always: Record<string, readonly string[]>): string[] {
  const imports = new Map(Object.entries(always).map(([module, names]) => [module, new Set(names)]));
  const add = (module: string, name: string) => imports.set(module, (imports.get(module) ?? new Set()).add(name));
  for (const { prop, value } of choices) {
    if (typeof value === 'object') {
      add(value.module, value.of);
    }
    const type = GROUPS[prop.split('.')[0]];
    if (type && language.group(type)[0].includes(type)) {
      add('cdk-oky-backend', type);
    }
  }
  return [...imports].sort(([a], [b]) => a < b ? -1 : 1).map(([module, names]) => language.imported(language.module(module), [...names].sort()));
}

function commentIn(language: Language, text: string | undefined): string[] {
  return text === undefined ? [] : [language.comment(text)];
}

/** A value in the code of an app. */
export function valueIn(language: Language, value: Value): string {
  if (typeof value !== 'object') {
    return language.literal(value);
  }
  if (value.args === undefined) {
    return `${value.of}.${value.name}`;
  }
  const { id, value: given, properties } = value.args;
  const fields = Object.entries(properties ?? {}).map(([name, each]) => language.field(language.name(name), language.literal(each)));
  const args = [
    ...id === undefined ? [] : ['stack', language.literal(id)],
    ...given === undefined ? [] : [language.literal(given)],
    ...fields.length === 0 ? [] : [language.properties(fields)],
  ];
  return `${value.of}.${language.name(value.name)}(${args.join(', ')})`;
}
