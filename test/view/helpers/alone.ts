/** A view shows all streams of its thread: those that other tests have left open are closed first. */
import { liveStreams } from 'slipring';

import { until } from '../../helpers/waiting';

export async function closeOtherStreams(): Promise<void> {
  for (const stream of liveStreams()) stream.destroy();
  await until(() => liveStreams().length === 0);
}
