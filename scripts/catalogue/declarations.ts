import * as fs from 'fs';
import * as path from 'path';
import * as ts from 'typescript';

/** What the source says about an option, or about a value of an enum. */
export interface Declaration {
  /** The type as it is written, such as `Duration`. */
  readonly type: string;
  /** The docstring without its tags, on one line. */
  readonly text: string;
  /** The text of `@default`. */
  readonly byDefault?: string;
}

const SOURCE = path.join(__dirname, '..', '..', 'src');

const flat = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

function declarationOf(node: ts.PropertySignature | ts.EnumMember): Declaration {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const tag = ts.getJSDocTags(node).find(({ tagName }) => tagName.text === 'default');
  return {
    type: ts.isPropertySignature(node) ? node.type!.getText() : '',
    text: flat(ts.getTextOfJSDocComment(doc?.comment) ?? ''),
    byDefault: tag && flat(ts.getTextOfJSDocComment(tag.comment) ?? ''),
  };
}

/** The members of all exported interfaces and enums, by the names of these. */
function readSource(): Record<string, Record<string, Declaration>> {
  const files = fs.readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => path.join(SOURCE, file));
  const sources = files.map(file => ts.createSourceFile(file, fs.readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true));
  const found = sources.flatMap(({ statements }) => statements.filter(each => ts.isInterfaceDeclaration(each) || ts.isEnumDeclaration(each)));
  return Object.fromEntries(found.map(each => {
    const members = [...each.members].filter(member => ts.isPropertySignature(member) || ts.isEnumMember(member));
    return [each.name.text, Object.fromEntries(members.map(member => [(member.name as ts.Identifier).text, declarationOf(member)]))];
  }));
}

let declarations: Record<string, Record<string, Declaration>> | undefined;

/** What the source says about an option by its path, or about a value of an enum, such as `OkyWafMode.COUNT`. */
export function declarationOfOption(option: string): Declaration {
  declarations ??= readSource();
  const names = option.split('.');
  const root = names[0] in declarations ? names.shift()! : 'OkyBackendProps';
  const last = names.pop()!;
  return names.reduce((members, name) => declarations![members[name].type], declarations[root])[last];
}
