/** The folders of an exchange by folder. */
import { join } from 'node:path';

export interface Places {
  readonly out: string;
  /** Files that were taken up and are not yet in the store. */
  readonly work: string;
  readonly sent: string;
  readonly faulty: string;
  readonly in: string;
  readonly alarm: string;
  readonly terms: string;
  readonly consultations: string;
  /** Lies in `in/`: while it is gone, so may be the disk, and a missing file says nothing. */
  readonly marker: string;
}

export function placesOf(path: string): Places {
  const at = (name: string) => join(path, name);
  return {
    out: at('uit'),
    work: at('.werk'),
    sent: at('verzonden'),
    faulty: at('fout'),
    in: at('in'),
    alarm: at('alarm'),
    terms: at('termijn'),
    consultations: at('raadpleging'),
    marker: join(path, 'in', '.ketenpost'),
  };
}
