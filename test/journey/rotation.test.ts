/**
 * An agency, its partner and the router change every key that they have, while reports keep coming:
 * real processes, the commands of an operator, nothing stopped and nothing lost.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from 'node:tls';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Finding } from '../../certs/as-of.ts';
import { readCertificate } from '../../certs/certificate.ts';
import { commands } from '../../certs/commands/certs.ts';
import { USES, type Use } from '../../certs/profile.ts';
import type { Uuid7 } from '../../schemas/ids.ts';
import { AGENCIES } from '../town/agencies.ts';
import { sample } from '../town/samples.ts';
import type { Part, Town } from '../town/town.ts';
import { until } from '../town/wait.ts';
import { journeys } from './journey.ts';

const journey = journeys(test, { agencies: ['politie', 'vt'] });
const inhoud = sample('vt-melding', 'klein-2kb');
const [POLICE, VT] = [AGENCIES.politie.oin, AGENCIES.vt.oin];

/** Ten a second: a load that a busy machine carries too. */
const PACE_MS = 100;

/** Hands in reports one after another until it is told to stop. @returns all that were handed in */
function keepSending({ agencies: { politie } }: Town) {
  const sent: Uuid7[] = [];
  let going = true;
  const work = (async () => {
    for (let at = 0; going; at++) {
      const prio = at % 3 === 0 ? 'spoed' : 'normaal';
      const draft = { berichttype: 'vt-melding', grondslag: 'bpg-4.2.1.i', inhoud, prio } as const;
      sent.push((await politie.send(draft)).bericht);
      await pause(PACE_MS);
    }
  })();
  const stop = async () => {
    going = false;
    await work;
    return sent;
  };
  return { sent, stop };
}

const context = {
  progress: () => undefined,
  line: () => undefined,
  signal: new AbortController().signal,
};

/** As an operator types it: `ketenpost certs rotate`. @returns the thumbprint of the new certificate */
async function rotate(town: Town, who: 'politie' | 'vt' | 'router', use: Use): Promise<string> {
  const config = who === 'router' ? town.paths.router : town.paths.adapterYaml(who);
  const command = commands.find(({ name }) => name.startsWith('certs rotate'));
  const entry = town.paths.entry(who);
  const options = { config, entry, authority: town.paths.certs };
  if (command === undefined) throw new Error('there is no certs rotate');
  return ((await command.run([use], options, context)).json as { new: string }).new;
}

/** Tells a process by SIGHUP that keys were placed, until it says that it uses them. */
const hasTaken = (part: Part, x5t: string) =>
  until(`${part.name} to use ${x5t}`, () => {
    process.kill(part.process().pid, 'SIGHUP');
    return readFileSync(part.log, 'utf8')
      .split('\n')
      .some((line) => line.includes('keys loaded anew') && line.includes(x5t));
  });

const proof = (town: Town, id: Uuid7) =>
  town.ketenpost<{ good: boolean; findings: Finding[] }>(
    ...['adapter', 'verify', POLICE, id, '--config', town.paths.adapterYaml('vt')],
  );
/** The certificate that the door shows. */
const shownBy = (url: string): Promise<string> =>
  new Promise((done, fail) => {
    const { hostname, port } = new URL(url);
    const socket = connect(
      { host: hostname, port: Number(port), rejectUnauthorized: false },
      () => {
        done(readCertificate(socket.getPeerCertificate().raw).x5t);
        socket.destroy();
      },
    );
    socket.once('error', fail);
  });

const signerOf = ({ findings }: { findings: Finding[] }) => findings[0]?.detail;

journey(
  'every key is changed under load: nothing is lost, and old and new stay provable',
  async (town) => {
    const { politie, vt } = town.agencies;
    const [router] = town.router as [Part];
    const parts = { politie: town.adapters.politie as Part, vt: town.adapters.vt as Part, router };
    const load = keepSending(town);
    await until('some reports', () => load.sent.length >= 5);
    const [before] = load.sent as [Uuid7];
    await politie.untilState(before, VT, 'afgeleverd');

    const fresh: Record<string, Partial<Record<Use, string>>> = {};
    for (const who of ['politie', 'vt', 'router'] as const) {
      fresh[who] = {};
      for (const use of USES) fresh[who][use] = await rotate(town, who, use);
    }
    // Nobody is listed yet: what is shown stays the old, what opens is both.
    for (const part of Object.values(parts)) {
      process.kill(part.process().pid, 'SIGHUP');
      await until(`${part.name} to wait`, () =>
        /the register does not list the new certificate/.test(readFileSync(part.log, 'utf8')),
      );
    }
    const between = load.sent.length;
    await until('more reports', () => load.sent.length >= between + 5);
    await town.ketenpost('registry', 'apply', town.paths.register, ...town.asRegistrar);
    for (const who of ['politie', 'vt', 'router'] as const) {
      await hasTaken(parts[who], fresh[who]?.authenticiteit ?? '');
    }

    const change = load.sent.length;
    await until('reports with the new keys', () => load.sent.length >= change + 10);
    const sent = await load.stop();
    const after = sent.at(-1) as Uuid7;
    await Promise.all(sent.map((id) => politie.untilState(id, VT, 'afgeleverd', 100)));
    const inbox: Uuid7[] = (await vt.inbox()).map(({ bericht }) => bericht);
    const recent = sent.slice(-inbox.length);
    assert.equal(
      recent.map((id) => inbox.filter((one) => one === id).length),
      recent.map(() => 1),
    );
    const [old, young] = await Promise.all([proof(town, before), proof(town, after)]);
    assert.ok(old.good && young.good);
    const local = /metrics=(\S+)/.exec(router.process().ready)?.[1];
    const metrics = await (await fetch(`${local}/metrics`)).text();
    for (const whose of ['own', 'agency', 'issuer', 'registrar', 'broker']) {
      assert.match(metrics, new RegExp(`ketenpost_certificate_days\\{whose="${whose}".*\\} \\d+`));
    }
    assert.is(await shownBy(town.url), fresh['router']?.tls);
    // The ledger was signed with the one key and then with the other, and is one story.
    const config = ['--config', town.paths.router];
    const ledger = await town.ketenpost<{ ok: boolean }>('ledger', 'verify', ...config);
    assert.ok(ledger.ok);
    assert.is(signerOf(young), fresh['politie']?.authenticiteit);
    assert.is.not(signerOf(old), signerOf(young));
  },
);

test.run();
