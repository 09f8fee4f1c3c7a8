/** What every part of the story has at hand. */
import type { Draft } from '../../adapters/send/draft.ts';
import type { Desk } from '../town/desk.ts';
import type { Body } from '../town/samples.ts';
import type { Town } from '../town/town.ts';
import { Followed, type Told } from './told.ts';
import type { Voice } from './voice.ts';

export interface Telling {
  readonly town: Town;
  readonly voice: Voice;
  readonly told: Told[];
}

export const ms = (value: number): string => `${Math.round(value)} ms`;

export const draft = (
  berichttype: string,
  grondslag: string,
  inhoud: Body,
  more: Partial<Draft> = {},
) => ({
  ...{ berichttype, grondslag, inhoud },
  ...more,
});

/** Hands in, waits for delivery, and says so. */
export async function deliver(
  { voice }: Telling,
  from: Desk,
  to: Desk,
  message: Draft,
): Promise<Followed> {
  const sent = await Followed.send(from, message);
  const [accepted, delivered] = await Promise.all([
    sent.until(to, 'aanvaard'),
    sent.until(to, 'afgeleverd'),
  ]);
  voice.good(
    `${message.berichttype}: ${from.kort} → ${to.kort}, aanvaard ${ms(accepted)}, afgeleverd ${ms(delivered)}`,
  );
  return sent;
}
