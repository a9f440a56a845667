/** `--view`: the page that shows in a browser how it goes. */
import type { View } from '../../view';
import type { Arguments } from '../arguments';
import { Failure, reasonOf } from '../failure';
import { tellSentence } from '../output';

/** 9000, :9000, 127.0.0.1:9000, localhost:9000, [::1]:9000; undefined for what makes no sense. */
function placeOf(text: string): { host?: string; port?: number } | undefined {
  if (text === '') return {};
  const [, address, name, port] = /^(?:(?:\[([\da-f:.]+)\]|([\w.-]+))?:)?(\d+)$/i.exec(text) ?? [];
  if (port === undefined || Number(port) > 65_535) return undefined;
  const host = address ?? name;
  return { port: Number(port), ...(host !== undefined && { host }) };
}

/** The token is no argument: those the whole system sees. */
function tokenOf(args: Arguments): { token?: string } {
  const token = process.env.SLIPRING_VIEW_TOKEN;
  if (token === undefined) return {};
  if (/^[\w-]{16,256}$/.test(token)) return { token };
  throw args.wrong('SLIPRING_VIEW_TOKEN is 16 letters, digits, "-" and "_" or more.');
}

/** Undefined when nobody asks for one. To be called before anything is opened. */
export async function openView(args: Arguments): Promise<View | undefined> {
  const text = args.text('view');
  if (text === undefined) return undefined;
  const place = placeOf(text);
  if (!place) throw args.wrong(`--view takes HOST:PORT, such as 127.0.0.1:9000, and not "${text}".`);
  const options = { ...place, ...tokenOf(args) };
  const { serveView } = require('../../view') as typeof import('../../view');
  let view: View;
  try {
    view = await serveView(options);
  } catch (error) {
    throw new Failure(`cannot open the view at ${text}: ${reasonOf(error)}.`);
  }
  tellSentence(`the view is at ${view.url}`);
  return view;
}
