/** The source of revocation lists fails until the lists that are held are no longer fresh. */
import { renameSync, writeFileSync } from 'node:fs';
import { buildCrl } from '../../../certs/authority/crl.ts';
import type { Town } from '../../town/town.ts';
import { until } from '../../town/wait.ts';
import type { Story } from '../story.ts';

/** For how long the last list counts, and how long the source stays away after that, in seconds. */
const COUNTS_S = 4;
const LASTS = { whole: 12, quick: 5 } as const;

/** The last list that is given out before the source fails: it soon counts no more. */
async function publishShort({ keys: { authority } }: Town): Promise<void> {
  const { certificate, keys } = authority.issuer('issuing');
  const thisUpdate = Date.now();
  const nextUpdate = thisUpdate + COUNTS_S * 1000;
  const issuer = certificate.subject;
  const spec = { issuer, issuerKey: keys, number: 2, thisUpdate, nextUpdate, revoked: [] };
  const file = authority.trust.crls.find((one) => one.includes('issuing')) ?? '';
  writeFileSync(`${file}.new`, await buildCrl(spec));
  renameSync(`${file}.new`, file);
}

const acceptedOf = (offered: readonly { acceptedAt?: number }[]): number =>
  offered.filter(({ acceptedAt }) => acceptedAt !== undefined).length;

export const CRL: Story = {
  name: 'crl',
  fault: 'source of revocation lists down past their end',
  begin: () => ({
    act: async (stage) => {
      const { town, systems, load } = stage;
      const seconds = stage.quick ? LASTS.quick : LASTS.whole;
      await publishShort(town);
      stage.say('the source is down');
      await stage.run(COUNTS_S + 3);
      const [effects, accepted] = [systems.effects.length, acceptedOf(load.offered)];
      const passed = await stage.passed(seconds);
      const taken = acceptedOf(load.offered) - accepted;
      await town.keys.authority.writeCrls();
      stage.healed();
      stage.say('the source is back');
      await until('messages to flow again', () => systems.effects.length > effects + 20, 60);
      return {
        moments: `once, ${seconds} s past their end`,
        remarks: [
          `${taken} handed in meanwhile, ${passed} passed; the rest waited and then flowed`,
        ],
        detected: passed === 0 && taken > 0,
      };
    },
  }),
};
