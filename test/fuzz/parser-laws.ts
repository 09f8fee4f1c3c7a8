/** Every parser, with what is nearly right and what is not at all: it reads it, or says no in its own way. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseAdapterConfig } from '../../adapters/config.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { readCrl } from '../../certs/crl.ts';
import { open } from '../../certs/open.ts';
import { readJws } from '../../certs/verify.ts';
import { parseRouterConfig } from '../../router/config.ts';
import { readAgencyFiles } from '../../router/registry/agency-file.ts';
import { CommandError } from '../../schemas/command.ts';
import { FORMATS } from '../../schemas/formats.ts';
import type { Bericht } from '../../schemas/generated/wire.ts';
import { WIRE } from '../../schemas/generated/wire-documents.ts';
import { NotAnId, parseOin, parseUuid7 } from '../../schemas/ids.ts';
import { isCanonicalBase64url, readBase64url, readJson } from '../../schemas/read.ts';
import { Refusal } from '../../schemas/refusal.ts';
import { CTY, TYP } from '../../schemas/typ.ts';
import { checkBody, checkWire, type WireName } from '../../schemas/validate.ts';
import { goodSamples, messageWith, sampleTypes } from '../schemas/samples.ts';
import { type Law, law } from './law.ts';
import { anyJson, grafts, NASTY, spoil, spoilJson, wounds } from './mutate.ts';

/** Good things to spoil: whoever starts the run has made them. */
export interface Specimens {
  readonly jws: string;
  readonly jwe: string;
  /** DER. */
  readonly certificate: Buffer;
  readonly crl: Buffer;
  readonly routerYaml: string;
  readonly adapterYaml: string;
  readonly agencyYaml: string;
}

/** Runs it; a no of the kinds that are meant is a result. Anything else is a broken law. */
export async function orNo<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Refusal || error instanceof NotAnId || error instanceof CommandError)
      return undefined;
    throw error;
  }
}
const mustBe = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what);
};

const bytes = fc.uint8Array({ maxLength: 2000 });
const texts = fc.oneof(fc.string({ maxLength: 300 }), fc.json(), fc.constantFrom(...NASTY));
const sampleList = () =>
  sampleTypes().flatMap((type) => [...goodSamples(type).values()].map((body) => ({ type, body })));

/** What our reader accepts reads the same to JSON.parse, and is still accepted when written again. */
const readsAlike = async (text: Uint8Array | string): Promise<void> => {
  const value = await orNo(() => readJson(text));
  if (value === undefined) return;
  const plain = typeof text === 'string' ? text : Buffer.from(text).toString('utf8');
  mustBe(JSON.stringify(JSON.parse(plain)) === JSON.stringify(value), 'two readings of one text');
  readJson(JSON.stringify(value));
};

export function parserLaws(given: Specimens): readonly Law[] {
  const samples = sampleList();
  const sampleTexts = samples.map(({ body }) => JSON.stringify(body));
  const folder = mkdtempSync(join(tmpdir(), 'ketenpost-fuzz-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const spoilt = (good: Uint8Array | string) => wounds.map((all) => spoil(Buffer.from(good), all));
  return [
    law('JSON: any bytes', fc.oneof(bytes, texts), readsAlike, 400),
    law(
      'JSON: samples with wounds',
      fc.tuple(fc.constantFrom(...sampleTexts), wounds),
      ([text, all]) => readsAlike(spoil(Buffer.from(text), all)),
    ),
    law(
      'base64url: one spelling',
      fc.oneof(
        texts,
        fc.base64String(),
        bytes.map((b) => Buffer.from(b).toString('base64url')),
      ),
      (text) => {
        const again = Buffer.from(text, 'base64url').toString('base64url');
        mustBe(isCanonicalBase64url(text) === (again === text), 'canonical or not');
        if (again === text) mustBe(readBase64url(text).toString('base64url') === text, 'read back');
      },
      400,
    ),
    law(
      'ids: only what they are',
      texts,
      async (text) => {
        for (const parse of [parseOin, parseUuid7])
          mustBe([undefined, text].includes(await orNo(() => parse(text))), 'another id');
      },
      400,
    ),
    law('JWS compact: spoilt', spoilt(given.jws), async (text) => {
      await orNo(() => readJws(text.toString('latin1'), TYP.message));
    }),
    law('JWE compact: spoilt', spoilt(given.jwe), async (text) => {
      await orNo(() => open(text.toString('latin1'), CTY.submission, () => undefined));
    }),
    law(
      'certificates: spoilt DER',
      fc.oneof(spoilt(given.certificate), bytes),
      async (der) => {
        await orNo(() => readCertificate(der));
      },
      200,
    ),
    law(
      'CRLs: spoilt DER',
      fc.oneof(spoilt(given.crl), bytes),
      async (der) => {
        await orNo(() => readCrl(Buffer.from(der)));
      },
      200,
    ),
    law(
      'wire schemas: any value',
      fc.tuple(fc.constantFrom(...(Object.keys(WIRE) as WireName[])), anyJson),
      async ([name, value]) => {
        await orNo(() => checkWire(name, value));
      },
      200,
    ),
    law(
      'message bodies: samples with grafts',
      fc.tuple(fc.constantFrom(...samples), grafts),
      async ([{ type, body }, all]) => {
        const inhoud = spoilJson(body, all);
        await orNo(() => checkBody(type, '1.0', { ...messageWith(type, {}), inhoud } as Bericht));
      },
    ),
    law(
      'CloudEvents: spoilt',
      fc.tuple(grafts, fc.constantFrom(...goodSamples('zaak-gebeurtenis').values())),
      async ([all, body]) => {
        const inhoud = spoilJson(body, all);
        const claims = { ...messageWith('zaak-gebeurtenis', body), inhoud } as Bericht;
        await orNo(() => checkBody('zaak-gebeurtenis', '1.0', claims));
      },
    ),
    law(
      'dates: what is taken is read the same by everybody',
      fc.oneof(
        texts,
        spoilt('2025-03-14T12:30:00+01:00').map(String),
        spoilt('2024-02-29').map(String),
      ),
      (text) => {
        for (const name of ['date', 'date-time']) {
          if (FORMATS[name]?.(text) !== true) continue;
          const read = new Date(text);
          mustBe(!Number.isNaN(read.getTime()), text);
          if (name === 'date') mustBe(read.toISOString().slice(0, 10) === text, text);
        }
      },
      400,
    ),
    law(
      'router.yaml: spoilt',
      spoilt(given.routerYaml),
      async (text) => {
        await orNo(() => parseRouterConfig(text.toString('utf8'), '/x/router.yaml'));
      },
      50,
    ),
    law(
      'adapter.yaml: spoilt',
      spoilt(given.adapterYaml),
      async (text) => {
        await orNo(() => parseAdapterConfig(text.toString('utf8'), '/x/adapter.yaml'));
      },
      50,
    ),
    law(
      'agency files: spoilt',
      spoilt(given.agencyYaml),
      async (text) => {
        writeFileSync(join(folder, 'agency.yaml'), text);
        await orNo(() => readAgencyFiles(folder));
        mustBe(readFileSync(join(folder, 'agency.yaml')).equals(text), 'the file was changed');
      },
      30,
    ),
  ];
}
