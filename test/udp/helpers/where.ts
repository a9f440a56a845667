/** What UDP streams need of the system. */
import { networkInterfaces } from 'node:os';

import { describeWhere, onWindows } from '../../helpers/where';

export const describeWithUdp = describeWhere(!onWindows, 'Windows has no UDP streams');

const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
export const hasIpv6 = addresses.some(({ address }) => address === '::1');
