/** A desk at an agency: what its people and systems do through their adapter, and wait for. */
import type { Draft } from '../../adapters/send/draft.ts';
import type { Moment, Track } from '../../adapters/track.ts';
import type { OpenedMessage, Summary } from '../../adapters/view.ts';
import type { Oin, Uuid7 } from '../../schemas/ids.ts';
import { isState, type State } from '../../schemas/states.ts';
import type { AdapterClient } from './adapter-client.ts';
import type { TownAgency } from './agencies.ts';
import { until } from './wait.ts';

export interface Posted {
  readonly bericht: Uuid7;
  readonly conversatie: Uuid7;
}

export interface Desk {
  readonly oin: Oin;
  readonly naam: string;
  readonly kort: string;
  readonly rest: AdapterClient;
  send(draft: Draft): Promise<Posted>;
  track(bericht: Uuid7): Promise<Track>;
  /** Waits until it was stated that the copy of that recipient came to this state. */
  untilState(bericht: Uuid7, recipient: Oin, state: State, seconds?: number): Promise<Track>;
  /** Waits until the message lies in the inbox. */
  untilReceived(afzender: Oin, bericht: Uuid7): Promise<Summary>;
  inbox(): Promise<readonly Summary[]>;
  open(afzender: Oin, bericht: Uuid7): Promise<OpenedMessage>;
  /** A person takes the message over: the sender hears `verwerkt`. */
  confirm(afzender: Oin, bericht: Uuid7, medewerker: string): Promise<unknown>;
  reject(afzender: Oin, bericht: Uuid7, reason: object): Promise<unknown>;
}

/** What was stated about one copy: of it alone, or, as `aanvaard` is, of the message as a whole. */
export const statedOf = ({ tijdlijn }: Track, recipient: Oin): readonly Moment[] =>
  tijdlijn.filter(({ staat, ontvanger = recipient }) => isState(staat) && ontvanger === recipient);

export function openDesk({ oin, naam, kort }: TownAgency, rest: AdapterClient): Desk {
  const one = (afzender: Oin, bericht: Uuid7) => `/v1/postvak/${afzender}/${bericht}`;
  const inbox = async () =>
    (await rest.get<{ berichten: Summary[] }>('/v1/postvak?aantal=200')).berichten;
  return {
    ...{ oin, naam, kort, rest, inbox },
    send: (draft) => rest.post('/v1/berichten', draft),
    track: (bericht) => rest.get(`/v1/berichten/${bericht}`),
    untilState: (bericht, recipient, state, seconds) =>
      until(
        `${state} of ${bericht} by ${recipient}`,
        async () => {
          const track = await rest.get<Track>(`/v1/berichten/${bericht}`);
          if (track.staat === 'geweigerd') throw new Error(`the router refused ${bericht}`);
          return statedOf(track, recipient).some(({ staat }) => staat === state) && track;
        },
        seconds,
      ),
    untilReceived: (afzender, bericht) =>
      until(`${bericht} in the inbox of ${naam}`, async () =>
        (await inbox()).find((row) => row.bericht === bericht && row.afzender.oin === afzender),
      ),
    open: (afzender, bericht) => rest.get(one(afzender, bericht)),
    confirm: (afzender, bericht, medewerker) =>
      rest.post(`${one(afzender, bericht)}/_bevestig`, { medewerker }),
    reject: (afzender, bericht, reason) => rest.post(`${one(afzender, bericht)}/_wijsaf`, reason),
  };
}
