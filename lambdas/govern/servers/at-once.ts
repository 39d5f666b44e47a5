/** Runs `act` on all that is left, at most `most` at one time, and begins none once `mayBegin` says no. */
export async function atOnce<T>(
  left: IterableIterator<T>,
  most: number,
  act: (item: T) => Promise<void>,
  mayBegin: () => boolean,
): Promise<void> {
  const onwards = async () => {
    for (const item of left) {
      if (!mayBegin()) return;
      await act(item);
    }
  };
  await Promise.all(Array.from({ length: most }, onwards));
}
