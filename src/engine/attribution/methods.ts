export const METHODS = ['gradient', 'integrated'] as const;
export type Method = (typeof METHODS)[number];
