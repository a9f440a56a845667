/** What UDP streams need of the system. */
import { networkInterfaces } from 'node:os';

import { describeWhere, onWindows } from '../../helpers/where';

export const describeWithUdp = describeWhere(!onWindows, 'Windows has no UDP streams');

const interfaces = Object.entries(networkInterfaces()).map(([name, addresses = []]) => ({ name, addresses }));
export const hasIpv6 = interfaces.some(({ addresses }) => addresses.some(({ address }) => address === '::1'));
export const loopback = interfaces.find(({ addresses }) => addresses.some(({ internal }) => internal))?.name;
/** The name of an interface that carries what is sent to groups of IPv6: the loopback one does not. */
export const ipv6Link = interfaces.find(({ addresses }) =>
  addresses.some(({ internal, address }) => !internal && address.startsWith('fe80:')),
)?.name;
