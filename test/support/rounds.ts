/** How many rounds a long test takes: a seeded sample in `npm test`, all of them in `npm run proof`. */
export const rounds = ({ sample, whole }: { readonly sample: number; readonly whole: number }): number =>
  process.env['PROOF'] ? whole : sample;
