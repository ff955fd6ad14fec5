import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '#kernel/canonical';
import { chainRecord, genesis, recordHash, verifyChain, type ChainHead, type ChainRecord } from './chain.ts';

const organisationId = 'org_one';

function chainOf(texts: readonly string[], organisation = organisationId): ChainRecord[] {
  let head: ChainHead = genesis(organisation);
  return texts.map((text) => {
    const record = chainRecord(head, text);
    head = record;
    return record;
  });
}

const facts = fc.record({ command: fc.string(), subjectId: fc.string(), after: fc.jsonValue() });
const text = fc.oneof(
  facts.map((value) => JSON.stringify(value)),
  fc.string({ unit: 'binary' }),
);
const chain = fc.array(text, { minLength: 1, maxLength: 12 }).map((texts) => chainOf(texts));
const chainWithPlace = chain.chain((records) =>
  fc.record({ records: fc.constant(records), place: fc.nat(records.length - 1) }),
);
const verify = (records: readonly ChainRecord[]) => verifyChain(organisationId, records);

test('the hash of a record is that of the documented bytes', () => {
  const previous = genesis(organisationId).hash;
  expect(previous).toBe(createHash('sha256').update('crossfoot.audit.chain\norg_one').digest('hex'));
  const bytes = Buffer.concat([
    Buffer.from('crossfoot.audit.record\n'),
    Buffer.from(`${previous}\n`),
    Buffer.from('7\n'),
    Buffer.from('{"command":"zahlt €"}', 'utf8'),
  ]);
  const hash = createHash('sha256').update(bytes).digest('hex');
  expect(recordHash(previous, 7, '{"command":"zahlt €"}')).toBe(hash);
});

test('texts that move a border between sequence and record have different hashes', () => {
  const previous = genesis(organisationId).hash;
  expect(recordHash(previous, 1, '2\n{}')).not.toBe(recordHash(previous, 12, '\n{}'));
  expect(recordHash(previous, 1, '1{}')).not.toBe(recordHash(previous, 11, '{}'));
});

test('an untouched chain holds and ends with its head', () => {
  fc.assert(
    fc.property(chain, (records) => {
      const last = records.at(-1)!;
      expect(verifyChain(organisationId, records, { end: last, kept: records[0]! })).toEqual({
        valid: true,
        records: records.length,
        headHash: last.hash,
        firstBroken: undefined,
        problem: undefined,
      });
    }),
  );
});

test('an empty chain holds', () => {
  const empty = verifyChain(organisationId, [], { end: genesis(organisationId) });
  expect(empty).toMatchObject({ valid: true, records: 0, headHash: genesis(organisationId).hash });
});

test('any change of any part of any record is found, at its sequence', () => {
  const part = fc.constantFrom('record', 'hash', 'previousHash', 'command', 'subjectId', 'sequence');
  fc.assert(
    fc.property(chainWithPlace, part, fc.string({ minLength: 1 }), ({ records, place }, changed, more) => {
      const forged = records.map((record, index) => {
        if (index !== place) return record;
        return changed === 'sequence'
          ? { ...record, sequence: record.sequence + more.length }
          : { ...record, [changed]: record[changed as 'record'] + more };
      });
      expect(verify(forged)).toMatchObject({ valid: false, records: place, firstBroken: place + 1 });
    }),
  );
});

test('a record rewritten with a fitting hash is found at the next record', () => {
  fc.assert(
    fc.property(chainWithPlace, text, ({ records, place }, other) => {
      fc.pre(place < records.length - 1 && records[place]!.record !== other);
      const head = place === 0 ? genesis(organisationId) : records[place - 1]!;
      const forged = records.with(place, chainRecord(head, other));
      expect(verify(forged)).toMatchObject({ valid: false, firstBroken: place + 2 });
    }),
  );
});

test('a removed record is found unless it was the last', () => {
  fc.assert(
    fc.property(chainWithPlace, ({ records, place }) => {
      fc.pre(place < records.length - 1);
      expect(verify(records.toSpliced(place, 1))).toMatchObject({ valid: false, firstBroken: place + 1 });
    }),
  );
});

