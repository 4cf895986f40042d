/** The tables of docs/options.md: every option with its docstring, its price and its effect on the templates. */
import { cells, type Tables } from './marked-tables';
import { OkyCostEstimate } from '../../src';
import { OPTIONS } from '../catalogue/catalogue';
import { declarationOfOption } from '../catalogue/declarations';
import type { OptionCase } from '../catalogue/option-case';
import { optionsOf, templatesOf } from '../deployments/option-sets';
import { merged, type Overrides } from '../deployments/sample';
import type { Resource, Template } from '../template/template';

const DEFAULTS: Overrides = {};
const known = new Map<Overrides, Template[]>();

/** The templates of a deployment, synthesised once. */
function deployed(overrides: Overrides): Template[] {
  const found = known.get(overrides) ?? Object.values(templatesOf(overrides));
  known.set(overrides, found);
  return found;
}

/** The resources of all stacks by their logical ids. */
function resourcesOf(overrides: Overrides): Record<string, Resource> {
  return Object.assign({}, ...deployed(overrides).map(({ Resources }) => Resources)) as Record<string, Resource>;
}

/** The cost of a month without use. */
function standing(overrides: Overrides): number {
  return OkyCostEstimate.fromTemplates(deployed(overrides) as unknown as Record<string, unknown>[]).standing;
}

/** More types than this are named by their number. */
const MOST_TYPES = 5;

function list(verb: string, resources: Resource[]): string[] {
  const types = [...new Set(resources.map(({ Type }) => Type.replace(/^AWS::/, '')))].sort();
  return types.length === 0 ? [] : [`${verb} ${types.length > MOST_TYPES ? `resources of ${types.length} types` : types.join(', ')}`];
}

/** The types of the resources that the option creates, removes and changes. */
function effectOf({ replacement }: OptionCase, before: Overrides, after: Overrides): string {
  const [from, to] = [resourcesOf(before), resourcesOf(after)];
  const text = ({ Properties }: Resource) => JSON.stringify(Properties);
  const replaced = (replacement?.loses ?? []).filter(loss => /replaced/.test(loss)).map(loss => loss.split(' ')[0]);
  const isReplaced = (id: string) => replaced.includes(id.replace(/[0-9A-F]{8}$/, ''));
  const changed = Object.keys(to).filter(id => from[id] && text(from[id]) !== text(to[id]));
  return [
    ...list('**replaces**', changed.filter(isReplaced).map(id => to[id])),
    ...list('creates', Object.keys(to).filter(id => !from[id]).map(id => to[id])),
    ...list('removes', Object.keys(from).filter(id => !to[id]).map(id => from[id])),
    ...list('changes', changed.filter(id => !isReplaced(id)).map(id => to[id])),
  ].join('; ') || 'changes no resource';
}

/** The amount, with the value that it is for if that is a number. */
function usdOf(option: string, before: Overrides, after: Overrides): string {
  const usd = (standing(after) - standing(before)).toFixed(2);
  const value = option.split('.').reduce<unknown>((all, name) => (all as Record<string, unknown> | undefined)?.[name], optionsOf(after));
  return Number(usd) === 0 ? '–' : `${typeof value === 'number' ? `\`${value}\`: ` : ''}${usd.replace('-', '−')}`;
}

/** A default that is a literal, as code; a sentence, as it is. */
function valueOf(byDefault: string | undefined): string {
  if (byDefault === undefined) {
    return 'required';
  }
  return /^('[^'`]*'|[^\s`']+)$/.test(byDefault) ? `\`${byDefault}\`` : byDefault.replace(/^- /, '');
}

function row(option: string, each: OptionCase): string {
  const { text, byDefault } = declarationOfOption(option);
  const before = each.base ?? DEFAULTS;
  const after = merged(before, each.given);
  const [sentence] = /^.*?[.:](?= |$)/.exec(text) ?? [text];
  const effect = effectOf(each, before, after);
  return cells(`\`${option}\``, sentence.replace(/[.:]$/, ''), valueOf(byDefault), usdOf(option, before, after), each.note ? `${effect}. ${each.note}` : effect);
}

/** The groups of options by their marks in the document. */
const GROUPS: Record<string, (option: string) => boolean> = {
  'options-deployment': option => !option.includes('.'),
  'options-api': option => option.startsWith('api.'),
  'options-scaling': option => option.startsWith('scaling.'),
  'options-database': option => option.startsWith('database.'),
  'options-network': option => option.startsWith('network.'),
  'options-edge': option => option.startsWith('edge.'),
  'options-waf': option => option.startsWith('waf.'),
  'options-monitoring': option => option.startsWith('monitoring.'),
  'options-operators': option => option.startsWith('operators.'),
};

function table(isInGroup: (option: string) => boolean): string {
  return [
    cells('Option', 'What it does', 'Default', 'USD a month', 'In the templates'),
    '|---|---|---|---:|---|',
    ...OPTIONS.filter(([option]) => isInGroup(option)).map(([option, each]) => row(option, each)),
  ].join('\n');
}

export const OPTION_TABLES: Tables = Object.fromEntries(Object.entries(GROUPS).map(([name, isInGroup]) => [name, () => table(isInGroup)]));
