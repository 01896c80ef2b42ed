/** What became of the events that a phase sent. */
export interface Delivered {
  events: 'all' | 'some' | 'none' | 'dry run';
  /** A pipeline is among those that were accepted. */
  pipeline: boolean;
}

/** Whether nothing is left to be sent. */
export function isWhole({ events }: Delivered): boolean {
  return events === 'all' || events === 'dry run';
}
