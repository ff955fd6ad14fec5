import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { at, child, children, firstOf, readXml, rootOf, textAt } from './xml-tree.ts';

function root(text: string) {
  const { root: element, problem } = readXml(text);
  if (element === undefined) throw new Error(problem.message);
  return element;
}

describe('the element tree', () => {
  it('keeps local names, attributes, text and the line on which an element begins', () => {
    const tree = root(
      '<?xml version="1.0"?>\n<x:a xmlns:x="urn:x">\n  <x:b\n   x:id="7"> one &amp; <![CDATA[<two>]]>\n</x:b></x:a>',
    );
    expect(tree.name).toBe('a');
    expect(tree.line).toBe(2);
    const b = child(tree, 'b');
    expect(b).toMatchObject({ name: 'b', text: 'one & <two>', line: 3 });
    expect(b?.attributes.get('id')).toBe('7');
  });

  it('finds elements by path, by any of several names and in the order of the file', () => {
    const tree = root(
      '<a><new>1</new><old>2</old><new>3</new><deep><er>4</er><er/></deep><none> </none></a>',
    );
    expect(child(tree, 'old', 'new')?.text).toBe('2');
    expect(child(tree, 'missing', 'new')?.text).toBe('1');
    expect(children(tree, 'old', 'new').map(({ text }) => text)).toEqual(['1', '2', '3']);
    expect(textAt(tree, 'deep', 'er')).toBe('4');
    expect(at(tree, 'deep', 'missing', 'er')).toBeUndefined();
    expect(textAt(tree, 'none')).toBeUndefined();
    expect(firstOf(children(tree, 'new'), ({ text }) => (text === '3' ? 'third' : undefined))).toBe('third');
  });

  it('refuses a DOCTYPE, so that no entity is ever expanded', () => {
    const bomb = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>\n<a>&c;</a>';
    expect(readXml(bomb).problem).toMatchObject({ severity: 'refused', code: 'FILE_UNREADABLE' });
    expect(readXml('<a>&undefined;</a>').problem?.code).toBe('FILE_UNREADABLE');
    expect(readXml('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>').problem?.message).toContain('DOCTYPE');
  });

  it('names the line where the XML breaks off or is malformed', () => {
    expect(readXml('<a>\n<b>\n</a>').problem).toMatchObject({ code: 'FILE_UNREADABLE', line: 3 });
    expect(readXml('<a>\n<b>').problem).toMatchObject({ code: 'FILE_UNREADABLE', line: 2 });
    expect(readXml('').problem?.code).toBe('FILE_UNREADABLE');
    expect(readXml('<a/><b/>').problem?.code).toBe('FILE_UNREADABLE');
  });

  it.each([
    ['depth', '<a><a><a/></a></a>'],
    ['elements', '<a><b/><b/><b/></a>'],
    ['attributes', '<a b="1" c="2" d="3"/>'],
    ['length', `<a>${'x'.repeat(100)}</a>`],
  ])('refuses a document past the limit of %s and reads one within', (limit, text) => {
    const limits = { depth: 3, elements: 4, attributes: 3, length: 200 };
    expect(readXml(text, limits).problem).toBeUndefined();
    const problem = readXml(text, { ...limits, [limit]: 2 }).problem;
    expect(problem).toMatchObject({ severity: 'refused', code: 'FILE_TOO_LARGE' });
  });

  it('answers with a tree or a problem for any text', () => {
    const soup = fc.array(
      fc.constantFrom('<a>', '</a>', '<', '>', '&', '"', '<!--', '-->', '<![CDATA[', ']]>', 'x', '\0'),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          soup.map((pieces) => pieces.join('')),
        ),
        (text) => {
          const { root: element, problem } = readXml(text);
          expect((element === undefined) !== (problem === undefined)).toBe(true);
          rootOf(text);
        },
      ),
    );
  });
});

describe('the root of a head', () => {
  it('is found past a byte order mark, the declaration, comments and a DOCTYPE', () => {
    const head =
      '\uFEFF<?xml version="1.0"?>\n<!-- <Wrong> -->\n<!DOCTYPE a [<!ENTITY b "x">]>\n<p:Invoice\n a="1"><b>';
    expect(rootOf(head)).toEqual({ name: 'Invoice', tag: '<p:Invoice\n a="1">' });
  });

  it('is undefined for text that is no XML or breaks off before the start tag ends', () => {
    expect(rootOf('Date,Amount\n1 < 2 > 1')).toBeUndefined();
    expect(rootOf('<Invoice xmlns="urn')).toBeUndefined();
    expect(rootOf('<!-- never closed <Invoice>')).toBeUndefined();
  });
});
