/** Carries bytes: what the commands that do may use of this folder. */
export { cat, copy } from './copy';
export type { Loan, Way } from './carry';
export { sourceOptionsOf } from './choices';
export { shownOf } from './observer';
export { lossesOf, plural } from './losses';
export type { Outlet } from './outlet';
export { Session } from './session';
export { openView } from './view';
