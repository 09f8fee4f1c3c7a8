/** Tells of certificates that end, in the log and as a metric: our own, the register's, the pinned ones, the broker's. */
import { type InUse, inLog, openEndings } from '../certs/endings.ts';
import { usesOf } from '../certs/suit.ts';
import { readBrokerCertificates } from './bus/certificate.ts';
import type { RouterConfig } from './config.ts';
import { readRegistrar } from './registry/registrar.ts';
import type { Rooms } from './rooms.ts';

const HOUR_MS = 3_600_000;
/** Until the register is there, and the start is over. */
const FIRST_MS = 1000;

/** @returns how to stop */
export function watchCertificates(rooms: Rooms, config: RouterConfig): () => void {
  const endings = openEndings();
  const look = async () => {
    const all = await inUse(rooms, config);
    const now = rooms.clock.now();
    rooms.metrics.showCertificates(all, now);
    for (const one of endings.look(all, now)) {
      const say = one.days < 7 ? rooms.log.error : rooms.log.warn;
      say.call(
        rooms.log,
        inLog(one),
        one.days < 0 ? 'a certificate has ended' : 'a certificate ends',
      );
    }
  };
  const tryLook = () =>
    void look().catch((err) => rooms.log.warn({ err }, 'certificates not looked at'));
  const first = setTimeout(tryLook, FIRST_MS).unref();
  const timer = setInterval(tryLook, HOUR_MS).unref();
  return () => {
    clearTimeout(first);
    clearInterval(timer);
  };
}

async function inUse({ identity, registry, trust, clock }: Rooms, config: RouterConfig) {
  const today = new Date(clock.now()).toISOString().slice(0, 10);
  const own = identity.certificates.map(
    (certificate): InUse => ({ whose: 'own', use: usesOf(certificate).join(), certificate }),
  );
  // One that the register ended is no longer in use; ours stand in the register too.
  const agencies = registry
    .all()
    .flatMap(({ oin, certificates }) =>
      oin === identity.oin
        ? []
        : certificates
            .filter(({ until }) => until === undefined || until >= today)
            .map(({ use, certificate }): InUse => ({ whose: 'agency', use, certificate })),
    );
  const pinned = trust.pinned.map(
    (certificate): InUse => ({ whose: 'issuer', use: '', certificate }),
  );
  const registrar = (await readRegistrar(config.registrar)).map(
    (certificate): InUse => ({ whose: 'registrar', use: 'authenticiteit', certificate }),
  );
  const broker = (await readBrokerCertificates(config.broker)).map(
    (certificate): InUse => ({ whose: 'broker', use: 'tls', certificate }),
  );
  return [...own, ...agencies, ...pinned, ...registrar, ...broker];
}
