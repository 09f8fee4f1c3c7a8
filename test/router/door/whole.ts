/** A router.yaml with everything behind it but a pipeline: a real broker, a real authority, a pretended pipeline on the bus. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Authority } from '../../../certs/authority/authority.ts';
import { PRIOS, QUESTIONS, subjects } from '../../../router/bus/subjects.ts';
import { parseOin } from '../../../schemas/ids.ts';
import { copyKeys } from '../../town/keys.ts';
import { startTestBroker, type TestBroker } from '../bus/broker.ts';
import { type Answers, answerAsk } from './memory-bus.ts';
import { pkiOf } from './pki.ts';
import { type Client, knownPeer, newClient, POLICE, ROUTER, VT } from './stand.ts';

export interface Whole {
  readonly file: string;
  readonly broker: TestBroker;
  /** Clients of the door at this URL. */
  clients(url: string): Promise<{ police: Client; vt: Client }>;
  /** What the pretended pipeline answers, from now on and until `silence`. */
  answer(answers: Answers): Promise<void>;
  silence(): Promise<void>;
  close(): Promise<void>;
}

export async function openWhole(): Promise<Whole> {
  const dir = mkdtempSync(join(tmpdir(), 'ketenpost-start-'));
  const [authority, broker] = await Promise.all([
    copyKeys(join(dir, 'certs'), 'ec', () => undefined).then((keys) => keys.authority),
    startTestBroker(),
  ]);
  const file = join(dir, 'router.yaml');
  writeFileSync(file, stringify(await configuration(authority, broker)));
  let stops: (() => Promise<void>)[] = [];
  const silence = async () => {
    await Promise.all(stops.splice(0).map((stop) => stop()));
  };
  return {
    ...{ file, broker, silence },
    async clients(url) {
      const { issue, authorities } = await pkiOf(authority);
      const client = async (oin: string) => newClient(url, await issue(oin), authorities);
      return { police: await client(POLICE), vt: await client(VT) };
    },
    async answer(answers) {
      await silence();
      answers.peer ??= ({ der }) => knownPeer(der);
      const all = [...PRIOS.map(subjects.route), ...QUESTIONS.map(subjects.ask)];
      stops = await Promise.all(
        all.map((subject) =>
          broker.buses.pipeline.serve(subject, 'test', ({ data, headers }) =>
            answerAsk(answers, subject, data, headers),
          ),
        ),
      );
    },
    async close() {
      await silence();
      await broker.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The door needs its TLS key alone: what is said of the other keys here leads nowhere. */
async function configuration(authority: Authority, broker: TestBroker) {
  const { source } = await authority.issue({ oin: parseOin(ROUTER), name: 'Test', use: 'tls' });
  const nowhere = { p12: '/nowhere', passphraseFile: '/nowhere' };
  return {
    identity: { oin: ROUTER, tls: source, signing: nowhere, opening: [nowhere] },
    trust: authority.trust,
    registrar: { oin: ROUTER, certificates: ['/nowhere'] },
    broker: {
      servers: broker.servers,
      ca: broker.ca,
      credentials: { door: broker.seed('door') },
      insecure: true,
    },
    door: { port: 0, metrics: { port: 0 } },
  };
}
