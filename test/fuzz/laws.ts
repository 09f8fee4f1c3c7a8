/** All laws together, over one target. */
import { readFileSync } from 'node:fs';
import type { IdentityConfig } from '../../certs/config.ts';
import { loadIdentity } from '../../certs/keystore.ts';
import { sign } from '../../certs/sign.ts';
import { TYP } from '../../schemas/typ.ts';
import { ADAPTER_YAML, ROUTER_YAML } from '../docs/configuration.ts';
import { sample } from '../town/samples.ts';
import { doorLaws } from './door-laws.ts';
import { keyLaws } from './key-laws.ts';
import type { Law } from './law.ts';
import { parserLaws } from './parser-laws.ts';
import { startTarget, type Target } from './shooting.ts';

export interface Range {
  readonly target: Target;
  readonly laws: readonly Law[];
  readonly answers: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

const AGENCY_YAML = `oin: "00000099000000010000"
naam: Politie
rollen: [politie]
status: actief
van: "2025-01-01"
zegel: ECDH-ES+A256KW
werkgebied: { politieEenheid: Oost-Brabant }
certificaten:
  tls: [tls.pem]
  authenticiteit: [{ bestand: a.pem, tot: "2026-01-01" }]
  vertrouwelijkheid: [v.pem]
`;

export async function openRange(): Promise<Range> {
  const target = await startTarget();
  const { place } = target;
  const police = await loadIdentity(place.police as IdentityConfig);
  const shots = doorLaws(place, police, readFileSync(place.router[0] ?? '', 'utf8'));
  const [certificate] = police.certificates;
  const jws = await sign(
    { iss: police.oin, inhoud: sample('vt-melding', 'klein-2kb') },
    TYP.message,
    police.signing,
  );
  const laws = [
    ...parserLaws({
      ...{
        jws,
        jwe: `${jws}.AAAA.AAAA`,
        routerYaml: ROUTER_YAML,
        adapterYaml: ADAPTER_YAML,
        agencyYaml: AGENCY_YAML,
      },
      certificate: certificate?.der ?? Buffer.alloc(0),
      crl: readFileSync(place.crl),
    }),
    ...keyLaws(police),
    ...shots.laws,
  ];
  return {
    ...{ target, laws, answers: shots.answers },
    async close() {
      await shots.close();
      await target.stop();
    },
  };
}
