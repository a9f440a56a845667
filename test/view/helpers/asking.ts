/** Requests to a view, as any program can make them. */
import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The response, of which nothing has been read. */
export async function opened(url: string | URL, options: RequestOptions = {}): Promise<IncomingMessage> {
  const asked = request(url, { agent: false, ...options }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  return response;
}

export async function ask(url: string | URL, options: RequestOptions = {}): Promise<Answer> {
  const response = await opened(url, options);
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

/** Another address of the same view, with the token. */
export function beside(url: string, path: string): URL {
  const { search } = new URL(url);
  return new URL(path + search, url);
}
