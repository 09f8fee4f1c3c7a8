/** Every fault, in the order in which they are told. */
import { KILLS } from './stories/kills.ts';
import type { Story } from './story.ts';

export const STORIES: readonly Story[] = [...KILLS];
