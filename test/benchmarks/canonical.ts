import { createHash } from 'crypto';
import { isObject, list, type Template, type Value } from '../../scripts/template/template';

/** A resource without the names that CDK gave it and what it refers to. */
export interface Canonical {
  readonly type: string;
  readonly text: string;
}

/**
 * The resources of a template, alike if CloudFormation would make the same of them whatever their logical ids are: in place of an id
 * stands what is behind it. What CDK derives from the paths of constructs is left out.
 */
export function canonical({ Resources }: Template): Canonical[] {
  const digests = new Map<string, string>();

  function digest(id: string): string {
    const known = digests.get(id) ?? createHash('sha256').update(describe(id).text).digest('hex').slice(0, 12);
    digests.set(id, known);
    return known;
  }

  function within(value: Value): Value {
    if (Array.isArray(value)) {
      return value.map(within);
    }
    if (!isObject(value)) {
      return value;
    }
    const [id, ...attribute] = list(value['Fn::GetAtt'] ?? value.Ref);
    return typeof id === 'string' && id in Resources
      ? { 'Fn::GetAtt': [digest(id), ...attribute] }
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, each]) => [key, within(each)]));
  }

  function describe(id: string): Canonical {
    const { Type: type, Properties: properties = {}, DependsOn: dependsOn, ...rest } = Resources[id];
    const { Tags: tags, Description: description, DBSubnetGroupDescription: ofSubnets, ...own } = properties;
    const waitsFor = list(dependsOn).map(digest).sort();
    const text = JSON.stringify([type, within(own), within(list(tags).filter(tag => !isObject(tag) || tag.Key !== 'Name')), waitsFor, rest, [
      description, ofSubnets,
    ].filter(each => !/^(from|to) \w+:\d+$|^Subnets for \w+ database$/.test(String(each)))]);
    return { type, text: text.replace(/\w+Distribution\w*Origin1\w{8}/g, 'the origin') };
  }

  return Object.keys(Resources).map(describe).sort((a, b) => a.text < b.text ? -1 : 1);
}
