/**
 * One at a time for each message within this process, so that the same message offered twice at
 * once is worked on once. Between processes the id record decides; this only saves the work.
 */
export interface Turns {
  /** Waits until nobody has the turn for this key. @returns how to give it up; giving up twice is harmless */
  take(key: string): Promise<() => void>;
}

export function openTurns(): Turns {
  const last = new Map<string, Promise<void>>();
  return {
    async take(key) {
      const before = last.get(key);
      let giveUp = (): void => undefined;
      const mine = new Promise<void>((done) => {
        giveUp = done;
      });
      last.set(key, mine);
      await before;
      return () => {
        if (last.get(key) === mine) last.delete(key);
        giveUp();
      };
    },
  };
}
