/** Promises by key, each kept until somebody calls its key. */
export interface Waits<K> {
  sleep(key: K): Promise<void>;
  wake(key: K): void;
}

export function openWaits<K>(): Waits<K> {
  const sleeping = new Map<K, () => void>();
  return {
    sleep: (key) => new Promise((done) => sleeping.set(key, done)),
    wake(key) {
      sleeping.get(key)?.();
      sleeping.delete(key);
    },
  };
}