test('a run of records cut out of the middle is found', () => {
  fc.assert(
    fc.property(chainWithPlace, fc.nat(10), ({ records, place }, length) => {
      fc.pre(place + length + 1 < records.length);
      const cut = records.toSpliced(place, length + 1);
      expect(verify(cut)).toMatchObject({ valid: false, firstBroken: place + 1 });
    }),
  );
});

test('two records that changed places are found, also when their sequences were put right', () => {
  fc.assert(
    fc.property(chainWithPlace, fc.nat(11), fc.boolean(), ({ records, place }, other, renumber) => {
      fc.pre(other < records.length && other !== place);
      const swapped = records
        .with(place, records[other]!)
        .with(other, records[place]!)
        .map((record, index) => (renumber ? { ...record, sequence: index + 1 } : record));
      const first = Math.min(place, other) + 1;
      expect(verify(swapped)).toMatchObject({ valid: false, firstBroken: first });
    }),
  );
});

test('an inserted record is found, a repeated one too', () => {
  fc.assert(
    fc.property(chainWithPlace, fc.option(text), ({ records, place }, made) => {
      const head = place === 0 ? genesis(organisationId) : records[place - 1]!;
      const inserted = made === null ? records[place]! : chainRecord(head, made);
      const forged = records.toSpliced(place, 0, inserted);
      const found = verify(forged);
      expect(found.valid).toBe(false);
      // What was inserted may itself be chained rightly; the record after it cannot be.
      expect(found.firstBroken).toBe(place + 2);
    }),
  );
});

test('records removed at the end are found only against a head remembered from before', () => {
  fc.assert(
    fc.property(chainWithPlace, ({ records, place }) => {
      const shorter = records.slice(0, place);
      expect(verify(shorter).valid).toBe(true);
      const kept = records.at(-1)!;
      const missing = { valid: false, records: place, firstBroken: place + 1 };
      expect(verifyChain(organisationId, shorter, { kept })).toMatchObject(missing);
      expect(verifyChain(organisationId, shorter, { end: kept })).toMatchObject(missing);
    }),
  );
});

test('a chain rewritten from some record on is found only against a head kept from before', () => {
  fc.assert(
    fc.property(chainWithPlace, text, ({ records, place }, other) => {
      fc.pre(records[place]!.record !== other);
      const rewritten = chainOf(records.map(({ record }, index) => (index === place ? other : record)));
      expect(verify(rewritten).valid).toBe(true);
      const found = verifyChain(organisationId, rewritten, { kept: records.at(-1)! });
      expect(found).toMatchObject({ valid: false, firstBroken: records.length });
    }),
  );
});

test('records beyond the remembered end are found', () => {
  const records = chainOf(['{}', '{}', '{}']);
  expect(verifyChain(organisationId, records, { end: records[1]! })).toMatchObject({
    valid: false,
    firstBroken: 3,
  });
  expect(verifyChain(organisationId, records, { end: genesis(organisationId) })).toMatchObject({
    valid: false,
    firstBroken: 1,
  });
});

test('the chain of one organisation does not pass for that of another', () => {
  const records = chainOf(['{}'], 'org_other');
  expect(verify(records)).toMatchObject({ valid: false, firstBroken: 1 });
});

test('the search keys of any text fit the database: no null characters, no broken pairs, not too long', () => {
  const nasty = canonicalJson({ command: 'a\0b', subjectId: `${'x'.repeat(199)}😀` });
  const [record] = chainOf([nasty]);
  expect(record).toMatchObject({ command: 'a\uFFFDb', subjectId: `${'x'.repeat(199)}\uFFFD`, record: nasty });
  expect(chainOf(['no json', '[1]', 'null', '{"command":7}']).map(({ command }) => command)).toEqual([
    '',
    '',
    '',
    '',
  ]);
});
