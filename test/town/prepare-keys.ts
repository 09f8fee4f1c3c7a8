/** Makes the keys that tests share, once, before they start (run.ts). */
import { prepareKeys } from './keys.ts';

await prepareKeys('rsa');
await prepareKeys('ec');
