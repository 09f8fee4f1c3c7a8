export const names = {
  type: 'object',
  additionalProperties: { type: 'string' },
  description: 'By OIN the names of those agencies that are known here',
} as const;
