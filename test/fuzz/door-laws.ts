/** The whole way over a real door, with every layer spoilt: nothing but a documented code ever comes back. */
import { connect } from 'node:tls';
import * as fc from 'fast-check';
import { Agent, request } from 'undici';
import { readCertificate } from '../../certs/certificate.ts';
import type { Identity } from '../../certs/keystore.ts';
import { seal } from '../../certs/seal.ts';
import { sealAlgOf } from '../../certs/strength.ts';
import { CODES, isCode } from '../../schemas/codes.ts';
import { newUuid7, toNoteId, toUrn } from '../../schemas/ids.ts';
import { CTY, TYP } from '../../schemas/typ.ts';
import { b64, headerOf, signTexts } from '../attack/fortress.ts';
import { sample } from '../town/samples.ts';
import { type Law, law } from './law.ts';
import { anyJson, grafts, spoil, spoilJson, wounds } from './mutate.ts';
import type { TargetPlace } from './target.ts';

export interface Shots {
  readonly laws: readonly Law[];
  /** How often each answer came: a code, or a status below 400. */
  readonly answers: Map<string, number>;
  close(): Promise<void>;
}

export function doorLaws(place: TargetPlace, police: Identity, routerPem: string): Shots {
  const answers = new Map<string, number>();
  const agent = new Agent({ connect: { ca: [...place.authorities], ...police.tls } });
  const certificate = readCertificate(routerPem);
  const to = { certificate, alg: sealAlgOf(certificate.publicKey, 'RSA-OAEP-256') };
  const key = police.signing;
  const body = sample('vt-melding', 'klein-2kb');

  function tally(status: number, text: string): void {
    const answer = status < 400 ? String(status) : codeIn(status, text);
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  }
  async function ask(
    method: string,
    path: string,
    data: Buffer | string,
    headers: Record<string, string>,
  ) {
    const answer = await request(`${place.url}${path}`, {
      ...{ method: method as 'POST', dispatcher: agent, headers },
      body: method === 'GET' ? null : data,
    });
    tally(answer.statusCode, await answer.body.text());
  }
  const submit = (jwe: Buffer | string) =>
    ask('POST', '/v1/berichten', jwe, {
      'content-type': 'application/jose',
      'ketenpost-prio': 'spoed',
    });
  const offer = async (jws: string) =>
    submit(await seal(Buffer.from(jws, 'latin1'), CTY.submission, to));
  const claims = () => {
    const iat = Math.floor(Date.now() / 1000);
    return {
      ...{
        iss: toUrn(police.oin),
        jti: newUuid7(Date.now()),
        iat,
        exp: iat + 86_400,
        prio: 'spoed',
      },
      ...{ berichttype: 'vt-melding', versie: '1.0', conversatie: newUuid7(Date.now()) },
      ...{ grondslag: 'bpg-4.2.1.i', inhoud: body },
    };
  };
  const signed = (payload: string | Buffer = JSON.stringify(claims()), header = headerOf(key)) =>
    signTexts(header, payload, key);
  const type = fc.constantFrom(
    'application/jose',
    'application/json',
    'application/secevent+jwt',
    'x/y',
    '',
  );
  const path = fc.constantFrom(
    ...[
      '/v1/berichten',
      '/v1/ontvangstbewijzen',
      `/v1/postbus/${police.oin}/_ophalen`,
      '/v1/organisaties',
    ],
    ...[
      `/v1/berichten/${newUuid7(1)}`,
      '/v1/openapi.json',
      '/',
      `/v1/organisaties/${police.oin}/certificaten`,
    ],
  );
  const own = fc.constantFrom(
    `/v1/berichten/${newUuid7(1)}`,
    `/v1/berichten/${newUuid7(1)}/ontvangstbewijzen`,
    '/v1/ontvangstbewijzen/verzonden/0/0',
    '/v1/subscriptions',
  );
  /** A collection ticket, spoilt and then signed well. */
  const ticket = (all: Parameters<typeof spoilJson>[1]) => {
    const [iat, me] = [Math.floor(Date.now() / 1000), toUrn(police.oin)];
    const aud = toUrn(certificate.oin ?? police.oin);
    const ids = { iss: me, aud, postbus: me, jti: newUuid7(Date.now()) };
    const claims = spoilJson(
      { ...ids, iat, exp: iat + 300, gezien: [toNoteId(police.oin, newUuid7(1))] },
      all,
    );
    return signed(JSON.stringify(claims) ?? '', headerOf(key, { typ: TYP.ticket }));
  };
  const laws = [
    law('door: a good message is taken', fc.nat(), async () => offer(await signed()), 3),
    law(
      'door: spoilt bytes of the sealed message',
      wounds,
      async (all) => {
        const jwe = await seal(Buffer.from(await signed()), CTY.submission, to);
        await submit(spoil(Buffer.from(jwe), all));
      },
      25,
    ),
    law(
      'door: spoilt header of the sealed message',
      grafts,
      async (all) => {
        const [head = '', ...rest] = (
          await seal(Buffer.from(await signed()), CTY.submission, to)
        ).split('.');
        const header = spoilJson(JSON.parse(Buffer.from(head, 'base64url').toString()), all);
        await submit([b64(JSON.stringify(header) ?? ''), ...rest].join('.'));
      },
      25,
    ),
    law(
      'door: spoilt bytes of the signed message',
      wounds,
      async (all) => {
        await offer(spoil(Buffer.from(await signed()), all).toString('latin1'));
      },
      25,
    ),
    law(
      'door: spoilt header of the signed message',
      grafts,
      async (all) => {
        const header = JSON.stringify(spoilJson(JSON.parse(headerOf(key)), all)) ?? '';
        await offer(await signed(undefined, header));
      },
      25,
    ),
    law(
      'door: spoilt claims, well signed',
      grafts,
      async (all) => {
        await offer(await signed(JSON.stringify(spoilJson(claims(), all)) ?? ''));
      },
      25,
    ),
    law(
      'door: spoilt text of the claims, well signed',
      wounds,
      async (all) => {
        await offer(await signed(spoil(Buffer.from(JSON.stringify(claims())), all)));
      },
      25,
    ),
    law(
      'door: spoilt body, well signed',
      grafts,
      async (all) => {
        await offer(await signed(JSON.stringify({ ...claims(), inhoud: spoilJson(body, all) })));
      },
      25,
    ),
    law(
      'door: anything in a receipt, well signed',
      fc.tuple(grafts, anyJson),
      async ([all, more]) => {
        const iat = Math.floor(Date.now() / 1000);
        const receipt = {
          iss: toUrn(police.oin),
          aud: toUrn(police.oin),
          jti: newUuid7(Date.now()),
          iat,
          events: more,
        };
        const header = headerOf(key, { typ: TYP.receipt });
        const text = JSON.stringify(spoilJson(receipt, all)) ?? '';
        await ask('POST', '/v1/ontvangstbewijzen', await signed(text, header), {
          'content-type': 'application/secevent+jwt',
        });
      },
      25,
    ),
    law(
      'door: anything on any route',
      fc.tuple(
        path,
        type,
        fc.constantFrom('GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'),
        fc.oneof(
          fc.string(),
          anyJson.map((v) => JSON.stringify(v) ?? ''),
        ),
      ),
      async ([where, contentType, method, data]) => {
        await ask(method, where, data, contentType === '' ? {} : { 'content-type': contentType });
      },
      25,
    ),
    law(
      'door: a collection with anything in it',
      grafts,
      async (all) => {
        const bewijs = await ticket(all);
        const asked = spoilJson({ bewijs, maximum: 5, ontvangstbewijzen: ['e30.e30.AAAA'] }, all);
        await ask(
          'POST',
          `/v1/postbus/${police.oin}/_ophalen`,
          JSON.stringify({ ...Object(asked), wachten: 0 }),
          { 'content-type': 'application/json' },
        );
      },
      25,
    ),
    law(
      "door: what is an agency's own, with anything as its ticket",
      fc.tuple(grafts, wounds, fc.boolean(), own),
      async ([all, hurt, afterwards, where]) => {
        const jws = await ticket(all);
        const shown = afterwards ? spoil(Buffer.from(jws), hurt).toString('base64url') : jws;
        await ask('GET', where, '', { authorization: `Bearer ${shown}` });
      },
      25,
    ),
    law(
      'HTTP: spoilt bytes of a request',
      wounds,
      async (all) => {
        const good =
          'POST /v1/berichten HTTP/1.1\r\nhost: a\r\ncontent-type: application/jose\r\ncontent-length: 3\r\nconnection: close\r\n\r\nabc';
        const heard = await raw(place, police, spoil(Buffer.from(good), all));
        if (heard === '') return;
        const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(heard) ?? [];
        if (status === undefined) throw new Error('that is no answer');
        tally(
          Number(status),
          heard.slice(heard.indexOf('\r\n\r\n') + 4).split('HTTP/1.1 ')[0] ?? '',
        );
      },
      8,
    ),
  ];
  return { laws, answers, close: () => agent.destroy() };
}

/** @throws Error when the answer is not one that is documented */
function codeIn(status: number, text: string): string {
  const { code, status: said } = JSON.parse(text) as { code: string; status: number };
  if (!isCode(code)) throw new Error(`no code of ours: ${code}`);
  if (CODES[code].status !== status || said !== status) throw new Error(`${code} with ${status}`);
  if (status >= 500) throw new Error(`${code}: a fault of ours`);
  return code;
}

function raw(place: TargetPlace, { tls }: Identity, bytes: Buffer): Promise<string> {
  return new Promise((done) => {
    let heard = '';
    const socket = connect({
      port: place.port,
      host: 'localhost',
      servername: 'localhost',
      ca: [...place.authorities],
      ...tls,
    });
    socket.on('data', (chunk) => (heard += chunk));
    socket.on('error', () => undefined);
    socket.once('close', () => done(heard));
    socket.once('secureConnect', () => socket.write(bytes));
    // What is not a whole request is waited for: say that no more comes.
    setTimeout(() => socket.end(), 150).unref();
    setTimeout(() => socket.destroy(), 8000).unref();
  });
}
