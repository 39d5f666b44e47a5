/** Marks every request of ours to the outside, so that one which comes back to a gateway is refused: a loop. */
export const hopHeader = 'x-xct-hop';
