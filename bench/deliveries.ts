/**
 * Watches from outside what an adapter's store says of receipts: when the sender knew that a copy
 * was delivered. Reads the store's own times, so that the watching adds nothing to what is measured.
 */
import Libsql from 'libsql';
import { openWaits } from './waits.ts';

export interface Deliveries {
  /** Resolves with the time (ms since 1970) at which the last copy of the message was known as delivered. */
  known(jti: string, copies: number): Promise<number>;
  stop(): void;
}

interface ReceiptRow {
  readonly place: number;
  readonly message: string;
  readonly received: number;
}

const LOOK_MS = 10;
const SQL = `SELECT rowid AS place, message, received FROM receipts
  WHERE rowid > :after AND state = 'afgeleverd' ORDER BY rowid`;

/** @param store the path of the sender's store */
export function watchDeliveries(store: string): Deliveries {
  const database = new Libsql(store, { readonly: true });
  const statement = database.prepare(SQL);
  const times = new Map<string, number[]>();
  const waits = openWaits<string>();
  let after = 0;
  const look = () => {
    for (const { place, message, received } of statement.all({ after }) as ReceiptRow[]) {
      after = place;
      times.set(message, [...(times.get(message) ?? []), received]);
      waits.wake(message);
    }
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    async known(jti, copies) {
      while ((times.get(jti)?.length ?? 0) < copies) await waits.sleep(jti);
      const all = times.get(jti) ?? [];
      times.delete(jti);
      return Math.max(...all);
    },
    stop() {
      clearInterval(timer);
      database.close();
    },
  };
}
