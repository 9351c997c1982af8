/** A strict reader for the XML that the page writes: no comments, no CDATA, no entities but the five and characters. Fails where it is not well-formed. */

export interface Element {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Element[];
  text: string;
}

const ENTITIES: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };

export function readXml(source: string): Element {
  const illegal = /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|\p{Surrogate}/u.exec(source);
  if (illegal) throw new Error(`a character that XML cannot hold at ${illegal.index}`);
  const decode = (text: string): string => {
    if (/[<>]/.test(text)) throw new Error(`“<” or “>” in ${text}`);
    return text.replace(/&([^;]*);?/g, (all, name: string) => {
      if (!all.endsWith(";") || !(name in ENTITIES)) throw new Error(`no entity: ${all}`);
      return ENTITIES[name];
    });
  };
  const root: Element = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  let at = source.startsWith("<?xml") ? source.indexOf("?>") + 2 : 0;
  const token = /<\/([\w]+)>|<([A-Za-z]\w*)((?:\s+[\w:-]+="[^"]*")*)\s*(\/?)>|([^<]+)/gy;
  while (at < source.length) {
    token.lastIndex = at;
    const match = token.exec(source);
    if (!match) throw new Error(`not well-formed at ${at}: ${source.slice(at, at + 80)}`);
    at = token.lastIndex;
    const [, closed, name, attributes, empty, text] = match;
    const top = open.at(-1)!;
    if (text !== undefined) top.text += decode(text);
    else if (closed !== undefined) {
      if (top.name !== closed) throw new Error(`</${closed}> closes <${top.name}>`);
      open.pop();
    } else {
      const element: Element = { name, attributes: {}, children: [], text: "" };
      for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (key in element.attributes) throw new Error(`twice: ${key}`);
        element.attributes[key] = decode(value);
      }
      top.children.push(element);
      if (!empty) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1 || root.text.trim() !== "") throw new Error("not one element that is closed");
  return root.children[0];
}

/** All elements of a name under one, and itself; `*` is any. */
export function elements(under: Element, name: string): Element[] {
  return [...(name === "*" || under.name === name ? [under] : []), ...under.children.flatMap((child) => elements(child, name))];
}
