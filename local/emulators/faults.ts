/** Failures that tests order in advance; each promise resolves when the order is in force. */
export interface Faults {
  /** The next `times` requests of `operation` (`PutItem`, …) do nothing and answer the AWS error named `error`. */
  failNext(operation: string, error: string, times?: number): Promise<void>;
  /** Forgets every order that is still open. */
  clear(): Promise<void>;
}

/** Open orders by operation, and the side that takes them: `take` names the error to answer, once per order. */
export function openFaults(): Faults & { take(operation: string): string | undefined } {
  const orders = new Map<string, { readonly error: string; left: number }[]>();
  return {
    async failNext(operation, error, times = 1) {
      orders.set(operation, [...(orders.get(operation) ?? []), { error, left: times }]);
    },
    async clear() {
      orders.clear();
    },
    take(operation) {
      const order = orders.get(operation)?.find(({ left }) => left > 0);
      if (order !== undefined) order.left -= 1;
      return order?.error;
    },
  };
}
