/** What became of a delivery; `left` when it cannot be judged now and will be given again. */
export type Reception = 'delivered' | 'repeated' | 'refused' | 'left';
