/** Measures the floor of one case in a process of its own and prints it: `floor-child.js <case> <rounds> <slice>`. */
import { CASES } from './cases.ts';
import { measureFloor } from './floor.ts';

const [name, rounds, slice] = process.argv.slice(2);
const found = CASES.find((one) => one.name === name);
if (found === undefined) throw new Error(`there is no case ${name}`);
const floor = await measureFloor(found, { rounds: Number(rounds), slice: Number(slice) });
process.stdout.write(JSON.stringify(floor));
